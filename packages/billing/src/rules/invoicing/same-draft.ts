import type { LineExplanation } from '@bastionary/contracts/invoices';
import type { Span } from '../periods.js';
import { Exact } from '../rating/money.js';
import type { Draft } from './draft.js';
import type { TaxedLine } from './lines.js';

/** A decimal of any library that can write itself without an exponent. */
interface Decimal {
  toFixed(): string;
}

/** A line of a draft as it is stored. */
export interface StoredLine {
  readonly kind: string;
  readonly subscriptionId: string | null;
  readonly plan: string | null;
  readonly price: string | null;
  readonly chargeKey: string | null;
  readonly description: string;
  readonly quantity: Decimal;
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  readonly serviceStart: Date | null;
  readonly serviceEnd: Date | null;
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly taxRate: Decimal | null;
  readonly taxName: string | null;
  readonly taxInclusive: boolean;
  readonly explanation: unknown;
}

/** A draft as it is stored, with its lines in order. */
export interface StoredDraft {
  readonly lines: readonly StoredLine[];
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly anomalies: unknown;
}

/**
 * Whether a draft that was made from scratch says in every field what is stored. Only when its usage was read may differ: the
 * stored reading came to the same quantity of as many events, and can be read again.
 * @param uses what coupons took off it, as stored
 */
export function isSameDraft(stored: StoredDraft, uses: Draft['uses'], fresh: Draft): boolean {
  return (
    stored.lines.length === fresh.lines.length &&
    stored.subtotal === fresh.subtotal &&
    stored.discount === fresh.discount &&
    stored.tax === fresh.tax &&
    stored.total === fresh.total &&
    isSameJson(stored.anomalies, fresh.anomalies) &&
    areSameUses(uses, fresh.uses) &&
    fresh.lines.every((line, place) => isSameLine(stored.lines[place] as StoredLine, line))
  );
}

function areSameUses(stored: Draft['uses'], fresh: Draft['uses']): boolean {
  const taken = new Map(stored.map(({ id, amount }) => [id, amount]));
  return taken.size === fresh.length && fresh.every(({ id, amount }) => taken.get(id) === amount);
}

const isSameLine = (stored: StoredLine, fresh: TaxedLine): boolean =>
  stored.kind === fresh.kind &&
  stored.chargeKey === fresh.key &&
  stored.subscriptionId === fresh.subscriptionId &&
  stored.plan === fresh.plan &&
  stored.price === fresh.price &&
  stored.description === fresh.description &&
  isSameNumber(stored.quantity, fresh.quantity) &&
  isSameSpan(stored.periodStart, stored.periodEnd, fresh.period) &&
  isSameSpan(stored.serviceStart, stored.serviceEnd, fresh.service) &&
  stored.amount === fresh.amount &&
  stored.discount === fresh.discount &&
  stored.tax === fresh.taxAmount &&
  isSameNumber(stored.taxRate, fresh.tax.rate) &&
  stored.taxName === fresh.tax.name &&
  stored.taxInclusive === fresh.tax.inclusive &&
  isSameExplanation(stored.explanation as LineExplanation, fresh.explanation);

function isSameNumber(stored: Decimal | null, fresh: string | null): boolean {
  if (stored === null || fresh === null) return stored === fresh;
  const text = stored.toFixed();
  return text === fresh || new Exact(text).equals(fresh);
}

const isSameSpan = (start: Date | null, end: Date | null, fresh: Span | null): boolean =>
  start?.getTime() === fresh?.start.getTime() && end?.getTime() === fresh?.end.getTime();

function isSameExplanation(stored: LineExplanation, fresh: LineExplanation): boolean {
  if (stored.usage === undefined || fresh.usage === undefined) return isSameJson(stored, fresh);
  const usage = { ...fresh.usage, watermark: stored.usage.watermark };
  return isSameJson(stored, { ...fresh, usage });
}

/** The order of fields does not count: the database keeps its own. */
function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(left);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSameJson(left[name], right[name]))
  );
}
