import type { Reservation, ReserveRequest } from '@bastionary/contracts/quotas';
import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { freeOf, mayTake } from '../rules/quota.js';
import { type QuotaTerms, quotaTerms, type ReservationRow, toReservation, usedOf } from './find-quota.js';
import { addUse, lockQuota } from './lock-quota.js';
import { type Causes, settleEntitlements } from './refresh-entitlements.js';

/**
 * Takes a part of a customer's limit, until it is released or expires. The row of `quota_use` is the lock: whoever has
 * it knows exactly what is taken. One holder has one reservation: asking again gives the same.
 * @throws AppError not_found, invalid_request (no limit), customer_suspended, quota_exceeded, reservation_differs
 */
export async function reserveQuota(
  tx: Transaction,
  request: ReserveRequest,
  { now, followers }: Pick<Causes, 'now' | 'followers'>,
): Promise<Reservation> {
  const { customer_id: customerId, feature, amount, holder = null } = request;
  const { overdue } = await quotaTerms(tx, customerId, feature, now);
  if (overdue) await settleEntitlements(tx, customerId, { now, followers });
  const { used, at } = await lockQuota(tx, customerId, feature);
  const held = await reservationOfHolder(tx, request);
  if (held !== null) return sameReservation(held, request, at);
  // Read under the lock: what has been lowered in the meantime is lower for this one too.
  checkMayTake(request, await quotaTerms(tx, customerId, feature, now), used);
  const row = {
    id: newId('rsv', at.getTime()),
    customerId,
    feature,
    amount: BigInt(amount),
    holder,
    state: 'reserved',
    expiresAt: new Date(at.getTime() + request.expires_in * 1_000),
    createdAt: at,
  };
  await tx.reservation.create({ data: row });
  await addUse(tx, customerId, feature, row.amount);
  return toReservation(row, at);
}

/**
 * Refuses what plainly cannot be had, without a lock: where many want the last part of a limit, the many need not wait.
 * @throws AppError as reserveQuota
 */
export async function refuseIfFull(db: Reader, request: ReserveRequest, now: Date): Promise<void> {
  const { customer_id: customerId, feature } = request;
  const terms = await quotaTerms(db, customerId, feature, now);
  if (terms.overdue || (await reservationOfHolder(db, request)) !== null) return;
  checkMayTake(request, terms, await usedOf(db, customerId, feature));
}

async function reservationOfHolder(db: Reader, request: ReserveRequest): Promise<ReservationRow | null> {
  const { customer_id: customerId, feature, holder } = request;
  if (holder === undefined) return null;
  return db.reservation.findFirst({
    where: { customerId, feature, holder, state: { in: ['reserved', 'committed'] } },
  });
}

function sameReservation(held: ReservationRow, { amount }: ReserveRequest, at: Date): Reservation {
  if (held.amount === BigInt(amount)) return toReservation(held, at);
  const message = `${held.holder} holds ${held.amount} of ${held.feature} already. Release that first.`;
  throw new AppError('reservation_differs', message, {
    faults: [
      { path: '/amount', code: 'reservation_differs', message: `must be ${held.amount}, or the holder another` },
    ],
  });
}

function checkMayTake(request: ReserveRequest, { limit, suspended }: QuotaTerms, used: number): void {
  const { customer_id: customerId, feature, amount } = request;
  if (suspended) {
    throw new AppError('customer_suspended', `The customer ${customerId} is suspended and can take nothing more.`);
  }
  if (mayTake(limit, used, amount)) return;
  const free = freeOf(limit ?? Number.MAX_SAFE_INTEGER, used) ?? 0;
  const message = `Of ${feature} ${limit} can be had, ${used} are taken and ${free} free; ${amount} are too many.`;
  throw new AppError('quota_exceeded', message, {
    faults: [{ path: '/amount', code: 'quota_exceeded', message: `must be at most ${free}` }],
  });
}
