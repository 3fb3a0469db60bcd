import { getPolicy, type KnownPolicy, toKnownPolicy } from '@bastionary/licensing/actions/find-policy';
import { getProduct, type ProductRow } from '@bastionary/licensing/actions/find-product';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { type Database, WHOLE_DATABASE } from '../../platform/providers.js';

/** A policy and the product that it is for, which never changes. */
export interface PolicyOfProduct {
  readonly policy: KnownPolicy;
  readonly product: ProductRow;
}

const KEPT_MAX = 10_000;

/** Policies in memory: looked up on demand, all forgotten when one changes. A process that may have missed that asks anew. */
@Injectable()
export class KnownPolicies implements Follower {
  private readonly policies = new LRUCache<string, PolicyOfProduct>({ max: KEPT_MAX });
  /** Grows when something may have changed: what was looked up before may be used, but not kept. */
  private changes = 0;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /** No promise if it is in memory. @throws AppError not_found */
  find(id: string): PolicyOfProduct | Promise<PolicyOfProduct> {
    const known = this.feed.isCurrent ? this.policies.get(id) : undefined;
    return known ?? this.lookUp(id);
  }

  apply(change: Change): void {
    if (change.kind === 'license_policies') this.forget();
  }

  async reload(): Promise<void> {
    this.forget();
  }

  private forget(): void {
    this.changes++;
    this.policies.clear();
  }

  private async lookUp(id: string): Promise<PolicyOfProduct> {
    const before = this.changes;
    const row = await getPolicy(this.db, id);
    const found = { policy: toKnownPolicy(row), product: await getProduct(this.db, row.productId) };
    if (before === this.changes) this.policies.set(id, found);
    return found;
  }
}
