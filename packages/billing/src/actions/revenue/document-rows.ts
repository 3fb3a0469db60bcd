import type { CreditNoteListQuery, InvoiceListQuery, PaymentListQuery } from '@bastionary/contracts/invoices';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type Sql, sql } from '@bastionary/prisma/client';
import { amountDue } from '../../rules/documents/amounts.js';
import { matching } from '../documents/list-invoices.js';
import { millis, type Raw, type RowList, whoOf } from './row-list.js';

type Unpaged<Query> = Omit<Query, 'limit' | 'cursor'>;

/** Invoices as the list finds them. */
export const invoiceRows = (query: Unpaged<InvoiceListQuery>, now: Date) =>
  list(
    sql`
    SELECT i.id, i.number, i.status, i.scope, i.customer_id, c.name AS customer_name, c.country, i.subscription_id, i.currency,
      i.period_start, i.period_end, i.subtotal, i.discount, i.tax, i.total, i.credits_applied, i.amount_paid,
      i.amount_credited, i.finalized_at, i.due_at, i.paid_at, i.voided_at, i.uncollectible_at, i.dunning_step, i.created_at,
      i.total AS amount, ${millis(sql`i.created_at`)} AS sort_key, i.id AS sort_id
    FROM invoice i JOIN customer c ON c.id = i.customer_id WHERE ${matching(null, query, now)}`,
    (raw) => ({
      id: raw.id,
      number: raw.number,
      status: raw.status,
      scope: raw.scope,
      ...whoOf(raw),
      country: raw.country,
      subscription_id: raw.subscription_id,
      period_start: toInstant(raw.period_start),
      period_end: toInstant(raw.period_end),
      created_at: toInstant(raw.created_at),
      finalized_at: toInstantOrNull(raw.finalized_at),
      due_at: toInstantOrNull(raw.due_at),
      paid_at: toInstantOrNull(raw.paid_at),
      voided_at: toInstantOrNull(raw.voided_at),
      uncollectible_at: toInstantOrNull(raw.uncollectible_at),
      dunning_step: raw.dunning_step,
      currency: raw.currency,
      subtotal: String(raw.subtotal),
      discount: String(raw.discount),
      tax: String(raw.tax),
      total: String(raw.total),
      credits_applied: String(raw.credits_applied),
      amount_paid: String(raw.amount_paid),
      amount_credited: String(raw.amount_credited),
      amount_due: String(
        amountDue({
          status: raw.status,
          total: BigInt(raw.total),
          creditsApplied: BigInt(raw.credits_applied),
          amountPaid: BigInt(raw.amount_paid),
          amountCredited: BigInt(raw.amount_credited),
        }),
      ),
    }),
  );

/** Payments as the list finds them. */
export const paymentRows = (query: Unpaged<PaymentListQuery>) =>
  list(
    sql`
    SELECT p.*, c.name AS customer_name, i.number AS invoice_number, ${millis(sql`p.created_at`)} AS sort_key, p.id AS sort_id
    FROM payment p JOIN customer c ON c.id = p.customer_id LEFT JOIN invoice i ON i.id = p.invoice_id
    WHERE ${within(sql`p`, query)}`,
    (raw) => ({
      id: raw.id,
      ...whoOf(raw),
      invoice_id: raw.invoice_id,
      invoice_number: raw.invoice_number,
      provider: raw.provider,
      reference: raw.reference,
      received_at: toInstant(raw.received_at),
      created_at: toInstant(raw.created_at),
      currency: raw.currency,
      amount: String(raw.amount),
      refunded: String(raw.refunded),
    }),
  );

/** Credit notes as the list finds them. */
export const creditNoteRows = (query: Unpaged<CreditNoteListQuery>) =>
  list(
    sql`
    SELECT n.id, n.number, n.invoice_id, i.number AS invoice_number, n.customer_id, c.name AS customer_name, n.reason, n.currency,
      n.subtotal, n.tax, n.total, n.to_invoice, n.to_refund, n.to_wallet, n.created_at, n.total AS amount,
      ${millis(sql`n.created_at`)} AS sort_key, n.id AS sort_id
    FROM credit_note n JOIN customer c ON c.id = n.customer_id JOIN invoice i ON i.id = n.invoice_id
    WHERE ${within(sql`n`, query)}`,
    (raw) => ({
      id: raw.id,
      number: raw.number,
      invoice_id: raw.invoice_id,
      invoice_number: raw.invoice_number,
      ...whoOf(raw),
      created_at: toInstant(raw.created_at),
      reason: raw.reason,
      currency: raw.currency,
      subtotal: String(raw.subtotal),
      tax: String(raw.tax),
      total: String(raw.total),
      to_invoice: String(raw.to_invoice),
      to_refund: String(raw.to_refund),
      to_wallet: String(raw.to_wallet),
    }),
  );

/** The journal: every entry of the books, debit positive and credit negative. */
export const journalRows = (query: {
  readonly currency?: string | undefined;
  readonly account?: string | undefined;
  readonly customer_id?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}) =>
  list(
    sql`
    SELECT e.id, t.id AS transaction_id, t.kind, t.source, t.at, e.account, e.currency, e.amount, e.customer_id,
      c.name AS customer_name, e.invoice_id, i.number AS invoice_number, ${millis(sql`t.at`)} AS sort_key,
      t.id || lpad(e.id::text, 20, '0') AS sort_id
    FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id LEFT JOIN customer c ON c.id = e.customer_id
      LEFT JOIN invoice i ON i.id = e.invoice_id
    WHERE ${optional(sql`e.currency`, query.currency)} AND ${optional(sql`e.account`, query.account)}
      AND ${optional(sql`e.customer_id`, query.customer_id)} AND ${since(sql`t.at`, query)}`,
    (raw) => ({
      entry_id: String(raw.id),
      transaction_id: raw.transaction_id,
      at: toInstant(raw.at),
      kind: raw.kind,
      source: raw.source,
      account: raw.account,
      customer_id: raw.customer_id,
      customer_name: raw.customer_name,
      invoice_id: raw.invoice_id,
      invoice_number: raw.invoice_number,
      currency: raw.currency,
      amount: String(raw.amount),
    }),
  );

const list = <Row>(rows: Sql, toRow: (raw: Raw) => Row): RowList<Row> => ({ rows, toRow });

const optional = (column: Sql, value: string | undefined): Sql =>
  value === undefined ? sql`true` : sql`${column} = ${value}`;

const since = (
  column: Sql,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
): Sql =>
  sql`(${from ?? null}::timestamptz IS NULL OR ${column} >= ${from ?? null}::timestamptz)
    AND (${to ?? null}::timestamptz IS NULL OR ${column} < ${to ?? null}::timestamptz)`;

const within = (table: Sql, query: Unpaged<PaymentListQuery>): Sql => sql`
  ${optional(sql`${table}.customer_id`, query.customer_id)} AND ${optional(sql`${table}.invoice_id`, query.invoice_id)}
  AND ${optional(sql`${table}.currency`, query.currency)} AND ${since(sql`${table}.created_at`, query)}`;
