import { setTimeout as sleep } from 'node:timers/promises';
import { loadModel } from '@bastionary/flags/actions/load-model';
import { IncrementalStorage } from '@bastionary/flags/rules/incremental-storage';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../../platform/change-feed.js';
import { type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../../../platform/providers.js';
import { asInstallation } from '../../../platform/request-customer.js';
import { ServedEnvironment } from './served-environment.js';

/** Told when something else is served somewhere. */
type Listener = (environment: string) => void;

/** A request waits so long for what was just changed; then it gets what is known. */
const WAIT_MS = 1_000;

/**
 * What is served in every environment, in memory. A change is loaded when it is announced; requests that come meanwhile
 * wait for it. While the database is away, the last that was known is served.
 */
@Injectable()
export class FlagDocuments implements Follower {
  private readonly environments = new Map<string, ServedEnvironment>();
  private readonly storages = new Map<string, IncrementalStorage>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  private readonly listeners: Listener[] = [];

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  get all(): Iterable<[string, ServedEnvironment]> {
    return this.environments;
  }

  /** What is served; undefined: there is no such environment. No promise but while a change is being loaded. */
  served(environment: string): ServedEnvironment | undefined | Promise<ServedEnvironment | undefined> {
    const loading = this.loading.get(environment);
    if (loading === undefined) return this.environments.get(environment);
    return Promise.race([loading, sleep(WAIT_MS, undefined, { ref: false })]).then(() =>
      this.environments.get(environment),
    );
  }

  apply(change: Change): void {
    if (change.kind === 'flags') void this.refresh(change.environment);
  }

  async reload(): Promise<void> {
    const rows = await asInstallation(() => this.db.flagEnvironment.findMany({ select: { key: true } }));
    const keys = new Set([...rows.map(({ key }) => key), ...this.environments.keys()]);
    await Promise.all([...keys].map((key) => this.refresh(key)));
  }

  /** Loads an environment anew; changes that come meanwhile are loaded once more after it. */
  private refresh(environment: string): Promise<void> {
    const loading = this.loading.get(environment);
    if (loading !== undefined) {
      this.again.add(environment);
      return loading;
    }
    const work = this.load(environment)
      .catch((error) => this.logger.warn({ err: error, environment }, 'flags not loaded; the last known are served'))
      .finally(() => this.loading.delete(environment));
    this.loading.set(environment, work);
    return work;
  }

  private async load(environment: string): Promise<void> {
    do {
      this.again.delete(environment);
      const model = await asInstallation(() => loadModel(this.db, environment));
      const archived = await asInstallation(() =>
        this.db.flag.findMany({ where: { archivedAt: { not: null } }, select: { key: true } }),
      );
      if (model === null) {
        this.environments.delete(environment);
        this.storages.delete(environment);
      } else if (!this.isOlder(model.revision, environment)) {
        const storage = this.storages.get(environment) ?? new IncrementalStorage();
        this.storages.set(environment, storage);
        const keys = new Set(archived.map(({ key }) => key));
        this.environments.set(environment, new ServedEnvironment(model, storage, keys));
      }
    } while (this.again.has(environment));
    for (const listener of this.listeners) listener(environment);
  }

  // What was read before a failover must not take the place of what came after.
  private isOlder(revision: string, environment: string): boolean {
    const known = this.environments.get(environment);
    return known !== undefined && BigInt(revision) < BigInt(known.model.revision);
  }
}
