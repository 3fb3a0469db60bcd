import type { Json, Platform } from '@bastionary/flags/rules/model';
import { MANAGEMENT_RESOURCE } from '@bastionary/oauth/actions/resources';
import { AppError } from '@bastionary/platform/app-error';
import type { Change } from '@bastionary/platform/changes';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../../platform/change-feed.js';
import { ClientDirectory } from '../../auth/client-directory.js';
import { TokenJudge } from '../../auth/token-judge.js';
import { KnownPlatforms } from './known-platforms.js';
import { PublicKeys } from './public-keys.js';

/** Who asks for flags, and what the server says of them. */
export interface FlagCaller {
  /** `client:<client_id>` or `key:<id>` */
  readonly name: string;
  /** What uses are counted under. */
  readonly client: string;
  readonly environment: string;
  readonly customerId: string | null;
  readonly platform: Platform;
  /** Changes with `platform`. */
  readonly platformText: string;
  /** Whether it gets values of public flags only. */
  readonly isPublic: boolean;
  /** Sites whose pages may ask with it; null: those of the caller's own choice, as it has a token. */
  readonly origins: readonly string[] | null;
}

interface Remembered {
  readonly caller: FlagCaller;
  readonly jti: string;
  /** Milliseconds. */
  readonly expiresAt: number;
  readonly validUntil: number;
  readonly generation: number;
}

/** Why a caller is not let in; both are answered without a body. */
export type Stranger = 'unauthenticated' | 'forbidden';

const KEPT_MAX = 50_000;
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const SCOPE = 'flags:evaluate';

/**
 * Recognises callers by their token or public key. Whoever was recognised once is known until the token ends or something
 * about it changes; while the database is away nobody can tell, and it stays known: flags are no locks, and an application
 * that loses them in an outage would fail with us.
 */
@Injectable()
export class FlagCallers implements Follower {
  private readonly tokens = new LRUCache<string, Remembered>({ max: KEPT_MAX });
  private readonly keys = new WeakMap<object, FlagCaller>();
  private generation = 0;

  constructor(
    private readonly feed: ChangeFeed,
    private readonly judge: TokenJudge,
    private readonly clients: ClientDirectory,
    private readonly platforms: KnownPlatforms,
    private readonly publicKeys: PublicKeys,
  ) {
    feed.follow(this);
  }

  /**
   * @param credentials the values of Authorization and X-API-Key
   * @returns no promise if it is known
   * @throws AppError unavailable while it cannot be told who it is: never an answer that makes clients give up
   */
  recognise(
    authorization: string | undefined,
    apiKey: string | undefined,
  ): FlagCaller | Stranger | Promise<FlagCaller | Stranger> {
    const token = apiKey ?? BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'unauthenticated';
    if (token.startsWith('pk_')) return this.byKey(token);
    const known = this.tokens.get(token);
    const now = Date.now();
    if (known !== undefined && now < known.expiresAt) {
      if (!this.feed.isCurrent) return known.caller;
      if (known.generation === this.generation && now < known.validUntil) return known.caller;
    }
    return this.byToken(token, known, now);
  }

  /** Whether whoever got a ticket may still listen. @throws AppError unavailable */
  async mayListen(caller: string): Promise<boolean> {
    if (caller.startsWith('key:')) return this.publicKeys.works(caller.slice('key:'.length));
    const client = await this.clients.find(caller.slice('client:'.length));
    return client?.status === 'active' && client.scopes.has(SCOPE);
  }

  /** The customer of a caller, as it stands now. */
  async customerOf(caller: string): Promise<string | null> {
    if (caller.startsWith('key:')) return null;
    return (await this.clients.find(caller.slice('client:'.length)))?.customerId ?? null;
  }

  /** What was announced of public keys until now is known after this. */
  settled(): Promise<void> {
    return this.publicKeys.settled();
  }

  apply(change: Change): void {
    const { kind } = change;
    if (kind === 'revoked') this.forget(({ jti }) => jti === change.jti);
    else if (kind === 'client') this.forget(({ caller }) => caller.client === change.clientId);
    else if (kind === 'customer') this.forget(({ caller }) => caller.customerId === change.customerId);
    else if (kind === 'not_before' || kind === 'keys' || kind === 'resources') this.generation++;
  }

  async reload(): Promise<void> {
    this.generation++;
  }

  private forget(concerns: (one: Remembered) => boolean): void {
    for (const [token, one] of this.tokens.entries()) if (concerns(one)) this.tokens.delete(token);
  }

  private byKey(key: string): FlagCaller | Stranger | Promise<FlagCaller | Stranger> {
    const row = this.publicKeys.find(key);
    if (row === undefined) {
      // It may have been made a moment ago.
      return this.publicKeys
        .settled()
        .then(() => (this.publicKeys.find(key) === undefined ? 'unauthenticated' : this.byKey(key)));
    }
    let caller = this.keys.get(row);
    if (caller === undefined) {
      const { id, environment, origins } = row;
      const name = `key:${id}`;
      caller = {
        name,
        client: id,
        environment,
        customerId: null,
        platform: {},
        platformText: '{}',
        isPublic: true,
        origins,
      };
      this.keys.set(row, caller);
    }
    return caller;
  }

  private async byToken(token: string, known: Remembered | undefined, now: number): Promise<FlagCaller | Stranger> {
    const { generation } = this;
    try {
      const live = await this.judge.live(token);
      // A token bound to a key is of no use here: what evaluates flags cannot send proofs.
      if (live === null || live.claims.cnf !== undefined) return 'unauthenticated';
      const { claims, customerId } = live;
      if (![claims.aud].flat().includes(MANAGEMENT_RESOURCE)) return 'unauthenticated';
      if (!claims.scope.split(' ').includes(SCOPE)) return 'forbidden';
      const client = await this.clients.find(claims.client_id);
      const { platform: ofCustomer, validUntil } = await this.platforms.of(customerId);
      const platform: Platform = { ...ofCustomer, client: claims.client_id };
      const caller: FlagCaller = {
        name: `client:${claims.client_id}`,
        client: claims.client_id,
        environment: client?.environment ?? 'production',
        customerId,
        platform,
        platformText: JSON.stringify(platform as Json),
        isPublic: false,
        origins: null,
      };
      const expiresAt = claims.exp * 1_000;
      this.tokens.set(token, { caller, jti: claims.jti, expiresAt, validUntil, generation });
      return caller;
    } catch (error) {
      const isKnown = known !== undefined && now < known.expiresAt;
      if (isKnown && error instanceof AppError && error.code === 'unavailable') return known.caller;
      throw error;
    }
  }
}
