import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from '@prometheus-io/client';
import { Metrics } from '../../platform/metrics.js';
import { DATABASE, type Database } from '../../platform/providers.js';

/** Whoever asks for the measurements more often gets those of a moment ago. */
const KEPT_MS = 10_000;

/** How far the fold is behind, and what the nightly comparison of rollups found, for Prometheus. */
@Injectable()
export class UsageFigures {
  private readAt = Number.NEGATIVE_INFINITY;
  private readonly behind: Gauge;
  private readonly differing: Gauge;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    { registry }: Metrics,
  ) {
    const registers = [registry];
    this.behind = new Gauge({
      name: 'bastionary_usage_fold_behind_seconds',
      help: 'Age of the oldest usage event that is not folded into rollups; 0 if all are',
      registers,
      collect: () => this.read(),
    });
    this.differing = new Gauge({
      name: 'bastionary_usage_rollups_differing',
      help: 'Rollups of the last nightly sample that differ from the events they were made of; more than 0 is an alarm',
      registers,
    });
  }

  private async read(): Promise<void> {
    if (performance.now() - this.readAt < KEPT_MS) return;
    this.readAt = performance.now();
    // Without the database the other measurements are needed the more.
    await this.db.$queryRaw<{ behind: number; differing: number }[]>`
        SELECT coalesce(extract(epoch FROM now() - (SELECT recorded_at FROM usage_event
            WHERE xid >= usage_fold.xid ORDER BY xid LIMIT 1)), 0)::float8 AS behind, differing
        FROM usage_fold`
      .then(([row]) => {
        this.behind.set(row?.behind ?? 0);
        this.differing.set(row?.differing ?? 0);
      })
      .catch(() => undefined);
  }
}
