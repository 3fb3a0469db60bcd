import { tellPastMrr } from '@bastionary/billing/actions/revenue/tell-past-mrr';
import type { Job } from './job.js';

const AT_ONCE = 500;
const LONGEST_MS = 20_000;

/** Writes what subscriptions that are older than MRR were worth; after the first time there are none. */
export const tellPastMrrJob: Job = {
  name: 'tell-past-mrr',
  async run(_tx, now, { separately }) {
    let told = 0;
    const giveUp = performance.now() + LONGEST_MS;
    while (performance.now() < giveUp) {
      const some = await separately((own) => tellPastMrr(own, AT_ONCE, now));
      told += some;
      if (some < AT_ONCE) break;
    }
    return told > 0 ? { told } : undefined;
  },
};
