import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { RequestStrategy } from '../../platform/request-strategy.js';
import { AuthenticateClient } from './authenticate-client.js';
import type { KnownClient } from './client-directory.js';
import { formOf } from './form-of.js';

/** A client by its own credential: HTTP Basic or the form body. */
@Injectable()
export class ClientStrategy extends PassportStrategy(RequestStrategy, 'client') {
  constructor(private readonly doorman: AuthenticateClient) {
    super();
  }

  validate(request: FastifyRequest): Promise<KnownClient> {
    return this.doorman.authenticate(request.headers.authorization, formOf(request), request.ip);
  }
}

/** The client that the guard has let in. */
export const clientOf = (request: FastifyRequest): KnownClient => request.user as KnownClient;
