import type { Reservation } from '@bastionary/contracts/quotas';
import { AppError } from '@bastionary/platform/app-error';
import type { Transaction } from '@bastionary/prisma/client';
import { afterAct, stateAt } from '../rules/quota.js';
import { getReservation, toReservation } from './find-quota.js';
import { addUse, lockQuota } from './lock-quota.js';

/**
 * Keeps a reservation for good: it no longer expires. Again is the same.
 * @param own whose it must be; null: anybody's
 * @throws AppError not_found, reservation_ended
 */
export const commitReservation = (tx: Transaction, id: string, own: string | null): Promise<Reservation> =>
  act(tx, id, own, 'commit');

/** Gives back what a reservation holds. Again is the same. @param own as above. @throws AppError not_found */
export const releaseReservation = (tx: Transaction, id: string, own: string | null): Promise<Reservation> =>
  act(tx, id, own, 'release');

async function act(tx: Transaction, id: string, own: string | null, what: 'commit' | 'release'): Promise<Reservation> {
  const { customerId, feature } = await getReservation(tx, id, own);
  const { at } = await lockQuota(tx, customerId, feature);
  const row = await getReservation(tx, id, own);
  const state = afterAct(stateAt(row, at), what);
  if (state === 'same') return toReservation(row, at);
  if (state === 'refused') {
    const message = `The reservation ${id} is ${stateAt(row, at)}: it holds nothing any more. Reserve anew.`;
    throw new AppError('reservation_ended', message);
  }
  if (state === 'released') await addUse(tx, customerId, feature, -row.amount);
  const expiresAt = state === 'committed' ? null : row.expiresAt;
  return toReservation(await tx.reservation.update({ where: { id }, data: { state, expiresAt } }), at);
}

/**
 * Gives back what reservations past their end hold, of so many limits at most. A limit at which somebody is busy is left
 * to him: he does the same first.
 * @returns how many reservations have ended
 */
export async function expireReservations(tx: Transaction, limits: number): Promise<number> {
  return tx.$executeRaw`
    WITH due AS (
      SELECT DISTINCT customer_id, feature FROM quota_reservation
      WHERE state = 'reserved' AND expires_at <= clock_timestamp() LIMIT ${limits}
    ), mine AS (
      SELECT q.customer_id, q.feature FROM quota_use q JOIN due USING (customer_id, feature)
      FOR UPDATE OF q SKIP LOCKED
    ), ended AS (
      UPDATE quota_reservation r SET state = 'expired' FROM mine
      WHERE r.customer_id = mine.customer_id AND r.feature = mine.feature
        AND r.state = 'reserved' AND r.expires_at <= clock_timestamp()
      RETURNING r.customer_id, r.feature, r.amount
    ), returned AS (
      UPDATE quota_use q SET used = q.used - e.amount
      FROM (SELECT customer_id, feature, sum(amount)::bigint AS amount FROM ended GROUP BY 1, 2) e
      WHERE q.customer_id = e.customer_id AND q.feature = e.feature
    )
    SELECT 1 FROM ended`;
}
