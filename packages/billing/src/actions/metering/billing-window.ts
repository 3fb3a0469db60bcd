import type { Reader } from '@bastionary/prisma/client';
import { windowAt } from '../../rules/metering/windows.js';
import type { Cycle, Interval, Span } from '../../rules/periods.js';
import { periodAt } from '../../rules/periods.js';

/** The periods in which a customer's usage is looked at: those of its subscription, without one the months of its time zone. */
export interface BillingRhythm {
  readonly timeZone: string;
  readonly cycle: Cycle | null;
}

/** The rhythm of each customer: that of the subscription which it has had for longest. */
export async function billingRhythms(
  db: Reader,
  customerIds: readonly string[],
  now: Date,
): Promise<Map<string, BillingRhythm>> {
  const ids = [...new Set(customerIds)];
  const customers = await db.customer.findMany({ where: { id: { in: ids } }, select: { id: true, timeZone: true } });
  const subscriptions = await db.subscription.findMany({
    where: { customerId: { in: ids }, start: { lte: now }, OR: [{ canceledAt: null }, { canceledAt: { gt: now } }] },
    orderBy: [{ start: 'desc' }, { id: 'desc' }],
  });
  const oldest = new Map(subscriptions.map((one) => [one.customerId, one]));
  return new Map(
    customers.map(({ id, timeZone }): [string, BillingRhythm] => {
      const one = oldest.get(id);
      if (one === undefined) return [id, { timeZone, cycle: null }];
      const interval = { unit: one.interval as Interval['unit'], count: one.intervalCount };
      return [id, { timeZone, cycle: { anchor: one.anchor, timeZone: one.timeZone, interval } }];
    }),
  );
}

/** The billing period that an instant lies in. */
export function billingWindow({ cycle, timeZone }: BillingRhythm, at: Date): Span {
  if (cycle === null) return windowAt(at, 'month', timeZone);
  const { start, end } = periodAt(cycle, at);
  return { start, end };
}
