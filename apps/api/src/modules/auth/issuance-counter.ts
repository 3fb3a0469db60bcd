import { type IssuanceCount, recordIssuance } from '@bastionary/oauth/actions/issuance';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { BatchedWrites } from '../../platform/batched-writes.js';
import { Metrics } from '../../platform/metrics.js';
import { CONFIG, type Config, type Database, LOGGER, type Logger, WHOLE_DATABASE } from '../../platform/providers.js';
import type { TokenPlan } from './known-client.js';

const MINUTE_MS = 60_000;

/** What an issued token is counted by. */
export interface Issued {
  readonly clientId: string;
  readonly credentialId: string;
  /** Empty for an opaque token. */
  readonly kid: string;
  /** The same object for all tokens of a client that were asked for alike. */
  readonly plan: TokenPlan;
  /** Milliseconds */
  readonly now: number;
  readonly expiresAt: number;
}

interface Count extends Issued {
  readonly minute: number;
  readonly endsIn: number;
  issued: number;
  lastAt: number;
}

const minuteOf = (instant: number): number => instant - (instant % MINUTE_MS);

/** Counts issued tokens in memory and writes the counts in batches: issuing itself writes nothing. */
@Injectable()
export class IssuanceCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  /** By plan: plans are kept as long as their client is in memory. Each has few counts: one per credential and minute. */
  private counts = new Map<TokenPlan, Count[]>();
  private readonly writes: BatchedWrites<readonly IssuanceCount[]>;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(WHOLE_DATABASE) db: Database,
    @Inject(LOGGER) logger: Logger,
    private readonly metrics: Metrics,
  ) {
    this.writes = new BatchedWrites(
      {
        what: 'issuance counts',
        idPrefix: 'ibt',
        take: () => this.take(),
        write: (batchId, counts) => recordIssuance(db, batchId, counts),
      },
      config.USAGE_FLUSH_MS,
      logger,
    );
  }

  add(issued: Issued): void {
    this.metrics.tokensIssued.inc();
    const { plan, credentialId, kid, now, expiresAt } = issued;
    const minute = minuteOf(now);
    const endsIn = minuteOf(expiresAt);
    const counts = this.counts.get(plan);
    if (counts === undefined) {
      this.counts.set(plan, [{ ...issued, minute, endsIn, issued: 1, lastAt: now }]);
      return;
    }
    const alike = counts.find(
      (count) =>
        count.minute === minute && count.endsIn === endsIn && count.credentialId === credentialId && count.kid === kid,
    );
    if (alike === undefined) {
      counts.push({ ...issued, minute, endsIn, issued: 1, lastAt: now });
    } else {
      alike.issued++;
      alike.lastAt = now;
    }
  }

  onApplicationBootstrap(): void {
    this.writes.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.writes.stop();
  }

  private take(): readonly IssuanceCount[] | undefined {
    if (this.counts.size === 0) return undefined;
    const counts = [...this.counts.values()].flat();
    this.counts = new Map();
    return counts.map(({ clientId, credentialId, kid, plan, minute, endsIn, issued, lastAt }) => ({
      clientId,
      credentialId,
      kid,
      audience: plan.audiences,
      scope: plan.scope,
      requested: plan.requested,
      minute: new Date(minute),
      endsIn: new Date(endsIn),
      issued,
      lastAt: new Date(lastAt),
    }));
  }
}
