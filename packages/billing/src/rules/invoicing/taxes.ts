import { Exact, roundMinor } from '../rating/money.js';
import { type Line, type LineTax, netOf, type TaxedLine } from './lines.js';

export interface TaxRate {
  readonly key: string;
  readonly name: string;
  /** null: of all countries that have none of their own. */
  readonly country: string | null;
  readonly percent: string;
  readonly inclusive: boolean;
  readonly reverseCharge: boolean;
}

/** Of a customer, what decides its tax. */
export interface TaxedCustomer {
  readonly country: string | null;
  readonly taxId: string | null;
  readonly isExempt: boolean;
  /** The key of the rate it was given; null: that of its country. */
  readonly rate: string | null;
}

const NONE: LineTax = { name: null, rate: null, inclusive: false };
const EXEMPT: LineTax = { name: 'Exempt', rate: null, inclusive: false };
const REVERSE_CHARGE: LineTax = { name: 'Reverse charge', rate: null, inclusive: false };

/** What a document must say besides, by the name of its tax. */
const NOTES: Readonly<Record<string, string>> = {
  Exempt: 'Exempt from tax.',
  'Reverse charge': 'Reverse charge: the recipient is liable for the tax.',
};

/** The same of one tax; null: nothing. */
export const taxNote = (name: string | null): string | null => NOTES[name ?? ''] ?? null;

/**
 * The tax of a customer: none if it is exempt, else the rate it was given, else that of its country, else that of all others. A
 * business with a tax id in another country than ours accounts for it itself where the rate says so.
 * @param ours the country of the house; null: not said, so that nobody is abroad
 */
export function taxOf(customer: TaxedCustomer, rates: readonly TaxRate[], ours: string | null): LineTax {
  if (customer.isExempt) return EXEMPT;
  const given = rates.find(({ key }) => key === customer.rate);
  const local = rates.find(({ country }) => country !== null && country === customer.country);
  const rate = given ?? local ?? rates.find(({ country }) => country === null);
  if (rate === undefined) return NONE;
  const isAbroad = ours !== null && customer.country !== null && customer.country !== ours;
  if (given === undefined && rate.reverseCharge && isAbroad && customer.taxId !== null) return REVERSE_CHARGE;
  return { name: rate.name, rate: new Exact(rate.percent).toFixed(), inclusive: rate.inclusive };
}

/**
 * The tax of each line: rounded per line, or once per rate for the whole document and spread by the largest remainders.
 * @param own of lines that say no tax themselves
 */
export function taxed(lines: readonly Line[], own: LineTax, rounding: 'line' | 'document'): TaxedLine[] {
  const withTax = lines.map((line) => ({ ...line, tax: line.tax ?? own }));
  const exact = withTax.map(({ tax, ...line }) => exactTax(netOf(line), tax));
  if (rounding === 'line')
    return withTax.map((line, index) => ({ ...line, taxAmount: roundMinor(exact[index] ?? '0') }));
  const amounts = new Map<number, bigint>();
  for (const group of groupsOf(withTax)) {
    const parts = spread(group.map((index) => exact[index] ?? new Exact(0)));
    for (const [place, index] of group.entries()) amounts.set(index, parts[place] ?? 0n);
  }
  return withTax.map((line, index) => ({ ...line, taxAmount: amounts.get(index) ?? 0n }));
}

export interface TaxSum {
  readonly name: string | null;
  readonly rate: string | null;
  readonly inclusive: boolean;
  /** Without the tax, also where the amounts hold it. */
  readonly net: bigint;
  readonly tax: bigint;
  readonly note: string | null;
}

/** The taxes of a document, one sum for each. */
export function taxSums(lines: readonly TaxedLine[]): TaxSum[] {
  return groupsOf(lines).map((group) => {
    const members = group.flatMap((index) => lines[index] ?? []);
    const { name, rate, inclusive } = members[0]?.tax ?? NONE;
    const tax = members.reduce((sum, { taxAmount }) => sum + taxAmount, 0n);
    const net = members.reduce((sum, line) => sum + netOf(line), 0n) - (inclusive ? tax : 0n);
    return { name, rate, inclusive, net, tax, note: taxNote(name) };
  });
}

function exactTax(net: bigint, { rate, inclusive }: LineTax): Exact {
  if (rate === null) return new Exact(0);
  const whole = new Exact(net.toString()).times(rate);
  return inclusive ? whole.div(new Exact(rate).plus(100)) : whole.div(100);
}

function groupsOf(lines: readonly { readonly tax: LineTax }[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, { tax }] of lines.entries()) {
    const key = JSON.stringify([tax.name, tax.rate, tax.inclusive]);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()];
}

/** Parts with signs, so that they add up to their rounded sum: each rounded down, the largest remainders raised. */
function spread(parts: readonly Exact[]): bigint[] {
  const total = roundMinor(parts.reduce((sum, part) => sum.plus(part), new Exact(0)));
  const floors = parts.map((part) => BigInt(part.floor().toFixed()));
  const left = Number(total - floors.reduce((sum, floor) => sum + floor, 0n));
  const raised = new Set(
    parts
      .map((part, index) => ({ index, rest: part.minus(part.floor()) }))
      .sort((one, other) => other.rest.comparedTo(one.rest) || one.index - other.index)
      .slice(0, left)
      .map(({ index }) => index),
  );
  return floors.map((floor, index) => (raised.has(index) ? floor + 1n : floor));
}
