import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { countDue } from '@bastionary/billing/actions/invoicing/bill-subscriptions';
import { isRunWanted } from '@bastionary/billing/actions/invoicing/billing-runs';
import { runBilling } from '@bastionary/billing/actions/invoicing/run-billing';
import { FOLLOWERS } from '../followers.js';
import type { Job } from './job.js';

const LONGEST_MS = 5_000;

/**
 * Bills subscriptions at their boundaries, and makes drafts final whose grace is over. Chunk by chunk in transactions of
 * their own; what is not done in time is for the next run, which follows at once.
 */
export const runBillingJob: Job = {
  name: 'run-billing',
  async run(tx, now, { config, metrics, separately }) {
    const toFinalize = await tx.invoice.count({ where: { status: 'draft', finalizeAt: { lte: now } } });
    if ((await countDue(tx, now)) + toFinalize === 0 && !(await isRunWanted(tx))) return undefined;
    const begun = performance.now();
    const means = {
      db: tx,
      separately,
      chunk: config.BILLING_CHUNK,
      lanes: config.BILLING_LANES,
      isTimeUp: () => performance.now() - begun > LONGEST_MS,
    };
    const part = await runBilling(means, {
      now,
      followers: FOLLOWERS,
      ...documentSettings(config),
    });
    const { drafted, finalized, rescheduled, failed, isDone } = part;
    metrics.observeBilling(part, (performance.now() - begun) / 1_000);
    if (drafted + finalized + rescheduled + failed === 0) return undefined;
    return { drafted, finalized, rescheduled, failed, again: !isDone };
  },
};
