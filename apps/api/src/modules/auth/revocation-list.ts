import { loadRevocations } from '@bastionary/oauth/actions/revocations';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { type Database, WHOLE_DATABASE } from '../../platform/providers.js';

const SWEEP_MS = 60_000;

/** Revoked tokens that would still be valid otherwise, in memory. */
@Injectable()
export class RevocationList implements Follower {
  private readonly expiresAt = new Map<string, number>();
  private sweptAt = 0;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /**
   * Whether a token is revoked.
   * @throws AppError unavailable while this process cannot know: then no answer is better than a wrong one
   */
  has(jti: string): boolean {
    this.feed.vouchFor('Revocations');
    return this.expiresAt.has(jti);
  }

  apply(change: Change): void {
    if (change.kind !== 'revoked') return;
    this.expiresAt.set(change.jti, change.expiresAt);
    this.sweep();
  }

  async reload(): Promise<void> {
    const rows = await loadRevocations(this.db, new Date());
    // Added to what is here, never in its place: a revocation may arrive while this is being loaded.
    for (const { jti, expiresAt } of rows) this.expiresAt.set(jti, expiresAt.getTime());
  }

  private sweep(): void {
    const now = Date.now();
    if (now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    for (const [jti, expiresAt] of this.expiresAt) if (expiresAt < now) this.expiresAt.delete(jti);
  }
}
