import { makeUsageMonths } from '@bastionary/billing/actions/metering/usage-months';
import type { Job } from './job.js';

/** Months made ahead: so long may the worker be away. */
const MONTHS_AHEAD = 3;

/** Makes the partitions of usage events ahead of time. */
export const makeUsageMonthsJob: Job = {
  name: 'make-usage-months',
  async run(tx, now) {
    const made = await makeUsageMonths(tx, now, MONTHS_AHEAD);
    return made > 0 ? { made } : undefined;
  },
};
