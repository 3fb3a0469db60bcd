import type { Anomaly } from '@bastionary/contracts/invoices';
import { toMajor } from '../rating/money.js';

/** Of a document, what is compared with the one before. */
export interface Compared {
  readonly total: bigint;
  /** Prices of usage → what was used. */
  readonly used: ReadonlyMap<string, string>;
}

/**
 * Why somebody should look at a draft before it goes out.
 * @param before the last document of the same subscription; null: there is none
 * @param percent a total that differs by more than this deserves a look
 */
export function anomaliesOf(now: Compared, before: Compared | null, percent: number, currency: string): Anomaly[] {
  const money = (amount: bigint): string => `${currency} ${toMajor(amount.toString(), currency)}`;
  const found = (code: string, detail: string): Anomaly => ({
    code,
    detail,
    before: before === null ? null : before.total.toString(),
    now: now.total.toString(),
  });
  const negative =
    now.total < 0n ? [found('negative_total', `It gives ${money(-now.total)} back, to the wallet.`)] : [];
  if (before === null) return [found('first_invoice', 'It is the first of this subscription.'), ...negative];
  const difference = now.total - before.total;
  const size = difference < 0n ? -difference : difference;
  const limit = (before.total < 0n ? -before.total : before.total) * BigInt(percent);
  const jump =
    size * 100n > limit
      ? [
          found(
            difference > 0n ? 'total_rose' : 'total_fell',
            `${money(now.total)} after ${money(before.total)}: more than ${percent} % ${difference > 0n ? 'more' : 'less'}.`,
          ),
        ]
      : [];
  const gone = [...before.used]
    .filter(([price, quantity]) => Number(quantity) > 0 && !(Number(now.used.get(price) ?? 0) > 0))
    .map(([price, quantity]) => found('usage_gone', `No usage of ${price}, after ${quantity} the last time.`));
  return [...jump, ...gone, ...negative];
}
