import { randomFillSync } from 'node:crypto';
import type { TokenResponse } from '@bastionary/contracts/tokens';
import { type AccessTokenClaims, accessTokenClaims, signAccessToken } from '@bastionary/oauth/rules/access-token';
import { formatOwn, tokenDigest } from '@bastionary/oauth/rules/own-form';
import { tokenId } from '@bastionary/oauth/rules/token-id';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import type { Authenticated } from './exchange.js';
import { failedAuthentication } from './failed-authentication.js';
import { IssuanceCounter } from './issuance-counter.js';
import { KeyRing } from './key-ring.js';
import type { TokenPlan } from './known-client.js';
import { OpaqueTokens } from './opaque-tokens.js';

/** What a grant has found to be right. */
export interface Redeemed {
  readonly plan: TokenPlan;
  /** Of tokens that come with or from a refresh token. */
  readonly refresh?: { readonly token: string; readonly familyId: string; readonly expiresAt: Date };
}

const ID_BYTES = 16;

/** Makes access tokens: claims, then a signature. A JWT touches no database; an opaque token is written before it leaves. */
@Injectable()
export class TokenIssuer {
  // Random bytes are drawn for many ids at once: asking the kernel is what costs.
  private readonly pool = Buffer.alloc(ID_BYTES * 256);
  private used = this.pool.length;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: KeyRing,
    private readonly counter: IssuanceCounter,
    private readonly opaqueTokens: OpaqueTokens,
  ) {}

  /** @param jkt thumbprint of the key the token is bound to, if it is */
  async issue(
    { client, customer, credentialId }: Authenticated,
    { plan, refresh }: Redeemed,
    jkt: string | undefined,
  ): Promise<TokenResponse> {
    const now = Date.now();
    const claims = accessTokenClaims({
      issuer: this.config.ISSUER_URL,
      clientId: client.clientId,
      scope: plan.scope,
      audience: plan.audience,
      ttlSeconds: plan.ttlSeconds,
      notAfter: earliest(client.expiry, refresh?.expiresAt),
      credentialId,
      familyId: refresh?.familyId,
      jkt,
      entitlements: customer?.claim,
      jti: this.nextId(now),
      now,
    });
    if (claims.exp <= claims.iat) {
      throw failedAuthentication(client.clientId, 'client_expired', 'the client expires this second');
    }
    const kid = plan.format === 'jwt' ? this.keys.current.active.kid : '';
    const accessToken =
      plan.format === 'jwt'
        ? await signAccessToken(this.keys.current.active, claims)
        : await this.storeOpaque(claims, plan);
    this.counter.add({ clientId: client.clientId, credentialId, kid, plan, now, expiresAt: claims.exp * 1_000 });
    return {
      access_token: accessToken,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: claims.exp - claims.iat,
      scope: plan.scope,
      ...(refresh !== undefined && { refresh_token: refresh.token }),
    };
  }

  private async storeOpaque(claims: AccessTokenClaims, plan: TokenPlan): Promise<string> {
    const token = formatOwn('access', randomFillSync(Buffer.alloc(32)));
    await this.opaqueTokens.store({
      digest: tokenDigest(token),
      jti: claims.jti,
      clientId: claims.client_id,
      credentialId: claims.cred ?? '',
      familyId: claims.fam ?? null,
      scope: claims.scope,
      audience: plan.audiences,
      issuedAt: new Date(claims.iat * 1_000),
      expiresAt: new Date(claims.exp * 1_000),
      jkt: claims.cnf?.jkt ?? null,
    });
    return token;
  }

  private nextId(now: number): string {
    if (this.used === this.pool.length) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += ID_BYTES;
    return tokenId(this.pool, this.used - ID_BYTES, now);
  }
}

function earliest(one: Date | null, other: Date | undefined): Date | null {
  if (one === null || other === undefined) return one ?? other ?? null;
  return one < other ? one : other;
}
