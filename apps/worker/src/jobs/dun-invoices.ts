import { dueForDunning, takeDunningStep } from '@bastionary/billing/actions/collection/dun-invoices';
import { dunningSteps } from '@bastionary/billing/actions/collection/dunning-policy';
import { FOLLOWERS } from '../followers.js';
import type { Job } from './job.js';

const AT_ONCE = 200;
const LONGEST_MS = 5_000;

/**
 * Reminds, warns and suspends who has not paid, step by step. Each invoice in a transaction of its own. Two runs at once:
 * the second waits for the customer, and finds the step taken.
 */
export const dunInvoicesJob: Job = {
  name: 'dun-invoices',
  async run(tx, now, { config, separately }) {
    const around = { now, followers: FOLLOWERS, isMailed: config.SMTP_URL !== undefined };
    const steps = await dunningSteps(tx);
    let taken = 0;
    const failures: unknown[] = [];
    const giveUp = performance.now() + LONGEST_MS;
    for (const due of await dueForDunning(tx, steps, now, AT_ONCE)) {
      if (performance.now() > giveUp) break;
      try {
        if (await separately((own) => takeDunningStep(own, due, steps, around))) taken++;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} invoices could not be dunned`);
    return taken > 0 ? { taken } : undefined;
  },
};
