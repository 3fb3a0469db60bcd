import { setTimeout as sleep } from 'node:timers/promises';
import { loadPeppers, type Peppers } from '@bastionary/oauth/actions/peppers';
import { type KeySet, loadKeySet } from '@bastionary/oauth/actions/signing-keys';
import { AppError } from '@bastionary/platform/app-error';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import {
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
  LOGGER,
  type Logger,
  WHOLE_DATABASE,
} from '../../platform/providers.js';

const RETRY_MS = 200;
/** A change of the keys may be this long known and not yet loaded. */
const BEHIND_AT_MOST_MS = 1_000;

/** The signing keys and peppers, opened and in memory. */
@Injectable()
export class KeyRing implements Follower {
  private set: KeySet | undefined;
  private opened: Peppers | undefined;
  private loading: Promise<void> = Promise.resolve();
  /** Changes heard of, and how many of them are loaded. */
  private announced = 0;
  private loaded = 0;
  /** Since when there is one that is not loaded. */
  private behindSince = 0;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /** @throws AppError unavailable if these keys have been out of date for a second: one of them may be in wrong hands */
  get current(): KeySet {
    if (this.set === undefined) throw new Error('the signing keys are not loaded yet');
    if (this.isBehind && performance.now() - this.behindSince > BEHIND_AT_MOST_MS) {
      throw new AppError('unavailable', 'The signing keys have changed and cannot be loaded; try again.', {
        retryAfterSeconds: 1,
      });
    }
    return this.set;
  }

  get peppers(): Peppers {
    if (this.opened === undefined) throw new Error('the peppers are not loaded yet');
    return this.opened;
  }

  apply(change: Change): void {
    if (change.kind !== 'keys') return;
    if (!this.isBehind) this.behindSince = performance.now();
    this.announced++;
    void this.reload().catch((error) => this.tryAgain(error));
  }

  /** One after another, so that an older answer never replaces a newer one. */
  reload(): Promise<void> {
    this.loading = this.loading.catch(() => undefined).then(() => this.load());
    return this.loading;
  }

  /** Waits until what was announced so far is loaded, or could not be: then it is tried again without anybody waiting. */
  async settled(): Promise<void> {
    await this.loading.catch(() => undefined);
  }

  private get isBehind(): boolean {
    return this.loaded < this.announced;
  }

  private async load(): Promise<void> {
    const known = this.announced;
    this.opened = await loadPeppers(this.db, this.keys);
    this.set = await loadKeySet(this.db, this.keys);
    this.loaded = known;
  }

  private async tryAgain(error: unknown): Promise<void> {
    this.logger.error({ err: error }, 'cannot load the signing keys; trying again');
    await sleep(RETRY_MS, undefined, { ref: false });
    if (this.isBehind) await this.reload().catch((again) => this.tryAgain(again));
  }
}
