import { type AccessTokenClaims, type VerifiedToken, verifyAccessToken } from '@bastionary/oauth/rules/access-token';
import { isAlive } from '@bastionary/oauth/rules/token-verdict';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '../../platform/providers.js';
import { ClientDirectory } from './client-directory.js';
import { KeyRing } from './key-ring.js';
import { RevocationList } from './revocation-list.js';

/**
 * Says whether a token is alive. A signature once found good stays good, so it is checked once per token and process;
 * expiry, revocation and the client's status are looked at every time.
 */
@Injectable()
export class TokenJudge {
  // Keyed by the whole token: a part of it could be shared by two (N22).
  private readonly verified = new LRUCache<string, VerifiedToken & { ok: true }>({ max: 20_000 });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: KeyRing,
    private readonly clients: ClientDirectory,
    private readonly revocations: RevocationList,
  ) {}

  /** Form and signature only. */
  verify(token: string): VerifiedToken {
    const { publicKeys } = this.keys.current;
    const known = this.verified.get(token);
    if (known !== undefined && publicKeys.has(known.kid)) return known;
    const verified = verifyAccessToken(token, (kid) => publicKeys.get(kid), this.config.ISSUER_URL);
    if (verified.ok) this.verified.set(token, verified);
    return verified;
  }

  /**
   * The claims of a live token, or null.
   * @throws AppError unavailable while revocations cannot be known
   */
  async liveClaims(token: string): Promise<AccessTokenClaims | null> {
    const verified = this.verify(token);
    if (!verified.ok) return null;
    const revoked = this.revocations.has(verified.claims.jti);
    const client = (await this.clients.find(verified.claims.client_id)) ?? null;
    return isAlive({ verified, client, revoked, now: Date.now() }) ? verified.claims : null;
  }
}
