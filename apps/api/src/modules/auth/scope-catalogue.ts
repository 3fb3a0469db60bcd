import type { AccessTokenFormat } from '@bastionary/contracts/client-metadata';
import { listResources } from '@bastionary/oauth/actions/resources';
import type { TokenWishes } from '@bastionary/oauth/rules/token-settings';
import type { Change } from '@bastionary/platform/changes';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../../platform/providers.js';

const RETRY_MS = 200;

/** A resource as the token and introspection endpoints need it. */
export interface KnownResource extends TokenWishes {
  readonly identifier: string;
  /** Clients that may introspect the tokens meant for it. */
  readonly introspectors: ReadonlySet<string>;
}

/** The resources and which of them owns a scope, in memory. */
@Injectable()
export class ScopeCatalogue implements Follower, OnApplicationShutdown {
  private audiences = new Map<string, string>();
  private features = new Map<string, string>();
  private resources = new Map<string, KnownResource>();
  private loads = 0;
  private loading: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | undefined;

  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  /** Another number: whatever was decided by this catalogue may have to be decided anew. */
  get generation(): number {
    return this.loads;
  }

  readonly audienceOf = (scope: string): string | undefined => this.audiences.get(scope);

  /** The feature without which no customer gets a scope; undefined if it needs none. */
  readonly featureOf = (scope: string): string | undefined => this.features.get(scope);

  readonly resourceOf = (identifier: string): KnownResource | undefined => this.resources.get(identifier);

  get scopes(): string[] {
    return [...this.audiences.keys()];
  }

  apply(change: Change): void {
    if (change.kind === 'resources') this.catchUp();
  }

  // One after another: a slow load must not overwrite what a later one has found.
  reload(): Promise<void> {
    const load = () => this.load();
    this.loading = this.loading.then(load, load);
    return this.loading;
  }

  /** When every change announced so far is known here; also if it could not be loaded yet, since it is made in any case. */
  settled(): Promise<void> {
    return this.loading.catch(() => undefined);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.retry);
  }

  private catchUp(): void {
    clearTimeout(this.retry);
    this.reload().catch((error) => {
      this.logger.warn({ err: error }, 'cannot load the resources; trying again');
      this.retry = setTimeout(() => this.catchUp(), RETRY_MS);
    });
  }

  private async load(): Promise<void> {
    const rows = await listResources(this.db);
    this.audiences = new Map(rows.flatMap(({ identifier, scopes }) => scopes.map(({ name }) => [name, identifier])));
    this.features = new Map(
      rows.flatMap(({ scopes }) =>
        scopes.flatMap(({ name, feature }) => (feature === null ? [] : [[name, feature] as const])),
      ),
    );
    this.resources = new Map(rows.map((row) => [row.identifier, toKnown(row)]));
    this.loads++;
  }
}

const toKnown = (row: Awaited<ReturnType<typeof listResources>>[number]): KnownResource => ({
  identifier: row.identifier,
  accessTokenTtl: row.accessTokenTtl,
  accessTokenFormat: row.accessTokenFormat as AccessTokenFormat | null,
  dpopRequired: row.dpopRequired,
  introspectors: new Set(row.introspectors),
});
