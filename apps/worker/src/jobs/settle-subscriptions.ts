import { dueSubscriptions, settleDue } from '@bastionary/billing/actions/settle-subscription';
import { FOLLOWERS } from '../followers.js';
import type { Job } from './job.js';

const AT_ONCE = 200;
const LONGEST_MS = 5_000;

/**
 * Writes down what subscriptions became by themselves: changes to come that have come, trials, pauses and subscriptions that
 * ended, also while no worker ran. What the customer may do does not wait for it: the grants know these instants already.
 * Each in a transaction of its own. Two runs at once: the second waits for the first, and finds nothing due.
 */
export const settleSubscriptionsJob: Job = {
  name: 'settle-subscriptions',
  async run(tx, now, { separately }) {
    let settled = 0;
    const failures: unknown[] = [];
    const giveUp = performance.now() + LONGEST_MS;
    for (const due of await dueSubscriptions(tx, now, AT_ONCE)) {
      if (performance.now() > giveUp) break;
      try {
        await separately((own) => settleDue(own, due, { now, followers: FOLLOWERS }));
        settled++;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} subscriptions could not be settled`);
    return settled > 0 ? { settled } : undefined;
  },
};
