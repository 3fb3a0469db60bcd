import type { Entitlements } from '@bastionary/contracts/entitlements';
import type { Quota, Reservation } from '@bastionary/contracts/quotas';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { freeOf, stateAt } from '../rules/quota.js';
import { noSuchCustomer } from './facts.js';

/** What a customer's snapshot says about a limit. */
export interface QuotaTerms {
  /** Null is unlimited. */
  readonly limit: number | null;
  readonly suspended: boolean;
  /** The snapshot has outlived itself: settle it, then ask again. */
  readonly overdue: boolean;
}

/** @throws AppError not_found (customer or feature), invalid_request (a feature that is no limit) */
export async function quotaTerms(db: Reader, customerId: string, feature: string, now: Date): Promise<QuotaTerms> {
  const [row] = await db.$queryRaw<{ body: string; valid_until: Date | null; type: string | null }[]>`
    SELECT s.body, s.valid_until, f.type FROM entitlement_snapshot s LEFT JOIN feature f ON f.key = ${feature}
    WHERE s.customer_id = ${customerId}`;
  if (row === undefined) throw noSuchCustomer(customerId);
  if (row.type === null)
    throw new AppError('not_found', `There is no feature ${feature}. GET /api/features lists them.`);
  if (row.type !== 'limit') {
    const message = `is a ${row.type}; only of a limit can a part be taken`;
    throw new AppError('invalid_request', `The feature ${feature} ${message}.`, {
      faults: [{ path: '/feature', code: 'not_a_limit', message }],
    });
  }
  const { status, features } = JSON.parse(row.body) as Entitlements;
  return {
    // A feature made a moment ago is in the next snapshot.
    limit: Object.hasOwn(features, feature) ? (features[feature] as number | null) : 0,
    suspended: status === 'suspended',
    overdue: row.valid_until !== null && row.valid_until <= now,
  };
}

/** What is taken of a limit now, by the clock of the database. */
export async function usedOf(db: Reader, customerId: string, feature: string): Promise<number> {
  const [row] = await db.$queryRaw<{ used: bigint }[]>`
    SELECT q.used - coalesce((
      SELECT sum(r.amount) FROM quota_reservation r WHERE r.customer_id = q.customer_id AND r.feature = q.feature
        AND r.state = 'reserved' AND r.expires_at <= clock_timestamp()), 0)::bigint AS used
    FROM quota_use q WHERE q.customer_id = ${customerId} AND q.feature = ${feature}`;
  return Number(row?.used ?? 0n);
}

/** How much of a limit is used and free, by a snapshot that is not overdue. @throws AppError as quotaTerms */
export async function getQuota(db: Reader, customerId: string, feature: string, now: Date): Promise<Quota> {
  const { limit } = await quotaTerms(db, customerId, feature, now);
  const used = await usedOf(db, customerId, feature);
  return { customer_id: customerId, feature, limit, used, free: freeOf(limit, used) };
}

/** @param own whose it must be; null: anybody's. @throws AppError not_found */
export async function getReservation(db: Reader, id: string, own: string | null) {
  const row = await db.reservation.findUnique({ where: { id, ...(own !== null && { customerId: own }) } });
  if (row === null) throw new AppError('not_found', `There is no reservation ${id}.`);
  return row;
}

export type ReservationRow = Awaited<ReturnType<typeof getReservation>>;

/** A reservation as it stands in answers. @param now by the clock of the database */
export const toReservation = (row: ReservationRow, now: Date): Reservation => ({
  id: row.id,
  customer_id: row.customerId,
  feature: row.feature,
  amount: Number(row.amount),
  holder: row.holder,
  state: stateAt(row, now),
  expires_at: toInstantOrNull(row.expiresAt),
  created_at: toInstant(row.createdAt),
});
