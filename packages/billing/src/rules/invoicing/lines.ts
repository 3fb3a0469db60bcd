import type { LineExplanation } from '@bastionary/contracts/invoices';
import type { Span } from '../periods.js';

export type LineKind = 'charge' | 'proration' | 'adjustment' | 'minimum' | 'manual';

/** The tax of a line: which, and whether its amount holds it. */
export interface LineTax {
  readonly name: string | null;
  /** Percent; null: none applies. */
  readonly rate: string | null;
  readonly inclusive: boolean;
}

/** A line before tax. Amounts are in minor units. */
export interface Line {
  readonly kind: LineKind;
  /** What it charges or corrects; null: nothing of a subscription. */
  readonly key: string | null;
  readonly subscriptionId: string | null;
  /** key@version */
  readonly plan: string | null;
  readonly price: string | null;
  readonly description: string;
  readonly quantity: string;
  readonly period: Span | null;
  readonly service: Span | null;
  readonly amount: bigint;
  readonly discount: bigint;
  /** That of the line it corrects; undefined: that of the customer. */
  readonly tax?: LineTax | undefined;
  readonly explanation: LineExplanation;
}

/** A line as it is printed. */
export interface TaxedLine extends Line {
  readonly tax: LineTax;
  readonly taxAmount: bigint;
}

/** What a line asks for without the discount, and without tax unless its amount holds it. */
export const netOf = ({ amount, discount }: Pick<Line, 'amount' | 'discount'>): bigint => amount - discount;

/** What lines come to: the total is the sum of what is printed, and never worked out in another way. */
export function totalsOf(lines: readonly TaxedLine[]): {
  subtotal: bigint;
  discount: bigint;
  tax: bigint;
  total: bigint;
} {
  const sum = (of: (line: TaxedLine) => bigint): bigint => lines.reduce((total, line) => total + of(line), 0n);
  return {
    subtotal: sum(({ amount }) => amount),
    discount: sum(({ discount }) => discount),
    tax: sum(({ taxAmount }) => taxAmount),
    total: sum((line) => netOf(line) + (line.tax.inclusive ? 0n : line.taxAmount)),
  };
}
