import { ACCESS_TOKEN_TTL_MAX } from '@bastionary/contracts/client-metadata';
import type { NotBeforeKind } from '@bastionary/contracts/revocations';
import { loadNotBefores } from '@bastionary/oauth/actions/not-before';
import { type DatedToken, isCutOff } from '@bastionary/oauth/rules/not-before';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { type Database, WHOLE_DATABASE } from '../../platform/providers.js';

const SWEEP_MS = 60_000;

/** Before when tokens are dead, by what they belong to, in memory. */
@Injectable()
export class NotBeforeList implements Follower {
  private readonly instants = new Map<NotBeforeKind, Map<string, number>>();
  private sweptAt = 0;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /**
   * By what a token is cut off; null if it is not.
   * @throws AppError unavailable while this process cannot know: then no answer is better than a wrong one
   */
  cutOffBy(token: DatedToken): NotBeforeKind | null {
    this.feed.vouchFor('Revocations');
    return this.instants.size === 0 ? null : isCutOff(this.at, token);
  }

  private readonly at = (kind: NotBeforeKind, subject: string): number | undefined =>
    this.instants.get(kind)?.get(subject);

  apply(change: Change): void {
    if (change.kind !== 'not_before') return;
    this.raise(change.of, change.subject, change.at);
    this.sweep();
  }

  // Added to what is here, never in its place: a change may arrive while this is being loaded.
  async reload(): Promise<void> {
    for (const { kind, subject, at } of await loadNotBefores(this.db)) this.raise(kind, subject, at.getTime());
  }

  private raise(kind: NotBeforeKind, subject: string, at: number): void {
    const known = this.instants.get(kind) ?? new Map<string, number>();
    known.set(subject, Math.max(at, known.get(subject) ?? at));
    this.instants.set(kind, known);
  }

  // What no token can be older than decides nothing any more.
  private sweep(): void {
    const now = Date.now();
    if (now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    for (const [kind, known] of this.instants) {
      for (const [subject, at] of known) if (at + ACCESS_TOKEN_TTL_MAX * 1_000 < now) known.delete(subject);
      if (known.size === 0) this.instants.delete(kind);
    }
  }
}
