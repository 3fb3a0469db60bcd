import { overdueCustomers } from '@bastionary/entitlements/actions/find-entitlements';
import { settleEntitlements } from '@bastionary/entitlements/actions/refresh-entitlements';
import { FOLLOWERS } from '../followers.js';
import type { Job } from './job.js';

const AT_ONCE = 500;
const LONGEST_MS = 5_000;

/**
 * Lets overrides, trials and grants begin and end at their instants, also those that passed while no worker ran. Each
 * customer in a transaction of its own: one that fails keeps nobody else waiting. Two runs at once: the second waits for
 * the first at each customer, and finds nothing due.
 */
export const refreshEntitlementsJob: Job = {
  name: 'refresh-entitlements',
  async run(tx, now, { separately }) {
    let changes = 0;
    const failures: unknown[] = [];
    const giveUp = performance.now() + LONGEST_MS;
    for (const customerId of await overdueCustomers(tx, now, AT_ONCE)) {
      if (performance.now() > giveUp) break;
      try {
        const made = await separately((own) => settleEntitlements(own, customerId, { now, followers: FOLLOWERS }));
        changes += made.length;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} customers could not be refreshed`);
    return changes > 0 ? { changes } : undefined;
  },
};
