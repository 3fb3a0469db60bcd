import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { POOL, type Pool } from '../../platform/providers.js';

/** Whose usage a subject means. */
export interface UsageSubject {
  readonly customerId: string;
  /** The client, where the subject is one's id. */
  readonly clientId: string | null;
}

const KEPT_MAX = 100_000;

// An id of a customer wins over an external id, and both over a client's. A client that was deleted had usage before.
const FIND = `
  SELECT subject, coalesce(own.id, external.id, client.customer_id) AS customer_id,
    CASE WHEN own.id IS NULL AND external.id IS NULL THEN client.client_id END AS client_id
  FROM unnest($1::text[]) AS subject
  LEFT JOIN customer own ON own.id = subject
  LEFT JOIN customer external ON external.external_id = subject
  LEFT JOIN client ON client.client_id = subject`;

/**
 * Customers by what subjects of usage events call them, in memory. Who is not known is looked up every time; who is, is
 * forgotten when names may have changed.
 */
@Injectable()
export class UsageSubjects implements Follower {
  private readonly subjects = new LRUCache<string, UsageSubject>({ max: KEPT_MAX });
  /** Grows when something may have changed: what was looked up before may be used, but not kept. */
  private changes = 0;

  constructor(
    @Inject(POOL) private readonly pool: Pool,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /** Of those subjects that mean somebody. Asks the database at most once. */
  async find(subjects: ReadonlySet<string>): Promise<ReadonlyMap<string, UsageSubject>> {
    const found = new Map<string, UsageSubject>();
    const unknown: string[] = [];
    const { isCurrent } = this.feed;
    for (const subject of subjects) {
      const known = isCurrent ? this.subjects.get(subject) : undefined;
      if (known === undefined) unknown.push(subject);
      else found.set(subject, known);
    }
    if (unknown.length > 0) await this.lookUp(unknown, found);
    return found;
  }

  apply(change: Change): void {
    if (change.kind === 'client') {
      this.changes++;
      this.subjects.delete(change.clientId);
    } else if (change.kind === 'customer' && change.epoch <= 1) {
      // A new customer, or new names of one: a subject may mean somebody else from now on.
      this.changes++;
      this.subjects.clear();
    }
  }

  async reload(): Promise<void> {
    this.changes++;
    this.subjects.clear();
  }

  private async lookUp(unknown: readonly string[], found: Map<string, UsageSubject>): Promise<void> {
    const before = this.changes;
    const { rows } = await this.pool.query<{ subject: string; customer_id: string | null; client_id: string | null }>({
      name: 'usage_subjects',
      text: FIND,
      values: [unknown],
    });
    for (const { subject, customer_id: customerId, client_id: clientId } of rows) {
      if (customerId === null) continue;
      found.set(subject, { customerId, clientId });
      if (before === this.changes) this.subjects.set(subject, { customerId, clientId });
    }
  }
}
