import {
  type MigrationStep,
  migrateSubscriptions,
  planMigrationStep,
  subscriptionsToMigrate,
} from '@bastionary/billing/actions/migrate-plan';
import { previewChange } from '@bastionary/billing/actions/preview-change';
import type { Preview } from '@bastionary/contracts/entitlements';
import type { MigratePlanRequest, PlanMigration } from '@bastionary/contracts/plans';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { dryRun } from '../../platform/dry-run.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';

const CHUNK = 25;
const MS_PER_SUBSCRIPTION = 200;

/**
 * Moves subscriptions to another version of their plan, a chunk per transaction: what stops in between has done whole
 * chunks, and goes on where it stopped, since those moved are no longer among those to move.
 */
@Injectable()
export class PlanMigrations {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  /** @throws AppError not_found, invalid_request */
  async run(request: FastifyRequest, key: string, body: MigratePlanRequest): Promise<PlanMigration> {
    const step = await planMigrationStep(this.db, key, body);
    request.raw.socket.setTimeout(10_000 + body.limit * MS_PER_SUBSCRIPTION);
    const done: PlanMigration = { to: `${key}@${step.to}`, migrated: 0, scheduled: 0, refused: [], next_cursor: null };
    let after = body.cursor ?? '';
    for (let left = body.limit; left > 0; ) {
      const chunk = await this.next(step, body, after, Math.min(left, CHUNK));
      const last = chunk.at(-1);
      if (last === undefined) return done;
      const around = { now: new Date(), followers: FOLLOWERS };
      const timeoutMs = 10_000 + chunk.length * MS_PER_SUBSCRIPTION;
      const moved = await this.writer.write(
        (tx) => migrateSubscriptions(tx, originOf(request), step, chunk, around),
        timeoutMs,
      );
      done.migrated += moved.migrated;
      done.scheduled += moved.scheduled;
      done.refused.push(...moved.refused);
      after = last.id;
      left -= chunk.length;
    }
    const [more] = await this.next(step, body, after, 1);
    return { ...done, next_cursor: more === undefined ? null : after };
  }

  /**
   * Of as many subscriptions as one request takes; also of a move to a draft, as if it were published.
   * @throws AppError not_found, invalid_request
   */
  async preview(request: FastifyRequest, key: string, body: MigratePlanRequest): Promise<Preview> {
    const step = await planMigrationStep(this.db, key, body, true);
    const timeoutMs = 10_000 + body.limit * MS_PER_SUBSCRIPTION;
    request.raw.socket.setTimeout(timeoutMs);
    const subscriptions = await this.next(step, body, body.cursor ?? '', body.limit);
    const customerIds = [...new Set(subscriptions.map(({ customerId }) => customerId))];
    return dryRun(
      this.writer,
      (tx) => {
        const around = { now: new Date(), followers: FOLLOWERS };
        const effects = new Map<string, Date>();
        // Of several instants for one customer the last shows all that changes.
        const note = (id: string, at: Date): void => {
          effects.set(id, new Date(Math.max(at.getTime(), effects.get(id)?.getTime() ?? 0)));
        };
        const change = async () => {
          await migrateSubscriptions(tx, originOf(request), step, subscriptions, around, note);
          return effects;
        };
        return previewChange(tx, customerIds, change, this.config.PREVIEW_CUSTOMERS_MAX);
      },
      timeoutMs,
    );
  }

  private next(step: MigrationStep, { subscription_ids: ids }: MigratePlanRequest, after: string, limit: number) {
    return subscriptionsToMigrate(this.db, step, { ids, after, limit }, new Date());
  }
}
