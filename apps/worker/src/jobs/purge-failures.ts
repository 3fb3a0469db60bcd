import { purgeFailures } from '@bastionary/oauth/actions/failures';
import type { Job } from './job.js';

const DAY_MS = 86_400_000;

/** Forgets why requests were refused after FAILURE_KEEP_DAYS, and sooner if there are more than FAILURE_KEEP_MAX. */
export const purgeFailuresJob: Job = {
  name: 'purge-failures',
  async run(tx, now, { config }) {
    const before = new Date(now.getTime() - config.FAILURE_KEEP_DAYS * DAY_MS);
    const removed = await purgeFailures(tx, before, config.FAILURE_KEEP_MAX);
    return removed > 0 ? { removed } : undefined;
  },
};
