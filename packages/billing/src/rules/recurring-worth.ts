import type { Price } from '@bastionary/contracts/plans';

// Average lengths in 48ths of a day: whole numbers, also for the month and the year of 365.25 days.
const LENGTH = { day: 48n, week: 336n, month: 1_461n, year: 17_532n } as const;
const DECIMALS = 12;

/**
 * What the recurring prices of a plan come to over the same time: comparable between plans of one currency, and nothing
 * that anybody is billed. Units are decimals of 10^-12 of the currency over 17,532 * 1,000 days.
 */
export function recurringWorth(prices: readonly Price[], currency: string, quantity: number): bigint {
  return prices
    .filter((price) => price.currency === currency)
    .map(({ kind, amount, interval, interval_count }) => {
      const worth = toUnits(amount) * (kind === 'per_unit' ? BigInt(quantity) : 1n) * 17_532n * 1_000n * 48n;
      return worth / (LENGTH[interval] * BigInt(interval_count));
    })
    .reduce((sum, worth) => sum + worth, 0n);
}

/** "19.99" in units of 10^-12 */
function toUnits(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}
