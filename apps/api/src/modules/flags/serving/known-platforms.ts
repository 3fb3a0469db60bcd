import type { Platform } from '@bastionary/flags/rules/model';
import { toPlatform } from '@bastionary/flags/rules/trusted-context';
import { toLicenseStanding } from '@bastionary/licensing/actions/license-standing';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../../platform/change-feed.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { asInstallation } from '../../../platform/request-customer.js';
import { CustomerDirectory } from '../../auth/customer-directory.js';

/** What the server says of a customer, and until when, in milliseconds. */
export interface KnownPlatform {
  readonly platform: Platform;
  readonly validUntil: number;
}

const KEPT_MAX = 50_000;
const NOBODY: KnownPlatform = { platform: {}, validUntil: Number.POSITIVE_INFINITY };

/** `$platform` of customers, in memory: their snapshot, and the licence they got last. Forgotten with every change of either. */
@Injectable()
export class KnownPlatforms implements Follower {
  private readonly known = new LRUCache<string, KnownPlatform>({ max: KEPT_MAX });
  private changes = 0;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly customers: CustomerDirectory,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /** @param customerId null: the installation itself. @throws AppError not_found, unavailable */
  async of(customerId: string | null): Promise<KnownPlatform> {
    if (customerId === null) return NOBODY;
    const kept = this.known.get(customerId);
    if (kept !== undefined && Date.now() < kept.validUntil) return kept;
    const before = this.changes;
    const { entitlements, validUntil } = await this.customers.find(customerId);
    const license = await asInstallation(() => toLicenseStanding(this.db, customerId, new Date()));
    const { plans, features } = entitlements;
    const found = {
      platform: toPlatform({ customer: customerId, client: null, plans, features, license: license?.told ?? null }),
      validUntil: Math.min(validUntil, license?.validUntil ?? Number.POSITIVE_INFINITY),
    };
    if (before === this.changes) this.known.set(customerId, found);
    return found;
  }

  apply(change: Change): void {
    if (change.kind !== 'customer') return;
    this.changes++;
    this.known.delete(change.customerId);
  }

  async reload(): Promise<void> {
    this.changes++;
    this.known.clear();
  }
}
