import { type AccessTokenClaims, type VerifiedToken, verifyAccessToken } from '@bastionary/oauth/rules/access-token';
import { ownKindOf } from '@bastionary/oauth/rules/own-form';
import { issuedAtOf } from '@bastionary/oauth/rules/token-id';
import { isAlive, type TokenState } from '@bastionary/oauth/rules/token-verdict';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '../../platform/providers.js';
import { ClientDirectory } from './client-directory.js';
import { CustomerDirectory, type KnownCustomer } from './customer-directory.js';
import { KeyRing } from './key-ring.js';
import type { KnownClient } from './known-client.js';
import { NotBeforeList } from './not-before-list.js';
import { OpaqueTokens } from './opaque-tokens.js';
import { RevocationList } from './revocation-list.js';

/** A token and all that decides about it at this moment. */
export interface JudgedToken extends TokenState {
  readonly client: KnownClient | null;
  readonly customer: KnownCustomer | null;
}

export interface LiveToken {
  readonly claims: AccessTokenClaims;
  /** Null: its client is the installation's own. */
  readonly customerId: string | null;
  readonly customer: KnownCustomer | null;
}

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
    private readonly notBefore: NotBeforeList,
    private readonly opaqueTokens: OpaqueTokens,
    private readonly customers: CustomerDirectory,
  ) {}

  /** Form and signature of a JWT, or the record of an opaque token. Whether it is alive is another question. */
  verify(token: string): VerifiedToken | Promise<VerifiedToken> {
    if (ownKindOf(token) === 'access') return this.lookUp(token);
    const { publicKeys } = this.keys.current;
    const known = this.verified.get(token);
    if (known !== undefined && publicKeys.has(known.kid ?? '')) return known;
    const verified = verifyAccessToken(token, (kid) => publicKeys.get(kid), this.config.ISSUER_URL);
    if (verified.ok) this.verified.set(token, verified);
    return verified;
  }

  /**
   * A live token and what its customer may do now, or null.
   * @throws AppError unavailable while revocations cannot be known
   */
  async live(token: string): Promise<LiveToken | null> {
    const verified = await this.verify(token);
    if (!verified.ok) return null;
    const state = await this.stateOf(verified);
    const { client, customer } = state;
    if (!isAlive(state) || client === null) return null;
    return { claims: verified.claims, customerId: client.customerId, customer };
  }

  /** Everything that decides about a token, for whoever explains it. */
  async stateOf(verified: VerifiedToken): Promise<JudgedToken> {
    const now = Date.now();
    if (!verified.ok) {
      return { verified, client: null, customer: null, customerStatus: null, revoked: false, cutOffBy: null, now };
    }
    const { claims, kid } = verified;
    const revoked = this.revocations.has(claims.jti);
    const cutOffBy = this.notBefore.cutOffBy({
      issuedAt: issuedAtOf(claims),
      clientId: claims.client_id,
      credentialId: claims.cred,
      audience: claims.aud,
      kid,
      familyId: claims.fam,
    });
    const client = (await this.clients.find(claims.client_id)) ?? null;
    const customer = client?.customerId ? await this.customers.find(client.customerId) : null;
    return { verified, client, customer, customerStatus: customer?.status ?? null, revoked, cutOffBy, now };
  }

  private async lookUp(token: string): Promise<VerifiedToken> {
    const found = await this.opaqueTokens.find(token);
    if (found === undefined) return { ok: false, fault: 'unknown_token' };
    const { jti, clientId, credentialId, familyId, scope, audience, issuedAt, expiresAt, jkt } = found;
    const [only] = audience;
    return {
      ok: true,
      kid: undefined,
      claims: {
        iss: this.config.ISSUER_URL,
        exp: expiresAt.getTime() / 1_000,
        aud: audience.length === 1 && only !== undefined ? only : audience,
        sub: clientId,
        client_id: clientId,
        iat: issuedAt.getTime() / 1_000,
        jti,
        scope,
        cred: credentialId,
        ...(familyId !== null && { fam: familyId }),
        ...(jkt !== null && { cnf: { jkt } }),
      },
    };
  }
}
