import { randomFillSync } from 'node:crypto';
import type { TokenResponse } from '@bastionary/contracts/tokens';
import { accessTokenClaims, signAccessToken } from '@bastionary/oauth/rules/access-token';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { Grant } from '@bastionary/oauth/rules/scope';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import type { KnownClient } from './client-directory.js';
import { IssuanceCounter } from './issuance-counter.js';
import { KeyRing } from './key-ring.js';

const ID_BYTES = 16;

/** Makes access tokens: claims, then a signature. Nothing here touches the database. */
@Injectable()
export class TokenIssuer {
  // Random bytes are drawn for many ids at once: asking the kernel is what costs.
  private readonly pool = Buffer.alloc(ID_BYTES * 256);
  private used = this.pool.length;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: KeyRing,
    private readonly counter: IssuanceCounter,
  ) {}

  async issue(client: KnownClient, { scope, audience }: Grant): Promise<TokenResponse> {
    const now = Date.now();
    const claims = accessTokenClaims({
      issuer: this.config.ISSUER_URL,
      clientId: client.clientId,
      scope,
      audience,
      ttlSeconds: this.config.ACCESS_TOKEN_TTL_SECONDS,
      clientExpiry: client.expiry,
      jti: this.nextId(),
      now,
    });
    if (claims.exp <= claims.iat) {
      throw new OAuthFault('invalid_client', 'Client authentication failed', {
        reason: 'the client expires this second',
      });
    }
    const accessToken = await signAccessToken(this.keys.current.active, claims);
    this.counter.add(client.clientId, now);
    return { access_token: accessToken, token_type: 'Bearer', expires_in: claims.exp - claims.iat, scope };
  }

  private nextId(): string {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += ID_BYTES;
    return this.pool.toString('base64url', this.used - ID_BYTES, this.used);
  }
}
