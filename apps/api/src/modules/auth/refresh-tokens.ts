import {
  findRefreshTokens,
  type KnownRefresh,
  type NewFamily,
  newRefresh,
  type Redemption,
  redeemRefreshTokens,
  revokeFamily,
  startFamilies,
} from '@bastionary/oauth/actions/refresh-tokens';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { ownKindOf, tokenDigest } from '@bastionary/oauth/rules/own-form';
import { judgeRefresh, successorOf } from '@bastionary/oauth/rules/refresh';
import { Inject, Injectable } from '@nestjs/common';
import { Gathered } from '../../platform/gathered.js';
import { CONFIG, type Config, POOL, type Pool } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import type { Exchange } from './exchange.js';
import { KeyRing } from './key-ring.js';
import type { TokenPlan } from './known-client.js';
import { NotBeforeList } from './not-before-list.js';

/** Refresh tokens: issued to clients that opted in, each good for one use (RFC 6749 §6, RFC 9700 §4.14.2). */
@Injectable()
export class RefreshTokens {
  private readonly finds: Gathered<Buffer, KnownRefresh | undefined>;
  private readonly starts: Gathered<NewFamily, undefined>;
  private readonly redemptions: Gathered<Redemption, boolean>;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(POOL) pool: Pool,
    private readonly keys: KeyRing,
    private readonly notBefore: NotBeforeList,
    private readonly writer: Writer,
  ) {
    this.finds = new Gathered(async (digests) => {
      const found = await findRefreshTokens(pool, digests);
      const byDigest = new Map(found.map((known) => [known.digest.toString('base64'), known]));
      return digests.map((digest) => byDigest.get(digest.toString('base64')));
    });
    this.starts = new Gathered(async (families) => {
      await startFamilies(pool, families);
      return families.map(() => undefined);
    });
    this.redemptions = new Gathered(async (redemptions) => {
      // Of several requests with one token in this batch the first redeems it, and all get its successor.
      const unique = new Map(redemptions.map((redemption) => [redemption.digest.toString('base64'), redemption]));
      const redeemed = await redeemRefreshTokens(pool, [...unique.values()]);
      return redemptions.map(({ digest }) => redeemed.has(digest.toString('base64')));
    });
  }

  /** Starts a family for what was granted. */
  async start({ client, credentialId }: Exchange, plan: TokenPlan) {
    const now = Date.now();
    const { token, familyId } = newRefresh(now);
    const ttl = client.refreshTokenTtl ?? this.config.REFRESH_TOKEN_TTL_SECONDS;
    const expiresAt = new Date(Math.min(now + ttl * 1_000, client.expiry?.getTime() ?? Number.POSITIVE_INFINITY));
    await this.starts.ask({
      id: familyId,
      clientId: client.clientId,
      credentialId,
      scope: plan.scope,
      resources: plan.audiences,
      createdAt: new Date(now),
      expiresAt,
      firstDigest: tokenDigest(token),
      pepperVersion: this.keys.peppers.newest,
    });
    return { token, familyId, expiresAt };
  }

  /** The token as stored, if there is one. */
  find(token: string): Promise<KnownRefresh | undefined> | undefined {
    return ownKindOf(token) === 'refresh' ? this.finds.ask(tokenDigest(token)) : undefined;
  }

  /**
   * Judges a refresh token without using it.
   * @throws OAuthFault invalid_grant; a token that was used before its grace ended takes its family down
   */
  async judge({ client, requestId, address }: Exchange, token: string): Promise<KnownRefresh> {
    const known = await this.find(token);
    const now = Date.now();
    const grace = { graceMs: this.config.REFRESH_GRACE_SECONDS * 1_000, retriesMax: this.config.REFRESH_RETRIES_MAX };
    const verdict = judgeRefresh(known, client.clientId, now, grace);
    if (verdict.kind === 'invalid') throw invalidGrant(client.clientId, verdict.code, verdict.reason);
    if (known === undefined) throw new Error('an unknown refresh token was judged usable');
    if (verdict.kind === 'reuse') {
      const origin = { actor: `client:${client.clientId}`, requestId, address };
      await this.writer.write((tx) => revokeFamily(tx, origin, known.familyId, 'reuse', new Date(now)));
      throw invalidGrant(client.clientId, 'refresh_reused', `${verdict.reason}; its family is revoked`);
    }
    const cutOff = this.notBefore.cutOffBy({
      issuedAt: known.familyCreatedAt,
      clientId: known.clientId,
      credentialId: known.credentialId,
      audience: known.resources,
      kid: undefined,
      familyId: known.familyId,
    });
    if (cutOff === null) return known;
    throw invalidGrant(client.clientId, 'refresh_revoked', `everything from before was revoked by ${cutOff}`);
  }

  /**
   * Uses a token that was judged usable.
   * @returns its successor: the same one, however often and wherever this is asked
   * @throws OAuthFault invalid_grant if its family was revoked meanwhile
   */
  async redeem(known: KnownRefresh, token: string): Promise<string> {
    const { peppers } = this.keys;
    const pepper = peppers.get(known.pepperVersion);
    if (pepper === undefined) throw new Error(`the pepper ${known.pepperVersion} is missing`);
    const successor = successorOf(pepper, token);
    const redeemed = await this.redemptions.ask({
      digest: known.digest,
      successor: tokenDigest(successor),
      pepperVersion: peppers.newest,
      at: new Date(),
    });
    if (redeemed) return successor;
    throw invalidGrant(known.clientId, 'refresh_revoked', 'the family was revoked this moment');
  }
}

const invalidGrant = (clientId: string, reasonCode: string, reason: string): OAuthFault =>
  new OAuthFault('invalid_grant', 'The refresh token is unknown, expired, revoked or was used before', {
    clientId,
    reasonCode,
    reason,
  });
