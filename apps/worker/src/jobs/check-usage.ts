import { checkUsage } from '@bastionary/billing/actions/metering/check-usage';
import type { Job } from './job.js';

/** Compares a sample of rollups with the events that they were made of. A difference is an error in the log and a metric. */
export const checkUsageJob: Job = {
  name: 'check-usage',
  async run(_tx, now, { config, separately }) {
    const { checked, differing } = await separately((own) => checkUsage(own, config.USAGE_CHECK_SAMPLE, now));
    // Noted by then: the metric says it as well.
    if (differing.length > 0) {
      const first = JSON.stringify(differing.slice(0, 10));
      throw new Error(`${differing.length} of ${checked} rollups differ from their events: ${first}`);
    }
    return { checked, differing: 0 };
  },
};
