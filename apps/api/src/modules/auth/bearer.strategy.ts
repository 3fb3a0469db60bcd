import { MANAGEMENT_RESOURCE } from '@bastionary/oauth/actions/resources';
import type { AccessTokenClaims } from '@bastionary/oauth/rules/access-token';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { InvalidProof, InvalidToken } from '../../platform/bearer-error.js';
import type { Principal } from '../../platform/principal.js';
import { RequestStrategy } from '../../platform/request-strategy.js';
import { Dpop } from './dpop.js';
import { proofOf } from './exchange.js';
import { TokenJudge } from './token-judge.js';

const PRESENTED = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * A client by an access token for the management API, in the Authorization header and nowhere else (RFC 6750 §2.1).
 * A token bound to a key is taken with a proof of that key only (RFC 9449 §7.1, §7.2).
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(RequestStrategy, 'bearer') {
  constructor(
    private readonly judge: TokenJudge,
    private readonly dpop: Dpop,
  ) {
    super();
  }

  /** @throws InvalidToken for any Authorization header that is not a live token for us: nothing else is tried then */
  async validate(request: FastifyRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    if (authorization === undefined) return null;
    const [, scheme = '', token = ''] = PRESENTED.exec(authorization) ?? [];
    if (token === '') throw new InvalidToken('The Authorization header is not Bearer with one access token.');
    const live = await this.judge.live(token);
    if (live === null)
      throw new InvalidToken('The access token is malformed, expired or revoked, or its client may not act.');
    const { claims } = live;
    if (![claims.aud].flat().includes(MANAGEMENT_RESOURCE))
      throw new InvalidToken('The access token is not meant for the management API.');
    const isBound = claims.cnf !== undefined;
    if (isBound !== (scheme.toLowerCase() === 'dpop')) {
      throw new InvalidToken(
        isBound
          ? 'The access token is bound to a key: send it as DPoP, with a proof.'
          : 'The access token is not bound.',
      );
    }
    if (isBound) await this.checkProof(request, claims, token);
    const permissions = new Set(claims.scope.split(' '));
    return { kind: 'client', clientId: claims.client_id, customerId: live.customerId, permissions };
  }

  private async checkProof(request: FastifyRequest, claims: AccessTokenClaims, accessToken: string): Promise<void> {
    const proof = proofOf(request);
    const path = request.url.split('?', 1)[0] ?? '';
    try {
      const jkt = await this.dpop.thumbprint(claims.client_id, { proof, method: request.method, path, accessToken });
      if (jkt === claims.cnf?.jkt) return;
    } catch (error) {
      if (!(error instanceof OAuthFault)) throw error;
      throw new InvalidProof(error.error as 'invalid_dpop_proof' | 'use_dpop_nonce', error.message, this.dpop.nonce);
    }
    throw new InvalidToken('The proof is made with another key than the one the access token is bound to.');
  }
}
