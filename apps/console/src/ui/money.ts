import { exponentOf } from '@bastionary/billing/rules/rating/money';

/** Minor units as a decimal text, digit by digit: 1234 is 12.34 in EUR, 1234 in JPY and 1.234 in KWD. */
export const decimalOf = (minor: string, currency: string): string => {
  const exponent = exponentOf(currency);
  const isNegative = minor.startsWith('-');
  const digits = (isNegative ? minor.slice(1) : minor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`;
  return isNegative ? `-${text}` : text;
};

// A hyphen is narrower than a digit, and breaks a line.
const withMinus = (text: string) => text.replaceAll('-', '−');

const formats = new Map<number, Intl.NumberFormat>();
const formatOf = (exponent: number) => {
  const known = formats.get(exponent);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, { minimumFractionDigits: exponent, maximumFractionDigits: exponent });
  formats.set(exponent, made);
  return made;
};

/** Minor units as the reader writes numbers: `1,234.56`, `−12.00`. No number of JavaScript ever holds them. */
export const formatAmount = (minor: string | bigint, currency: string): string =>
  withMinus(formatOf(exponentOf(currency)).format(decimalOf(String(minor), currency) as Intl.StringNumericLiteral));

/** The same with its currency: `1,234.56 EUR`. */
export const formatMinor = (minor: string | bigint, currency: string): string =>
  `${formatAmount(minor, currency)} ${currency}`;

const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 12 });

/** A quantity or a rate, every digit of it: `1,000,000`, `0.0004`. */
export const formatDecimal = (decimal: string): string =>
  /^-?\d+(\.\d+)?$/.test(decimal) ? withMinus(plain.format(decimal as Intl.StringNumericLiteral)) : decimal;

/** A decimal of minor units, such as the price of one call, in the currency with every digit: 0.04 is `0.0004 EUR`. */
export const formatExact = (minor: string, currency: string): string => {
  const exponent = exponentOf(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(minor) ?? [];
  if (whole === '') return `${minor} ${currency}`;
  const digits = whole.padStart(exponent + 1, '0');
  const behind = `${digits.slice(digits.length - exponent, digits.length)}${fraction}`;
  const text = `${sign}${digits.slice(0, digits.length - exponent)}.${exponent === 0 ? fraction : behind}`;
  const shown = new Intl.NumberFormat(undefined, { minimumFractionDigits: exponent, maximumFractionDigits: 20 });
  return `${withMinus(shown.format(text.replace(/\.$/, '') as Intl.StringNumericLiteral))} ${currency}`;
};

/**
 * What somebody typed, `12.34`, as minor units, `1234`.
 * @returns null if it is no amount of that currency, or has more digits than the currency
 */
export const parseAmount = (typed: string, currency: string): string | null => {
  const exponent = exponentOf(currency);
  const match = /^(\d{1,15})(?:[.](\d*))?$/.exec(typed.trim().replaceAll(/[\s,](?=\d{3}(?:\D|$))/g, ''));
  if (!match) return null;
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > exponent) return null;
  return (BigInt(whole) * 10n ** BigInt(exponent) + BigInt(fraction.padEnd(exponent, '0') || '0')).toString();
};

/** Sums of minor units, one for each currency: they are never added across. */
export const sumByCurrency = <Row extends { currency: string }>(
  rows: readonly Row[],
  amount: (row: Row) => string,
): { currency: string; sum: string }[] =>
  [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, of]) => ({
    currency,
    sum: of.reduce((sum, row) => sum + BigInt(amount(row)), 0n).toString(),
  }));
