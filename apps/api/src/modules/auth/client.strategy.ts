import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { RequestStrategy } from '../../platform/request-strategy.js';
import { AuthenticateClient } from './authenticate-client.js';
import type { Authenticated } from './exchange.js';
import { formOf } from './form-of.js';

/** A client by its own credential: HTTP Basic, the form body, or an assertion it has signed. */
@Injectable()
export class ClientStrategy extends PassportStrategy(RequestStrategy, 'client') {
  constructor(private readonly doorman: AuthenticateClient) {
    super();
  }

  validate(request: FastifyRequest): Promise<Authenticated> {
    return this.doorman.authenticate(request.headers.authorization, formOf(request), request.ip);
  }
}
