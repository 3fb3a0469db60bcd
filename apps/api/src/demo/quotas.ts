import { commitReservation } from '@bastionary/entitlements/actions/end-reservation';
import { reserveQuota } from '@bastionary/entitlements/actions/reserve-quota';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { type Episode, idOf } from './chronicle.js';

/** How much of which limit is in use today: reservations live by the database's clock, so there are none of old. */
const IN_USE: readonly (readonly [customer: string, feature: string, amount: number, holder: string])[] = [
  ['nordlicht', 'projects', 41, 'workspace'],
  ['nordlicht', 'storage_gb', 388, 'workspace'],
  ['harbour', 'projects', 17, 'workspace'],
  ['sakura', 'seats', 21, 'directory'],
  ['bluepine', 'storage_gb', 2_970, 'workspace'],
  ['atelier', 'projects', 33, 'workspace'],
  ['danube', 'projects', 24, 'workspace'],
  ['prairie', 'projects', 2, 'workspace'],
];

export const quotaEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen({ tx, customers }, now) {
      for (const [customer, feature, amount, holder] of IN_USE) {
        const request = { customer_id: idOf(customers, customer), feature, amount, holder, expires_in: 60 };
        const { id } = await reserveQuota(tx, request, { now, followers: FOLLOWERS });
        await commitReservation(tx, id, null);
      }
    },
  },
];
