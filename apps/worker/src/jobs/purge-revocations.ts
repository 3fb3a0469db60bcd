import { purgeRevocations } from '@bastionary/oauth/actions/revocations';
import type { Job } from './job.js';

/** Removes revocations of tokens that have expired by themselves, so that the table holds only what still matters. */
export const purgeRevocationsJob: Job = {
  name: 'purge-revocations',
  async run(tx, now) {
    const removed = await purgeRevocations(tx, now);
    return removed > 0 ? { removed } : undefined;
  },
};
