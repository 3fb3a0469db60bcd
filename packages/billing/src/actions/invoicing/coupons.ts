import type { Coupon, CreateCouponRequest } from '@bastionary/contracts/billing-terms';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/** All coupons, those that are still given first. */
export async function listCoupons(db: Reader): Promise<Coupon[]> {
  const rows = await db.coupon.findMany({ orderBy: [{ retiredAt: { sort: 'desc', nulls: 'first' } }, { key: 'asc' }] });
  return rows.map(toCoupon);
}

/**
 * Makes a coupon. What it is worth never changes: who has it keeps what was promised.
 * @throws AppError duplicate_coupon
 */
export async function createCoupon(
  tx: Transaction,
  origin: Origin,
  { key, name, percent, amount, currency, duration, periods }: CreateCouponRequest,
  now: Date,
): Promise<Coupon> {
  const worth = percent === undefined ? { kind: 'amount', amount: BigInt(amount ?? 0) } : { kind: 'percent', percent };
  const { count } = await tx.coupon.createMany({
    data: { key, name, ...worth, currency: currency ?? null, duration, periods: periods ?? null, createdAt: now },
    skipDuplicates: true,
  });
  if (count === 0) throw new AppError('duplicate_coupon', `There is a coupon ${key} already, or was one.`);
  const made = toCoupon(await tx.coupon.findUniqueOrThrow({ where: { key } }));
  await note(tx, origin, 'coupon.created', made);
  return made;
}

/**
 * Gives a coupon to nobody any more. Who has it keeps it.
 * @throws AppError not_found
 */
export async function retireCoupon(tx: Transaction, origin: Origin, key: string, now: Date): Promise<Coupon> {
  const row = await tx.coupon.findUnique({ where: { key } });
  if (row === null) throw new AppError('not_found', `There is no coupon ${key}.`);
  if (row.retiredAt !== null) return toCoupon(row);
  const retired = toCoupon(await tx.coupon.update({ where: { key }, data: { retiredAt: now } }));
  await note(tx, origin, 'coupon.retired', retired);
  return retired;
}

type Row = NonNullable<Awaited<ReturnType<Reader['coupon']['findUnique']>>>;

/** A coupon as it stands in answers. */
export const toCoupon = (row: Row): Coupon => ({
  key: row.key,
  name: row.name,
  percent: row.percent?.toFixed() ?? null,
  amount: row.amount === null ? null : String(row.amount),
  currency: row.currency,
  duration: row.duration as Coupon['duration'],
  periods: row.periods,
  created_at: toInstant(row.createdAt),
  retired_at: toInstantOrNull(row.retiredAt),
});

async function note(
  tx: Transaction,
  origin: Origin,
  type: 'coupon.created' | 'coupon.retired',
  { key, name, percent, amount, currency, duration, periods }: Coupon,
): Promise<void> {
  const detail = { name, percent, amount, currency, duration, periods };
  await appendAudit(tx, origin, { action: type, target: `coupon:${key}`, detail });
  await appendEvent(tx, { type, key: `coupon:${key}`, data: { coupon: key, ...detail } });
}
