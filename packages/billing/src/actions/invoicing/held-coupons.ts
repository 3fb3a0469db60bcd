import type { Reader } from '@bastionary/prisma/client';
import type { HeldCoupon } from '../../rules/invoicing/discounts.js';

/** A coupon of a customer, with the documents that used it. */
export interface CouponRow {
  id: string;
  customerId: string;
  subscriptionId: string | null;
  kind: string;
  percent: string | null;
  amount: bigint | null;
  currency: string | null;
  duration: string;
  periods: number | null;
  invoiceId: string | null;
  isDraft: boolean | null;
  periodStart: Date | null;
}

/** The coupons of customers in the order they were given, a row for each use by a document that counts. */
export async function loadCoupons(db: Reader, customerIds: readonly string[]): Promise<Map<string, CouponRow[]>> {
  const rows = await db.$queryRaw<CouponRow[]>`
    SELECT cc.id, cc.customer_id AS "customerId", cc.subscription_id AS "subscriptionId", c.kind, c.percent::text AS percent,
      c.amount, c.currency, c.duration, c.periods, u.id AS "invoiceId", u.status = 'draft' AS "isDraft",
      u.period_start AS "periodStart"
    FROM customer_coupon cc JOIN coupon c ON c.key = cc.coupon
      LEFT JOIN (SELECT use.customer_coupon_id, use.period_start, i.id, i.status
        FROM coupon_use use JOIN invoice i ON i.id = use.invoice_id WHERE i.status <> 'void') u ON u.customer_coupon_id = cc.id
    WHERE cc.customer_id = ANY(${[...customerIds]}::text[]) AND cc.removed_at IS NULL
    ORDER BY cc.created_at, cc.id`;
  return Map.groupBy(rows, ({ customerId }) => customerId);
}

/** @param counts which documents count as having used one */
export function heldCoupons(
  rows: readonly CouponRow[],
  subscriptionId: string,
  counts: (invoiceId: string, isDraft: boolean) => boolean,
): HeldCoupon[] {
  const own = rows.filter((row) => row.subscriptionId === null || row.subscriptionId === subscriptionId);
  return [...Map.groupBy(own, ({ id }) => id).values()].flatMap((group): HeldCoupon[] => {
    const [first] = group;
    if (first === undefined) return [];
    const uses = group.flatMap(({ invoiceId, isDraft, periodStart }) =>
      invoiceId !== null && periodStart !== null && counts(invoiceId, isDraft === true) ? [periodStart.getTime()] : [],
    );
    return [
      {
        id: first.id,
        worth:
          first.kind === 'percent'
            ? { kind: 'percent', percent: first.percent ?? '0' }
            : { kind: 'amount', amount: first.amount ?? 0n, currency: first.currency ?? '' },
        duration:
          first.duration === 'repeating'
            ? { kind: 'repeating', periods: first.periods ?? 0 }
            : { kind: first.duration === 'once' ? 'once' : 'forever' },
        firstUse: uses.length === 0 ? null : new Date(Math.min(...uses)),
      },
    ];
  });
}
