import type { Price } from '@bastionary/contracts/prices';
import { Exact, type Exact as ExactAmount } from './rating/money.js';
import { ratePrice } from './rating/rate-price.js';

// Average lengths in 48ths of a day: whole numbers, also for the month and the year of 365.25 days.
const LENGTH = { day: 48, week: 336, month: 1_461, quarter: 4_383, year: 17_532 } as const;
const FINEST = new Exact(10).pow(12);

/**
 * What the recurring prices of a plan come to over the same time: comparable between plans of one currency, and nothing that
 * anybody is billed. What is measured counts as unused. Units are 10^-12 minor units over 17,532 * 1,000 days.
 */
export function recurringWorth(prices: readonly Price[], currency: string, quantity: number): bigint {
  return prices
    .filter((price) => price.currency === currency)
    .map((price) => {
      const period = LENGTH[price.interval] * price.interval_count;
      return BigInt(
        worthOf(price, quantity)
          .times(FINEST)
          .times(17_532_000 * 48)
          .div(period)
          .toDecimalPlaces(0)
          .toFixed(),
      );
    })
    .reduce((sum, worth) => sum + worth, 0n);
}

function worthOf(price: Price, quantity: number): ExactAmount {
  const used = price.meter === undefined ? String(quantity) : '0';
  return Exact.max(ratePrice(price, used, { events: 0n }).exact, price.minimum ?? 0);
}
