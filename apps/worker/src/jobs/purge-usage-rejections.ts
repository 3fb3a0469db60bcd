import { purgeRejections } from '@bastionary/billing/actions/metering/usage-rejections';
import type { Job } from './job.js';

const DAY_MS = 86_400_000;

/** Forgets why usage events were not accepted: after USAGE_REJECTION_KEEP_DAYS, and the oldest beyond USAGE_REJECTION_KEEP_MAX. */
export const purgeUsageRejectionsJob: Job = {
  name: 'purge-usage-rejections',
  async run(tx, now, { config }) {
    const before = new Date(now.getTime() - config.USAGE_REJECTION_KEEP_DAYS * DAY_MS);
    const removed = await purgeRejections(tx, before, config.USAGE_REJECTION_KEEP_MAX);
    return removed > 0 ? { removed } : undefined;
  },
};
