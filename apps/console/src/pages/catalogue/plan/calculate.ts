import { explainRating } from '@bastionary/billing/rules/rating/explain-rating';
import { minimumShortfall } from '@bastionary/billing/rules/rating/minimum-shortfall';
import { Exact, exponentOf, roundMinor, toMinor } from '@bastionary/billing/rules/rating/money';
import { ratePrice } from '@bastionary/billing/rules/rating/rate-price';
import type { Price } from '@bastionary/contracts/prices';
import { decimal } from './price-draft';

/** What is asked: how many of each thing that prices count. Decimal texts, by `countedBy`. */
export type Quantities = Readonly<Record<string, string>>;

/** The seats of the subscription; meters are counted by their own name. */
export const SEATS = '';

/** What a price counts; a flat one counts nothing. */
export const countedBy = ({ model, meter }: Price): string | undefined =>
  model === 'flat' ? undefined : (meter ?? SEATS);

/** Events are asked for apart from the sum, where a price takes something for each of them. */
const eventsOf = (meter: string): string => `${meter} events`;

export type CalculatedLine = { price: Price; amount: bigint; explanation: string };

/** A line of an invoice for a whole period, as it would be rated. */
export const calculateLine = (price: Price, quantities: Quantities): CalculatedLine => {
  const counted = countedBy(price);
  const quantity = counted === undefined ? '0' : (quantities[counted] ?? '0');
  const events = BigInt(quantities[eventsOf(price.meter ?? '')] ?? '0');
  const rated = ratePrice(price, quantity, { events });
  const missing = minimumShortfall(price, rated.exact);
  const explanation = [rated, ...(missing.steps.length > 0 ? [missing] : [])]
    .map((one) => explainRating(one, price.currency))
    .join('; ');
  // Two lines of the invoice: what was used, and what is missing to the minimum. Each is rounded by itself.
  return { price, amount: roundMinor(rated.exact) + roundMinor(missing.exact), explanation };
};

/** What is paid together: prices of one rhythm. */
export type Total = { every: string; amount: bigint };

export const totals = (lines: readonly CalculatedLine[]): Total[] =>
  [
    ...Map.groupBy(lines, ({ price: { interval, interval_count: count } }) =>
      count === 1 ? `per ${interval}` : `every ${count} ${interval}s`,
    ),
  ].map(([every, group]) => ({ every, amount: group.reduce((sum, { amount }) => sum + amount, 0n) }));

export type CalculatorInput = {
  name: string;
  label: string;
  initial: string;
  /** Typed in the currency, counted in minor units. */
  isMoney: boolean;
  /** Nothing of it can be counted in parts. */
  isWhole: boolean;
};

/** What has to be known to rate these prices: seats, each meter once, and events where they cost something. */
export const calculatorInputs = (prices: readonly Price[]): CalculatorInput[] => {
  const inputs = prices.flatMap((price): CalculatorInput[] => {
    const { model, meter, currency, flat_amount } = price;
    const name = countedBy(price);
    if (name === undefined) return [];
    const isMoney = model === 'percentage';
    const label = name === SEATS ? 'Quantity' : isMoney ? `${name}, ${currency}` : name;
    const initial = name === SEATS ? '5' : '1000';
    const events = {
      name: eventsOf(meter ?? ''),
      label: `Events of ${meter}`,
      initial: '10',
      isMoney: false,
      isWhole: true,
    };
    return [{ name, label, initial, isMoney, isWhole: name === SEATS }, ...(flat_amount === undefined ? [] : [events])];
  });
  return inputs.filter(({ name }, index) => inputs.findIndex((one) => one.name === name) === index);
};

/** What was typed, as the rules take it; what is no number counts as none, and is said. */
export const readQuantities = (
  inputs: readonly CalculatorInput[],
  typed: Readonly<Record<string, string>>,
  currency: string,
): { quantities: Quantities; faults: Readonly<Record<string, string>> } => {
  const faults: Record<string, string> = {};
  const quantities = Object.fromEntries(
    inputs.map(({ name, initial, isMoney, isWhole }) => {
      const text = decimal(typed[name] ?? initial);
      if (!(isWhole ? /^\d{1,12}$/ : /^\d{1,18}(\.\d{1,12})?$/).test(text)) {
        faults[name] = isWhole ? 'must be a whole number' : 'must be a number';
        return [name, '0'];
      }
      return [name, isMoney ? toMinor(text, currency).toFixed() : text];
    }),
  );
  return { quantities, faults };
};

/** How far its curve is drawn: twice what is asked, and past its last tier. In what the price counts. */
export const reachOf = (price: Price, quantities: Quantities): string => {
  const asked = new Exact(quantities[countedBy(price) ?? SEATS] ?? 0).times(2);
  const ends = (price.tiers ?? []).flatMap(({ up_to: end }) => (end === null ? [] : [new Exact(end).times('1.5')]));
  const packages = new Exact(price.package_size ?? 0).times(8);
  return Exact.max(10, asked, packages, new Exact(price.free_units ?? 0).times(3), ...ends).toFixed();
};

/** Only where curves are drawn a number is a number. Money is in the currency. */
export type Point = { quantity: number; total: number; average: number | null };

const POINTS = 48;

/** What the price comes to from nothing up to `most`, and what a unit costs on average. */
export const curve = (price: Price, most: string, quantities: Quantities): Point[] => {
  const counted = countedBy(price);
  if (counted === undefined) return [];
  const scale = new Exact(10).pow(exponentOf(price.currency));
  return Array.from({ length: POINTS + 1 }, (_, index) => {
    const exact = new Exact(most).times(index).div(POINTS);
    const quantity = exact.toDecimalPlaces(new Exact(most).gt(POINTS * 4) ? 0 : 12);
    const { amount } = calculateLine(price, { ...quantities, [counted]: quantity.toFixed() });
    const total = new Exact(amount.toString()).div(scale);
    const units = price.model === 'percentage' ? quantity.div(scale) : quantity;
    return {
      quantity: units.toNumber(),
      total: total.toNumber(),
      average: units.isZero() ? null : total.div(units).toNumber(),
    };
  });
};
