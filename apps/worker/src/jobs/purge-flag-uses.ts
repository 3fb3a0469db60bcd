import { purgeUses } from '@bastionary/flags/actions/flag-use';
import type { Job } from './job.js';

const DAY_MS = 86_400_000;

/** Forgets how often flags were evaluated after FLAG_USE_KEEP_DAYS. */
export const purgeFlagUsesJob: Job = {
  name: 'purge-flag-uses',
  async run(tx, now, { config }) {
    const removed = await purgeUses(tx, new Date(now.getTime() - config.FLAG_USE_KEEP_DAYS * DAY_MS));
    return removed > 0 ? { removed } : undefined;
  },
};
