import type { Span } from '../periods.js';
import { grouped } from '../rating/explain-rating.js';
import { Exact, toMajor } from '../rating/money.js';
import type { Line, LineTax } from './lines.js';
import type { OwedLine } from './owed.js';
import { roundRatio } from './round-ratio.js';

/** All that was billed of one charge, on however many documents. */
export interface Billed {
  readonly key: string;
  readonly plan: string;
  readonly price: string;
  readonly description: string;
  readonly quantity: string;
  readonly period: Span;
  /** From the start of the service to the last instant that was billed of it. */
  readonly service: Span;
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: LineTax;
  /** The number of the last document. */
  readonly invoice: string | null;
}

/**
 * What is owed and not billed, and what is billed and not owed: a line each for every charge where both differ. What it gives,
 * billed, leaves no difference. A credit takes back the part of the discount that its charge had, at the tax it had.
 * @param billed of the same charges, and of those that are gone
 */
export function difference(
  subscriptionId: string,
  owed: readonly OwedLine[],
  billed: readonly Billed[],
  currency: string,
): Line[] {
  const before = new Map(billed.map((one) => [one.key, one]));
  const keys = new Set(owed.map(({ key }) => key));
  const gone = billed.filter(({ key, amount }) => !keys.has(key) && amount !== 0n);
  return [
    ...owed.flatMap((line) => lineOf(subscriptionId, line, before.get(line.key), currency)),
    ...gone.map((one) => credit(subscriptionId, one, currency)),
  ];
}

function lineOf(subscriptionId: string, owed: OwedLine, billed: Billed | undefined, currency: string): Line[] {
  const { key, kind, plan, price, description, period, service, explanation } = owed;
  const line = { key, subscriptionId, plan, price, period, service };
  if (billed === undefined) {
    const isShown = owed.amount !== 0n || (owed.isMetered && !new Exact(owed.quantity).isZero());
    const { amount, quantity } = owed;
    return isShown ? [{ ...line, kind, description, quantity, amount, discount: 0n, explanation }] : [];
  }
  const amount = owed.amount - billed.amount;
  if (amount === 0n) return [];
  const isLate = owed.isMetered && billed.service.end >= service.end;
  const label = isLate ? `, late usage of ${labelOf(period)}` : amount < 0n ? `, not served of ${labelOf(period)}` : '';
  return [
    {
      ...line,
      kind: kind === 'minimum' ? 'minimum' : isLate ? 'adjustment' : owed.isMetered ? 'charge' : 'proration',
      description: `${description}${label}`,
      quantity: owed.isMetered ? new Exact(owed.quantity).minus(billed.quantity).toFixed() : owed.quantity,
      amount,
      ...taken(billed, amount),
      explanation: {
        ...explanation,
        corrects: corrects(billed),
        text: `${explanation.text}; ${words(billed, currency)}`,
      },
    },
  ];
}

function credit(subscriptionId: string, billed: Billed, currency: string): Line {
  const { key, plan, price, description, period, quantity } = billed;
  const amount = -billed.amount;
  return {
    kind: key.endsWith('|minimum') ? 'minimum' : 'proration',
    key,
    subscriptionId,
    plan,
    price,
    description: `${description}, not served of ${labelOf(period)}`,
    quantity,
    period,
    service: { start: billed.service.start, end: billed.service.start },
    amount,
    ...taken(billed, amount),
    explanation: {
      text: `Nothing of it was served; ${words(billed, currency)}`,
      steps: [],
      corrects: corrects(billed),
      exact: '0',
      rounded: '0',
    },
  };
}

// Who paid half gets half back.
function taken(billed: Billed, amount: bigint): Pick<Line, 'discount' | 'tax'> {
  if (amount > 0n || billed.amount === 0n) return { discount: 0n };
  return { discount: roundRatio(billed.discount * amount, billed.amount), tax: billed.tax };
}

const corrects = ({ invoice, amount, period }: Billed) => ({
  invoice,
  amount: amount.toString(),
  period: { start: period.start.toISOString(), end: period.end.toISOString() },
});

const words = ({ amount, invoice }: Billed, currency: string): string =>
  `${grouped(toMajor(amount.toString(), currency))} of it ${amount < 0n ? 'credited' : 'billed'} before${invoice === null ? '' : ` (${invoice})`}`;

/** A period as people write it: its first day, and the day after its last. */
const labelOf = ({ start, end }: Span): string =>
  `${start.toISOString().slice(0, 10)} – ${end.toISOString().slice(0, 10)}`;
