import { foldUsage } from '@bastionary/billing/actions/metering/fold-usage';
import type { Job } from './job.js';

const LONGEST_MS = 5_000;

/**
 * Folds usage events into rollups of minutes, hours and days, and the past of new meters: a step per transaction, while there is
 * something. Two runs at once: the second does nothing while the first holds the watermark.
 */
export const foldUsageJob: Job = {
  name: 'fold-usage',
  async run(_tx, now, { config, separately }) {
    let steps = 0;
    const giveUp = performance.now() + LONGEST_MS;
    for (let more = true; more && performance.now() < giveUp; ) {
      const folded = await separately((own) => foldUsage(own, config.USAGE_FOLD_EVENTS, now));
      more = folded?.hasMore === true;
      if (folded !== null) steps++;
    }
    return steps > 1 ? { steps } : undefined;
  },
};
