import { Decimal } from 'decimal.js';

/**
 * Exact decimals for prices, quantities and amounts that are not rounded yet. 60 digits hold every product whose amount
 * fits a document without loss. Half away from zero, and never in exponent form.
 */
export const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -100, toExpPos: 100 });
export type Exact = Decimal;

const AMOUNT_MAX = 2n ** 63n - 1n;

/**
 * A line's amount: rounded once, half away from zero, so that a credit is the mirror of its charge.
 * @param exact in minor units
 * @throws RangeError if it is more than a document can hold (2^63 - 1)
 */
export function roundMinor(exact: Exact | string): bigint {
  const amount = BigInt(new Exact(exact).toDecimalPlaces(0).toFixed());
  if (amount > AMOUNT_MAX || amount < -AMOUNT_MAX) {
    throw new RangeError(`An amount of ${amount} minor units is more than an invoice can hold.`);
  }
  return amount;
}

// ISO 4217, list one: all others have two. The runtime's own digits are those in common use, not these (HUF, IDR, IQD …),
// and change with it; what is stored must not.
const EXPONENTS: Readonly<Record<number, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};

const EXPONENT_OF = new Map(
  Object.entries(EXPONENTS).flatMap(([exponent, codes]) => codes.map((code) => [code, Number(exponent)] as const)),
);

/** How many decimals the minor unit of a currency has: EUR 2, JPY 0, KWD 3. */
export const exponentOf = (currency: string): number => EXPONENT_OF.get(currency) ?? 2;

/** Minor units in one of the currency, by exponent. */
const MINOR_UNITS = [1, 10, 100, 1_000, 10_000].map((units) => new Exact(units));
const minorUnitsOf = (currency: string): Exact => MINOR_UNITS[exponentOf(currency)] as Exact;

/** Minor units as a decimal text of the currency, every digit of them: EUR "1990" → "19.90", "0.06" → "0.0006". */
export function toMajor(minor: Exact | string | bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const major = new Exact(typeof minor === 'bigint' ? minor.toString() : minor).div(minorUnitsOf(currency));
  return major.toFixed(Math.max(exponent, major.decimalPlaces()));
}

/** A decimal text of the currency in minor units, exactly: EUR "19.99" → 1999. */
export const toMinor = (major: string, currency: string): Exact => new Exact(major).times(minorUnitsOf(currency));
