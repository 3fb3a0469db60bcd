import { exponentOf, toMajor } from '@bastionary/billing/rules/rating/money';
import type { Price, Tier } from '@bastionary/contracts/prices';

/** Minor units as money, every digit of them: `€19.99`, `€0.0004`. */
const money = (minor: string, currency: string) =>
  new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponentOf(currency),
    maximumFractionDigits: 20,
  }).format(toMajor(minor, currency) as Intl.StringNumericLiteral);

/** A decimal text with its thousands apart: `1,000`, `0.5`. */
const count = (decimal: string) =>
  new Intl.NumberFormat(undefined, { maximumFractionDigits: 20 }).format(decimal as Intl.StringNumericLiteral);

const rhythm = ({ interval, interval_count: every }: Price) =>
  every === 1 ? `per ${interval}` : `every ${every} ${interval}s`;

/** A price in words: `€19.99 per month`, `€5.00 per unit every 3 months, in arrears`, `1.3 % of payments per month`. */
export const priceWords = (price: Price): string => {
  const late = price.meter === undefined && price.timing === 'in_arrears' ? ', in arrears' : '';
  return [`${rateWords(price)} ${rhythm(price)}${late}`, ...extras(price)].join(', ');
};

const rateWords = (price: Price): string => {
  const { model, currency, amount = '0', unit_amount = '0', package_size = '1', meter, tiers = [] } = price;
  const unit = meter === undefined ? 'unit' : `unit of ${meter}`;
  switch (model) {
    case 'flat':
      return money(amount, currency);
    case 'per_unit':
      return `${money(unit_amount, currency)} per ${unit}`;
    case 'package':
      return `${money(price.unit_amount ?? amount, currency)} per ${count(package_size)} ${meter === undefined ? 'units' : `units of ${meter}`}`;
    case 'graduated':
      return `${tierWords(tiers, (tier) => money(tier.unit_amount, currency), currency)} per ${unit}, tier by tier,`;
    case 'volume':
      return `${tierWords(tiers, (tier) => money(tier.unit_amount, currency), currency)} per ${unit}, all at the tier reached,`;
    case 'percentage':
      return price.tiers === undefined
        ? `${unit_amount} % of ${meter}`
        : `${tierWords(
            tiers,
            (tier) => `${tier.unit_amount} %`,
            currency,
            (end) => money(end, currency),
          )} of ${meter}, tier by tier,`;
  }
};

const tierWords = (
  tiers: readonly Tier[],
  rate: (tier: Tier) => string,
  currency: string,
  end: (decimal: string) => string = count,
): string =>
  tiers
    .map((tier, index) => {
      const flat = tier.flat_amount === undefined ? '' : ` + ${money(tier.flat_amount, currency)}`;
      const until = tier.up_to === null ? '' : ` up to ${end(tier.up_to)}`;
      return `${tier.up_to === null && index > 0 ? 'then ' : ''}${rate(tier)}${flat}${until}`;
    })
    .join(', ');

const extras = ({ model, currency, free_units, flat_amount, free_events, minimum }: Price): string[] => [
  ...(free_units === undefined || Number(free_units) === 0
    ? []
    : [`the first ${model === 'percentage' ? money(free_units, currency) : count(free_units)} free`]),
  ...(flat_amount === undefined
    ? []
    : [
        `and ${money(flat_amount, currency)} per event${free_events === undefined ? '' : ` after ${count(free_events)}`}`,
      ]),
  ...(minimum === undefined ? [] : [`at least ${money(minimum, currency)}`]),
];

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
