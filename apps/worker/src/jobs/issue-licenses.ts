import { refreshEntitlements, settleEntitlements } from '@bastionary/entitlements/actions/refresh-entitlements';
import { nextHolders } from '@bastionary/licensing/actions/issue-to-holders';
import { FOLLOWERS } from '../followers.js';
import type { Job } from './job.js';

const AT_ONCE = 200;

/**
 * Lets licences follow for those who held a plan before a policy began to issue for it, so many customers at a time, each
 * in a transaction of its own. Run twice, or killed in between, the second finds their licences issued.
 */
export const issueLicensesJob: Job = {
  name: 'issue-licenses',
  async run(tx, now, { separately }) {
    const holders = await nextHolders(tx, AT_ONCE);
    if (holders === null) return undefined;
    for (const customerId of holders.customerIds) {
      await separately(async (own) => {
        await settleEntitlements(own, customerId, { now, followers: FOLLOWERS });
        await refreshEntitlements(own, customerId, { cause: 'license_policy.updated', now, followers: FOLLOWERS });
      });
    }
    await holders.done(tx);
    return { policy: holders.policyId, customers: holders.customerIds.length };
  },
};
