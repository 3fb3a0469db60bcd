import type { Transaction } from '@bastionary/prisma/client';
import { readUsage } from './read-usage.js';

const DAY_MS = 86_400_000;

export interface UsageCheck {
  readonly checked: number;
  /** What the rollups say and what the events say, where they differ. */
  readonly differing: readonly {
    readonly meter: string;
    readonly customer_id: string;
    readonly from: Date;
    readonly to: Date;
    readonly rollups: string;
    readonly events: string;
  }[];
}

/**
 * Reads usage of a sample of customers and meters twice, by the rollups and by the events that these knew of, over a day or
 * two that begin and end anywhere. Notes what came of it beside the watermark.
 * @param sample how many
 */
export async function checkUsage(tx: Transaction, sample: number, now: Date): Promise<UsageCheck> {
  const days = await tx.$queryRaw<{ meter: string; customerId: string; start: Date }[]>`
    SELECT m.key AS meter, r.customer_id AS "customerId", r.start
    FROM usage_rollup r JOIN meter m ON m.number = r.meter AND m.backfilled
    WHERE r.resolution = 1440 ORDER BY random() LIMIT ${sample}`;
  const asks = days.map(({ meter, customerId, start }) => ({
    meter,
    customerId,
    from: new Date(start.getTime() - Math.floor(Math.random() * DAY_MS)),
    to: new Date(start.getTime() + Math.floor((0.5 + Math.random()) * DAY_MS)),
  }));
  const differing: UsageCheck['differing'][number][] = [];
  for (const ask of asks) {
    const [rolled] = await readUsage(tx, [ask]);
    const [counted] = await readUsage(tx, [ask], { watermark: rolled?.watermark });
    if (rolled?.value === counted?.value && rolled?.events === counted?.events) continue;
    const { meter, customerId: customer_id, from, to } = ask;
    differing.push({ meter, customer_id, from, to, rollups: rolled?.value ?? '', events: counted?.value ?? '' });
  }
  await tx.usageFold.update({
    where: { id: 1 },
    data: { checkedAt: now, checked: asks.length, differing: differing.length },
  });
  return { checked: asks.length, differing };
}
