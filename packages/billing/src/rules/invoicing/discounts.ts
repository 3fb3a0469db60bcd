import { type Cycle, periodIndex } from '../periods.js';
import { allocate } from '../rating/allocate.js';
import { Exact, roundMinor } from '../rating/money.js';
import { type Line, netOf } from './lines.js';

/** A coupon that a customer has. */
export interface HeldCoupon {
  readonly id: string;
  readonly worth:
    | { readonly kind: 'percent'; readonly percent: string }
    /** In minor units. */
    | { readonly kind: 'amount'; readonly amount: bigint; readonly currency: string };
  readonly duration:
    | { readonly kind: 'once' }
    | { readonly kind: 'forever' }
    | { readonly kind: 'repeating'; readonly periods: number };
  /** The begin of the first period in which another document used it; null: none has. */
  readonly firstUse: Date | null;
}

/**
 * Whether a coupon counts for a document of the period that begins at `boundary`. A repeating one counts for so many periods from
 * the first that used it, which are counted from the anchor, so that a short month is one too.
 */
export function isLive({ duration, firstUse }: HeldCoupon, cycle: Cycle, boundary: Date): boolean {
  if (duration.kind === 'forever' || firstUse === null) return true;
  if (duration.kind !== 'repeating') return false;
  const passed = periodIndex(cycle, boundary) - periodIndex(cycle, firstUse);
  return passed >= 0 && passed < duration.periods;
}

export interface Discounted {
  readonly lines: readonly Line[];
  /** What each coupon took off, in the order they were taken. */
  readonly uses: readonly { readonly id: string; readonly amount: bigint }[];
}

/**
 * Takes coupons off in their order, each from what the one before left: spread over the lines that ask for something, to the
 * last minor unit. Nothing gets below zero; an amount in another currency takes nothing.
 */
export function discount(lines: readonly Line[], coupons: readonly HeldCoupon[], currency: string): Discounted {
  const uses: { id: string; amount: bigint }[] = [];
  let current = [...lines];
  for (const { id, worth } of coupons) {
    const weights = current.map((line) => (netOf(line) > 0n ? netOf(line) : 0n));
    const base = sum(weights);
    const left = sum(current.map(netOf));
    const wanted =
      worth.kind === 'percent'
        ? roundMinor(new Exact(base.toString()).times(worth.percent).div(100))
        : worth.currency === currency
          ? worth.amount
          : 0n;
    const amount = [wanted, base, left > 0n ? left : 0n].reduce((one, other) => (one < other ? one : other));
    if (amount === 0n) continue;
    const parts = allocate(amount, weights);
    current = current.map((line, index) => ({ ...line, discount: line.discount + (parts[index] ?? 0n) }));
    uses.push({ id, amount });
  }
  return { lines: current, uses };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((one, other) => one + other, 0n);
