import { dropOpaqueDays, ensureOpaqueDays } from '@bastionary/oauth/actions/opaque-tokens';
import type { Job } from './job.js';

/** A token lives a day at most; the rest is for a worker that was away. */
const DAYS_AHEAD = 4;

/** Makes the partitions of opaque tokens ahead of time and drops those in which every token has expired. */
export const keepOpaqueTokenDaysJob: Job = {
  name: 'keep-opaque-token-days',
  async run(tx, now) {
    await ensureOpaqueDays((statement) => tx.$executeRawUnsafe(statement), now, DAYS_AHEAD);
    const dropped = await dropOpaqueDays(tx, now);
    return dropped.length > 0 ? { dropped } : undefined;
  },
};
