import { type ClientKeyRow, loadClientKeys } from '@bastionary/flags/actions/client-keys';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../../platform/change-feed.js';
import { type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../../../platform/providers.js';
import { asInstallation } from '../../../platform/request-customer.js';

/** Public client keys that work, in memory. */
@Injectable()
export class PublicKeys implements Follower {
  private keys = new Map<string, ClientKeyRow>();
  private ids = new Set<string>();
  private loading: Promise<void> = Promise.resolve();

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  find(key: string): ClientKeyRow | undefined {
    return this.keys.get(key);
  }

  works(id: string): boolean {
    return this.ids.has(id);
  }

  /** What was announced until now is known after this. */
  settled(): Promise<void> {
    return this.loading;
  }

  apply(change: Change): void {
    if (change.kind !== 'flag_client_keys') return;
    this.reload().catch((error) => this.logger.warn({ err: error }, 'public keys of flags not loaded'));
  }

  reload(): Promise<void> {
    const load = this.loading.then(async () => {
      const rows = await asInstallation(() => loadClientKeys(this.db));
      this.keys = new Map(rows.map((row) => [row.key, row]));
      this.ids = new Set(rows.map(({ id }) => id));
    });
    this.loading = load.catch(() => undefined);
    return load;
  }
}
