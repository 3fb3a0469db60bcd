import type { Price } from '@bastionary/contracts/prices';
import { Exact, roundMinor } from '../rating/money.js';
import { ratePrice } from '../rating/rate-price.js';

/** A plan or add-on that is held, with the prices of its version. */
export interface PricedItem {
  readonly prices: readonly Price[];
  readonly quantity: number;
}

// A year has 12 months, 4 quarters, 52 weeks and 365 days.
const PER_YEAR: Readonly<Record<Price['interval'], number>> = { day: 365, week: 52, month: 12, quarter: 4, year: 1 };

/**
 * What items come to in a month, in minor units: prices that recur whatever is used, in one currency, each brought to a
 * month exactly; rounded once, at the end. Without tax, and before coupons.
 */
export function monthlyWorth(items: readonly PricedItem[], currency: string): bigint {
  const exact = items.flatMap(({ prices, quantity }) =>
    prices
      .filter((price) => price.currency === currency && price.meter === undefined)
      .map((price) =>
        new Exact(ratePrice(price, String(quantity)).exact)
          .times(PER_YEAR[price.interval])
          .div(12 * price.interval_count),
      ),
  );
  return roundMinor(exact.reduce((sum, one) => sum.plus(one), new Exact(0)));
}
