import { listResources } from '@bastionary/oauth/actions/resources';
import { Inject, Injectable } from '@nestjs/common';
import { ChangeFeed, type Follower } from '../../platform/change-feed.js';
import { DATABASE, type Database } from '../../platform/providers.js';

/** Which resource owns a scope, in memory. */
@Injectable()
export class ScopeCatalogue implements Follower {
  private audiences = new Map<string, string>();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    feed: ChangeFeed,
  ) {
    feed.follow(this);
  }

  readonly audienceOf = (scope: string): string | undefined => this.audiences.get(scope);

  get scopes(): string[] {
    return [...this.audiences.keys()];
  }

  apply(): void {}

  async reload(): Promise<void> {
    const resources = await listResources(this.db);
    this.audiences = new Map(
      resources.flatMap(({ identifier, scopes }) => scopes.map(({ name }) => [name, identifier])),
    );
  }
}
