import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { Entitlements } from '@bastionary/contracts/entitlements';
import { type EntitlementsClaim, entitlementsClaim } from '@bastionary/oauth/rules/entitlements-claim';
import { AppError } from '@bastionary/platform/app-error';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { asInstallation } from '../../platform/request-customer.js';
import { CurrentEntitlements } from '../customers/current-entitlements.js';

const KEPT_MAX = 50_000;

/** A customer as its clients' tokens need it: what it may do, as the snapshot in the database says. */
export interface KnownCustomer {
  readonly status: CustomerStatus;
  readonly entitlements: Entitlements;
  /** The claim of its clients' tokens: the same object for all of an epoch. */
  readonly claim: EntitlementsClaim;
  /** When it changes by itself, in milliseconds; Infinity if it does not. */
  readonly validUntil: number;
}

/**
 * Customers' snapshots in memory: loaded on demand, forgotten at every new epoch. One that has outlived itself is settled
 * first, worker or not: no token carries what ended before it was asked for.
 */
@Injectable()
export class CustomerDirectory implements Follower {
  private readonly customers = new LRUCache<string, KnownCustomer>({ max: KEPT_MAX });
  private readonly loading = new Map<string, Promise<KnownCustomer>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly current: CurrentEntitlements,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /**
   * No promise if it is in memory.
   * @throws AppError unavailable while this process cannot know of changes: an old epoch must not stand in a new token
   */
  find(customerId: string): KnownCustomer | Promise<KnownCustomer> {
    if (!this.feed.isCurrent) {
      throw new AppError('unavailable', 'Entitlements cannot be checked at the moment; try again.', {
        retryAfterSeconds: 1,
      });
    }
    const known = this.customers.get(customerId);
    if (known !== undefined && Date.now() < known.validUntil) return known;
    let loading = this.loading.get(customerId);
    if (loading === undefined) {
      loading = this.load(customerId).finally(() => {
        if (this.loading.get(customerId) === loading) this.loading.delete(customerId);
      });
      this.loading.set(customerId, loading);
    }
    return loading;
  }

  apply(change: Change): void {
    if (change.kind !== 'customer') return;
    this.customers.delete(change.customerId);
    // What is being loaded may be from before the change: it may be used, but not kept.
    this.loading.delete(change.customerId);
  }

  async reload(): Promise<void> {
    this.customers.clear();
    this.loading.clear();
  }

  private async load(customerId: string): Promise<KnownCustomer> {
    // Past the request that asked first, so that `loading` names this very load.
    await Promise.resolve();
    const mine = this.loading.get(customerId);
    const entitlements = await asInstallation(() => this.current.now(customerId));
    const { status, valid_until } = entitlements;
    const validUntil = valid_until === null ? Number.POSITIVE_INFINITY : Date.parse(valid_until);
    const claim = entitlementsClaim(entitlements, this.config.TOKEN_FEATURES_BYTES);
    const known = { status, entitlements, claim, validUntil };
    if (this.loading.get(customerId) === mine) this.customers.set(customerId, known);
    return known;
  }
}
