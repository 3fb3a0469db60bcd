import { MANAGEMENT_RESOURCE } from '@bastionary/oauth/actions/resources';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { InvalidToken } from '../../platform/bearer-error.js';
import type { Principal } from '../../platform/principal.js';
import { RequestStrategy } from '../../platform/request-strategy.js';
import { TokenJudge } from './token-judge.js';

const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** A client by an access token for the management API, in the Authorization header and nowhere else (RFC 6750 §2.1). */
@Injectable()
export class BearerStrategy extends PassportStrategy(RequestStrategy, 'bearer') {
  constructor(private readonly judge: TokenJudge) {
    super();
  }

  /** @throws InvalidToken for any Authorization header that is not a live token for us: nothing else is tried then */
  async validate(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    if (authorization === undefined) return null;
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new InvalidToken('The Authorization header is not Bearer with one access token.');
    const claims = await this.judge.liveClaims(token);
    if (claims === null)
      throw new InvalidToken('The access token is malformed, expired or revoked, or its client may not act.');
    if (![claims.aud].flat().includes(MANAGEMENT_RESOURCE))
      throw new InvalidToken('The access token is not meant for the management API.');
    return { kind: 'client', clientId: claims.client_id, permissions: new Set(claims.scope.split(' ')) };
  }
}
