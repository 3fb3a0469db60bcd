import { type Folded, foldUsage } from '@bastionary/billing/actions/metering/fold-usage';
import type { Job } from './job.js';

const LONGEST_MS = 5_000;
const FEWEST_EVENTS = 100;

/**
 * Folds usage events into rollups of minutes, hours and days, and the past of new meters: a step per transaction, while there is
 * something. Two runs at once: the second does nothing while the first holds the watermark. A step that fails is tried again
 * with fewer events: on a busy machine the usual number may take longer than a transaction may.
 */
export const foldUsageJob: Job = {
  name: 'fold-usage',
  async run(_tx, now, { config, separately }) {
    let most = config.USAGE_FOLD_EVENTS;
    let steps = 0;
    const giveUp = performance.now() + LONGEST_MS;
    for (let more = true; more && performance.now() < giveUp; ) {
      let folded: Folded | null;
      try {
        folded = await separately((own) => foldUsage(own, most, now));
      } catch (error) {
        if (most <= FEWEST_EVENTS) throw error;
        most = Math.max(FEWEST_EVENTS, Math.floor(most / 8));
        continue;
      }
      more = folded?.hasMore === true;
      if (folded !== null) steps++;
    }
    return steps > 1 ? { steps } : undefined;
  },
};
