import type { Price } from '@bastionary/contracts/plans';
import type { Interval } from './periods.js';

const MONTHLY: Interval = { unit: 'month', count: 1 };

/** The rhythm that a plan is billed in: that of its first price in the customer's currency, else of its first; else months. */
export function billingInterval(prices: readonly Price[], currency: string): Interval {
  const price = prices.find((one) => one.currency === currency) ?? prices[0];
  return price === undefined ? MONTHLY : { unit: price.interval, count: price.interval_count };
}
