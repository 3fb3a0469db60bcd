import { expireReservations } from '@bastionary/entitlements/actions/end-reservation';
import type { Job } from './job.js';

const LIMITS_AT_ONCE = 1_000;

/** Gives back what reservations past their end hold. Two runs at once: the second skips what the first has locked. */
export const expireReservationsJob: Job = {
  name: 'expire-reservations',
  async run(tx) {
    const reservations = await expireReservations(tx, LIMITS_AT_ONCE);
    return reservations > 0 ? { reservations } : undefined;
  },
};
