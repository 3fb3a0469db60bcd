import type { Anomaly } from '@bastionary/contracts/invoices';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import type { Discounted } from '../../rules/invoicing/discounts.js';
import type { TaxedLine } from '../../rules/invoicing/lines.js';
import type { Span } from '../../rules/periods.js';
import { noteInvoices } from '../documents/note-invoice.js';

/** A draft as it is to be written. */
export interface DraftRow {
  /** null: a new one. */
  readonly id: string | null;
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly scope: 'cycle' | 'period' | 'manual';
  readonly currency: string;
  readonly period: Span;
  /** When a new one goes out by itself; null: when somebody says so. */
  readonly finalizeAt: Date | null;
  readonly lines: readonly TaxedLine[];
  readonly uses: Discounted['uses'];
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly anomalies: readonly Anomaly[];
}

/**
 * Writes drafts with their lines, in a handful of statements whatever their number; of one that is there the lines are replaced.
 * The caller has locked their customers.
 * @returns their ids, in order
 */
export async function writeDrafts(
  tx: Transaction,
  origin: Origin,
  drafts: readonly DraftRow[],
  now: Date,
): Promise<string[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map((draft) => ({ ...draft, isNew: draft.id === null, id: draft.id ?? newId('inv') }));
  const old = rows.filter(({ isNew }) => !isNew).map(({ id }) => id);
  if (old.length > 0) {
    await tx.$executeRaw`DELETE FROM invoice_line WHERE invoice_id = ANY(${old}::text[])`;
    await tx.$executeRaw`DELETE FROM coupon_use WHERE invoice_id = ANY(${old}::text[])`;
  }
  await writeHeads(tx, rows, now);
  await writeLines(tx, rows);
  await writeUses(tx, rows);
  const made = rows.filter(({ isNew }) => isNew);
  await noteInvoices(
    tx,
    origin,
    ...made.map(({ id, customerId, subscriptionId, currency, total, period }) => ({
      type: 'invoice.drafted' as const,
      invoice: { id, number: null, customerId },
      detail: {
        subscription_id: subscriptionId,
        period: { start: period.start.toISOString(), end: period.end.toISOString() },
        currency,
        total: String(total),
      },
    })),
  );
  return rows.map(({ id }) => id);
}

type Row = Omit<DraftRow, 'id'> & { readonly id: string; readonly isNew: boolean };

async function writeHeads(tx: Transaction, rows: readonly Row[], now: Date): Promise<void> {
  const heads = rows.map(({ id, isNew, customerId, subscriptionId, scope, currency, finalizeAt, period, ...draft }) => {
    const { subtotal, discount, tax, total, anomalies } = draft;
    const sums = { subtotal, discount, tax, total };
    return { id, isNew, customerId, subscriptionId, scope, currency, finalizeAt, ...period, ...sums, anomalies };
  });
  const json = JSON.stringify(heads, asText);
  if (rows.some(({ isNew }) => isNew)) {
    await tx.$executeRaw`
      INSERT INTO invoice (id, customer_id, subscription_id, scope, status, currency, period_start, period_end, finalize_at,
        anomalies, subtotal, discount, tax, total, created_at, updated_at)
      SELECT id, "customerId", "subscriptionId", scope, 'draft', currency, start, "end", "finalizeAt", anomalies, subtotal,
        discount, tax, total, ${now}, ${now}
      FROM json_to_recordset(${json}::json) AS head(id text, "isNew" boolean, "customerId" text, "subscriptionId" text,
        scope text, currency text, start timestamptz, "end" timestamptz, "finalizeAt" timestamptz, anomalies jsonb,
        subtotal bigint, discount bigint, tax bigint, total bigint)
      WHERE "isNew"`;
  }
  if (rows.every(({ isNew }) => isNew)) return;
  await tx.$executeRaw`
    UPDATE invoice SET anomalies = head.anomalies, subtotal = head.subtotal, discount = head.discount, tax = head.tax,
      total = head.total, updated_at = ${now}, version = version + 1
    FROM json_to_recordset(${json}::json) AS head(id text, "isNew" boolean, anomalies jsonb, subtotal bigint,
      discount bigint, tax bigint, total bigint)
    WHERE invoice.id = head.id AND NOT "isNew"`;
}

async function writeLines(tx: Transaction, rows: readonly Row[]): Promise<void> {
  const lines = rows.flatMap(({ id: invoiceId, lines: own }) =>
    own.map(({ tax, taxAmount, period, service, ...line }, position) => ({
      ...line,
      id: newId('inl'),
      invoiceId,
      position,
      periodStart: period?.start,
      periodEnd: period?.end,
      serviceStart: service?.start,
      serviceEnd: service?.end,
      taxAmount,
      taxRate: tax.rate,
      taxName: tax.name,
      taxInclusive: tax.inclusive,
    })),
  );
  if (lines.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO invoice_line (id, invoice_id, position, kind, subscription_id, plan, price, charge_key, description, quantity,
      period_start, period_end, service_start, service_end, amount, discount, tax, tax_rate, tax_name, tax_inclusive,
      explanation)
    SELECT id, "invoiceId", position, kind, "subscriptionId", plan, price, key, description, quantity, "periodStart",
      "periodEnd", "serviceStart", "serviceEnd", amount, discount, "taxAmount", "taxRate", "taxName", "taxInclusive",
      explanation
    FROM json_to_recordset(${JSON.stringify(lines, asText)}::json) AS line(id text, "invoiceId" text, position int, kind text,
      "subscriptionId" text, plan text, price text, key text, description text, quantity numeric,
      "periodStart" timestamptz, "periodEnd" timestamptz, "serviceStart" timestamptz, "serviceEnd" timestamptz,
      amount bigint, discount bigint, "taxAmount" bigint, "taxRate" numeric, "taxName" text, "taxInclusive" boolean,
      explanation jsonb)`;
}

async function writeUses(tx: Transaction, rows: readonly Row[]): Promise<void> {
  const uses = rows.flatMap(({ id: invoiceId, uses: own, period }) =>
    own.map(({ id, amount }) => ({ id, invoiceId, start: period.start, amount })),
  );
  if (uses.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO coupon_use (customer_coupon_id, invoice_id, period_start, amount)
    SELECT id, "invoiceId", start, amount FROM json_to_recordset(${JSON.stringify(uses, asText)}::json)
      AS use(id text, "invoiceId" text, start timestamptz, amount bigint)`;
}

const asText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** Takes drafts back of which nothing is left, or which nobody wants. */
export async function deleteDrafts(
  tx: Transaction,
  origin: Origin,
  drafts: readonly { readonly id: string; readonly customerId: string }[],
): Promise<void> {
  if (drafts.length === 0) return;
  const ids = drafts.map(({ id }) => id);
  await tx.$executeRaw`DELETE FROM invoice WHERE id = ANY(${ids}::text[]) AND status = 'draft'`;
  await noteInvoices(
    tx,
    origin,
    ...drafts.map(({ id, customerId }) => ({
      type: 'invoice.draft_deleted' as const,
      invoice: { id, number: null, customerId },
      detail: {},
    })),
  );
}
