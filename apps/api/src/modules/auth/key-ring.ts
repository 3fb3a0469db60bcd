import { loadPeppers, type Peppers } from '@bastionary/oauth/actions/peppers';
import { type KeySet, loadKeySet } from '@bastionary/oauth/actions/signing-keys';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import {
  DATABASE,
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
  LOGGER,
  type Logger,
} from '../../platform/providers.js';

/** The signing keys and peppers, opened and in memory. */
@Injectable()
export class KeyRing implements Follower {
  private set: KeySet | undefined;
  private opened: Peppers | undefined;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  get current(): KeySet {
    if (this.set === undefined) throw new Error('the signing keys are not loaded yet');
    return this.set;
  }

  get peppers(): Peppers {
    if (this.opened === undefined) throw new Error('the peppers are not loaded yet');
    return this.opened;
  }

  apply(change: Change): void {
    if (change.kind !== 'keys') return;
    this.reload().catch((error) => this.logger.error({ err: error }, 'cannot load the signing keys'));
  }

  async reload(): Promise<void> {
    this.opened = await loadPeppers(this.db, this.keys);
    this.set = await loadKeySet(this.db, this.keys);
  }
}
