import { AppError } from '@bastionary/platform/app-error';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { CONFIG, type Config, type Database, WHOLE_DATABASE } from '../../platform/providers.js';
import { type KnownClient, toKnownClient } from './known-client.js';

const UNKNOWN = Symbol('unknown client');
const UNKNOWN_FOR_MS = 5_000;
const LOAD_WITHIN_MS = 2_000;

/** Clients in memory: loaded on demand, forgotten when they change, and in any case after a bounded age. */
@Injectable()
export class ClientDirectory implements Follower {
  private readonly clients: LRUCache<string, KnownClient | typeof UNKNOWN>;
  private readonly loading = new Map<string, Promise<KnownClient | undefined>>();

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    feed: ChangeFeed,
  ) {
    this.clients = new LRUCache({
      max: config.CLIENT_CACHE_SIZE,
      ttl: config.CLIENT_CACHE_MAX_AGE_SECONDS * 1_000,
      ttlResolution: 100,
    });
    feed.follow(this);
  }

  /** The client of that id, or undefined if there is none or it was deleted. No promise if it is in memory. */
  find(clientId: string): KnownClient | undefined | Promise<KnownClient | undefined> {
    const known = this.clients.get(clientId);
    if (known !== undefined) return known === UNKNOWN ? undefined : known;
    let loading = this.loading.get(clientId);
    if (loading === undefined) {
      loading = within(LOAD_WITHIN_MS, this.load(clientId)).finally(() => {
        if (this.loading.get(clientId) === loading) this.loading.delete(clientId);
      });
      this.loading.set(clientId, loading);
    }
    return loading;
  }

  apply(change: Change): void {
    if (change.kind !== 'client') return;
    this.clients.delete(change.clientId);
    // What is being loaded may be from before the change: it may be used, but not kept.
    this.loading.delete(change.clientId);
  }

  async reload(): Promise<void> {
    this.clients.clear();
    this.loading.clear();
  }

  private async load(clientId: string): Promise<KnownClient | undefined> {
    // Past the request that asked first, so that `loading` names this very load.
    await Promise.resolve();
    const mine = this.loading.get(clientId);
    const row = await this.db.client.findUnique({
      where: { clientId },
      include: { credentials: { orderBy: { createdAt: 'asc' } } },
    });
    const client = row === null || row.status === 'deleted' ? undefined : toKnownClient(row);
    if (this.loading.get(clientId) === mine) this.remember(clientId, client);
    return client;
  }

  private remember(clientId: string, client: KnownClient | undefined): void {
    if (client !== undefined) this.clients.set(clientId, client);
    else this.clients.set(clientId, UNKNOWN, { ttl: UNKNOWN_FOR_MS });
  }
}

// A database that hangs must not make the token endpoint hang with it.
async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AppError('unavailable', 'The database takes too long; try again.', { retryAfterSeconds: 2 })),
    milliseconds,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
