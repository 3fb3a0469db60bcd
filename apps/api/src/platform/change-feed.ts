import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@bastionary/platform/app-error';
import { CHANGES_CHANNEL, type Change } from '@bastionary/platform/changes';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config, LOGGER, type Logger } from './providers.js';

/** Something in memory that follows the database. */
export interface Follower {
  /** One thing changed. */
  apply(change: Change): void;
  /** Anything may have changed: start over from the database. */
  reload(): Promise<void>;
}

const HEARTBEAT_MS = 300;
const RETRY_MS = 200;
const STARTS_WITHIN_MS = 15_000;
/** What is known in memory may be this old, not older. */
const CURRENT_WITHIN_MS = 1_000;

/**
 * Follows what other processes change, through LISTEN. A heartbeat on the same connection proves that nothing is missing:
 * its answer cannot overtake a notification. Without one for a second, this process no longer vouches for what it remembers.
 */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly followers: Follower[] = [];
  private client: pg.Client | undefined;
  private lastBeat = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  /** Whether everything committed more than a second ago is known here. */
  get isCurrent(): boolean {
    return performance.now() - this.lastBeat < CURRENT_WITHIN_MS;
  }

  /** @throws AppError unavailable unless everything about `what` is known here: no answer is better than a wrong one */
  vouchFor(what: string): void {
    if (this.isCurrent) return;
    throw new AppError('unavailable', `${what} cannot be checked at the moment; try again.`, { retryAfterSeconds: 1 });
  }

  /** Tells the followers of changes this process has made itself. */
  apply(changes: readonly Change[]): void {
    for (const change of changes) for (const follower of this.followers) follower.apply(change);
  }

  /** A database that has just answered may be too busy for a moment. */
  async onApplicationBootstrap(): Promise<void> {
    for (const giveUp = Date.now() + STARTS_WITHIN_MS; ; await sleep(RETRY_MS)) {
      try {
        return await this.connect();
      } catch (error) {
        const { client } = this;
        this.client = undefined;
        await client?.end().catch(() => undefined);
        if (Date.now() > giveUp) throw error;
      }
    }
  }

  /** Only now: requests under way when the stop began still need to know. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.DATABASE_URL,
      application_name: 'bastionary-api-changes',
      connectionTimeoutMillis: 2_000,
      query_timeout: CURRENT_WITHIN_MS,
    });
    this.client = client;
    client.on('error', () => undefined);
    client.on('notification', (message) => this.apply([JSON.parse(message.payload ?? '{}') as Change]));
    await client.connect();
    // Listen first, load second: a change between the two is seen twice rather than never.
    await client.query(`LISTEN ${CHANGES_CHANNEL}`);
    await Promise.all(this.followers.map((follower) => follower.reload()));
    // Until here whoever called tries again.
    client.on('end', () => this.reconnect(client));
    this.lastBeat = performance.now();
    this.beat(client);
  }

  private beat(client: pg.Client): void {
    this.timer = setTimeout(async () => {
      const asked = performance.now();
      try {
        await client.query('SELECT 1');
        // The answer vouches for the moment of the question.
        this.lastBeat = asked;
        this.beat(client);
      } catch {
        this.reconnect(client);
      }
    }, HEARTBEAT_MS);
  }

  private reconnect(lost: pg.Client): void {
    if (this.stopped || this.client !== lost) return;
    this.client = undefined;
    clearTimeout(this.timer);
    this.lastBeat = Number.NEGATIVE_INFINITY;
    this.logger.warn('lost the change feed of the database; trying again');
    void lost.end().catch(() => undefined);
    this.retry();
  }

  private retry(): void {
    this.timer = setTimeout(
      async () => {
        try {
          await this.connect();
          this.logger.info('the change feed of the database is back');
        } catch {
          void this.client?.end().catch(() => undefined);
          this.client = undefined;
          if (!this.stopped) this.retry();
        }
      },
      RETRY_MS + Math.random() * RETRY_MS,
    );
  }
}
