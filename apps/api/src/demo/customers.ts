import { createCustomer } from '@bastionary/entitlements/actions/create-customer';
import { updateCustomer } from '@bastionary/entitlements/actions/update-customer';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { type Episode, idOf, ORIGIN } from './chronicle.js';
import { CUSTOMERS } from './data/customers.js';

const SUSPENDED = { key: 'savanna', daysAgo: 15 };

/** Customers arrive; one was suspended since. */
export const customerEpisodes: readonly Episode[] = [
  ...CUSTOMERS.map(
    ({ key, since, request }): Episode => ({
      daysAgo: since,
      async happen({ tx, customers }, now) {
        const { id } = await createCustomer(tx, ORIGIN, request, { now, followers: FOLLOWERS });
        customers.set(key, id);
      },
    }),
  ),
  {
    daysAgo: SUSPENDED.daysAgo,
    async happen({ tx, customers }, now) {
      const around = { now, followers: FOLLOWERS };
      const id = idOf(customers, SUSPENDED.key);
      await updateCustomer(tx, ORIGIN, id, { status: 'suspended' }, undefined, around);
    },
  },
];
