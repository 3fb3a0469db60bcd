import type { Price } from '@bastionary/contracts/plans';

/** A decimal text as money, every digit of it: `€19.99`, `€0.0004`. */
const money = (amount: string, currency: string) =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 12 }).format(
    amount as Intl.StringNumericLiteral,
  );

const rhythm = ({ interval, interval_count: count }: Price) =>
  count === 1 ? `per ${interval}` : `every ${count} ${interval}s`;

/** A price in words: `€19.99 per month`, `€5.00 per unit every 3 months, in arrears`. */
export const priceWords = (price: Price): string => {
  const each = price.kind === 'per_unit' ? ' per unit' : '';
  const late = price.billing === 'in_arrears' ? ', in arrears' : '';
  return `${money(price.amount, price.currency)}${each} ${rhythm(price)}${late}`;
};

/** What it costs in each currency; a customer pays in one of them. */
export const wordsByCurrency = (prices: readonly Price[]): string[] =>
  [...Map.groupBy(prices, ({ currency }) => currency).values()].map((one) => one.map(priceWords).join(' + '));

/** The price in the first currency, and in how many others there is one. */
export const pricesWords = (prices: readonly Price[]): string => {
  const [first = 'no price', ...others] = wordsByCurrency(prices);
  if (others.length === 0) return first;
  return `${first}, and in ${others.length} more ${others.length === 1 ? 'currency' : 'currencies'}`;
};

export const trialWords = (days: number): string =>
  days === 0 ? 'none' : `${days.toLocaleString()} ${days === 1 ? 'day' : 'days'}`;
