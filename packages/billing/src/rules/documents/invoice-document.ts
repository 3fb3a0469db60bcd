import { toInstant } from '@bastionary/contracts/text';
import { taxNote } from '../invoicing/taxes.js';
import { sumsOf, type TaxedLine, taxSummary } from './amounts.js';
import { type Buyer, type DocumentLine, documentNumber, type InvoiceDocument, type Seller } from './document.js';

/** A line as it is stored. Quantity and rate are exact decimals. */
export interface LineFacts extends Omit<TaxedLine, 'taxRate'> {
  readonly id: string;
  readonly kind: string;
  readonly description: string;
  readonly plan: string | null;
  readonly price: string | null;
  readonly quantity: Exact;
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  readonly serviceStart: Date | null;
  readonly serviceEnd: Date | null;
  readonly taxRate: Exact | null;
  readonly explanation: unknown;
}

/** A decimal of any library that can write itself without an exponent. */
interface Exact {
  toFixed(): string;
}

export interface DraftFacts {
  readonly id: string;
  readonly subscriptionId: string | null;
  readonly currency: string;
  readonly periodStart: Date;
  readonly periodEnd: Date;
  readonly lines: readonly LineFacts[];
}

export interface FinalizeFacts {
  readonly series: string;
  readonly sequence: bigint;
  readonly previousHash: string | null;
  readonly finalizedAt: Date;
  readonly dueAt: Date;
  readonly creditsApplied: bigint;
  readonly seller: Seller;
  readonly buyer: Buyer;
}

/** What a line says on documents and on the wire. */
export const lineView = (line: LineFacts): DocumentLine => ({
  id: line.id,
  kind: line.kind,
  description: line.description,
  plan: line.plan,
  price: line.price,
  quantity: line.quantity.toFixed(),
  period: spanOrNull(line.periodStart, line.periodEnd),
  service: spanOrNull(line.serviceStart, line.serviceEnd),
  amount: String(line.amount),
  discount: String(line.discount),
  tax: String(line.tax),
  tax_rate: line.taxRate?.toFixed() ?? null,
  tax_name: line.taxName,
  tax_inclusive: line.taxInclusive,
  explanation: line.explanation,
});

/** The taxes of lines, one entry for each that applies. */
export const taxViews = (lines: readonly LineFacts[]) =>
  taxSummary(lines.map((line) => ({ ...line, taxRate: line.taxRate?.toFixed() ?? null }))).map(
    ({ name, rate, net, tax, inclusive }) => ({
      name,
      rate,
      net: String(net),
      tax: String(tax),
      inclusive,
      note: taxNote(name),
    }),
  );

/** The document of a finalized invoice: all that it says, and nothing that changes later. */
export function invoiceDocument(draft: DraftFacts, facts: FinalizeFacts): InvoiceDocument {
  const { subtotal, discount, tax, total } = sumsOf(draft.lines);
  return {
    form: 1,
    kind: 'invoice',
    id: draft.id,
    series: facts.series,
    number: documentNumber(facts.series, facts.sequence),
    previous_hash: facts.previousHash,
    seller: facts.seller,
    buyer: facts.buyer,
    currency: draft.currency,
    subscription_id: draft.subscriptionId,
    period: { start: toInstant(draft.periodStart), end: toInstant(draft.periodEnd) },
    finalized_at: toInstant(facts.finalizedAt),
    due_at: toInstant(facts.dueAt),
    lines: draft.lines.map(lineView),
    taxes: taxViews(draft.lines),
    subtotal: String(subtotal),
    discount: String(discount),
    tax: String(tax),
    total: String(total),
    credits_applied: String(facts.creditsApplied),
  };
}

const spanOrNull = (start: Date | null, end: Date | null) =>
  start === null || end === null ? null : { start: toInstant(start), end: toInstant(end) };
