import { setTimeout as sleep } from 'node:timers/promises';
import type { LicenseAlgorithm } from '@bastionary/contracts/license-keys';
import { addLicenseKey } from '@bastionary/licensing/actions/publish-key-set';
import { type LicenseKeys, loadLicenseKeys, makeLicenseKey } from '@bastionary/licensing/actions/signing-keys';
import { systemOrigin } from '@bastionary/platform/audit';
import { type Change, inTransaction } from '@bastionary/platform/changes';
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

/** The keys that sign licences, opened and in memory. */
@Injectable()
export class LicenseKeyRing implements Follower {
  private keys: LicenseKeys | undefined;
  private loading: Promise<void> = Promise.resolve();
  private readonly making = new Map<LicenseAlgorithm, Promise<void>>();

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  get current(): LicenseKeys {
    if (this.keys === undefined) throw new Error('the keys that sign licences are not loaded yet');
    return this.keys;
  }

  /** The keys, one of this algorithm among them: it is made the first time somebody needs it. */
  async with(algorithm: LicenseAlgorithm): Promise<LicenseKeys> {
    if (!this.current.signers.has(algorithm)) {
      const making = this.making.get(algorithm) ?? this.make(algorithm).finally(() => this.making.delete(algorithm));
      this.making.set(algorithm, making);
      await making;
    }
    return this.current;
  }

  apply(change: Change): void {
    if (change.kind === 'license_keys') void this.reload().catch((error) => this.tryAgain(error));
  }

  /** One after another, so that an older answer never replaces a newer one. */
  reload(): Promise<void> {
    this.loading = this.loading.catch(() => undefined).then(() => this.load());
    return this.loading;
  }

  /** Waits until what was announced so far is loaded, or could not be. */
  async settled(): Promise<void> {
    await this.loading.catch(() => undefined);
  }

  private async load(): Promise<void> {
    this.keys = await loadLicenseKeys(this.db, this.encryptionKeys);
  }

  // Two processes may make one each; the second finds that of the first, and forgets its own.
  private async make(algorithm: LicenseAlgorithm): Promise<void> {
    const key = await makeLicenseKey(algorithm);
    const change = { origin: systemOrigin('api'), encryptionKeys: this.encryptionKeys, now: new Date() };
    await inTransaction(
      this.db,
      (tx) => addLicenseKey(tx, algorithm, key, change),
      (changes) => this.feed.apply(changes),
    );
    await this.reload();
  }

  private async tryAgain(error: unknown): Promise<void> {
    this.logger.error({ err: error }, 'cannot load the keys that sign licences; trying again');
    await sleep(RETRY_MS, undefined, { ref: false });
    await this.reload().catch((again) => this.tryAgain(again));
  }
}
