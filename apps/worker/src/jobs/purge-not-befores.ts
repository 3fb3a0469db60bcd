import { purgeNotBefores } from '@bastionary/oauth/actions/not-before';
import type { Job } from './job.js';

/** Removes not-befores that no living token can be older than. */
export const purgeNotBeforesJob: Job = {
  name: 'purge-not-befores',
  async run(tx, now) {
    const removed = await purgeNotBefores(tx, now);
    return removed > 0 ? { removed } : undefined;
  },
};
