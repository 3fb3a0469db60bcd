import { toInstant } from '@bastionary/contracts/text';
import { lockCustomers } from '@bastionary/entitlements/actions/facts';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { amountDue, sumsOf } from '../../rules/documents/amounts.js';
import { documentBytes } from '../../rules/documents/document.js';
import { invoiceDocument } from '../../rules/documents/invoice-document.js';
import { finalizePostings } from '../../rules/documents/postings.js';
import { recomposeDrafts } from '../invoicing/recompose-drafts.js';
import { applyCredits, grantCredits } from '../invoicing/wallet.js';
import { deleteDrafts } from '../invoicing/write-drafts.js';
import { buyersOf } from './buyers.js';
import {
  getInvoice,
  getInvoices,
  type InvoiceRow,
  invoiceConflict,
  lockInvoices,
  noSuchInvoice,
} from './find-invoice.js';
import { entriesOf, postLedger } from './ledger.js';
import { noteInvoices } from './note-invoice.js';
import { lockSeries, moveSeries } from './number-series.js';
import type { DocumentSurroundings } from './surroundings.js';

const DAY_MS = 86_400_000;

/**
 * Makes a draft final: numbered, due, in the books, never changed again. Of one that is final already this is how it stands.
 * @throws AppError not_found, invoice_conflict (it has no lines)
 */
export async function finalizeInvoice(
  tx: Transaction,
  origin: Origin,
  id: string,
  around: DocumentSurroundings,
): Promise<InvoiceRow> {
  const { status } = await getInvoice(tx, id);
  if (status === 'draft' && !(await finalizeMany(tx, origin, [id], around)).includes(id)) {
    const { status: now } = (await tx.invoice.findUnique({ where: { id } })) ?? { status: 'draft' };
    if (now === 'draft') throw invoiceConflict('no_lines', 'The draft has no lines: there is nothing to ask for.');
  }
  return getInvoice(tx, id);
}

/**
 * The same for many in a handful of statements, with numbers in the order of `ids`. Each draft is made anew before; those of
 * which nothing is left are taken back. Those that are no draft any more are left as they are.
 * @returns those it made final
 * @throws AppError not_found
 */
export async function finalizeMany(
  tx: Transaction,
  origin: Origin,
  ids: readonly string[],
  around: DocumentSurroundings,
): Promise<string[]> {
  const { now, documents } = around;
  const drafts = await openDrafts(tx, origin, ids, around);
  if (drafts.length === 0) return [];
  const buyers = await buyersOf(
    tx,
    drafts.map(({ customerId }) => customerId),
  );
  const summed = drafts.map((draft) => ({ draft, ...sumsOf(draft.lines) }));
  const applied = await moveWallets(tx, origin, summed, now);
  const series = documents.invoiceSeries;
  let { last, lastHash } = await lockSeries(tx, series);
  const finals = summed.map(({ draft, subtotal, discount, tax, total }) => {
    const customer = buyers.get(draft.customerId);
    if (customer === undefined) throw new Error(`invoice ${draft.id} has no customer`);
    const sequence = ++last;
    const dueAt = new Date(now.getTime() + (customer.netDays ?? documents.netDays) * DAY_MS);
    const creditsApplied = applied.get(draft.id) ?? 0n;
    const facts = {
      series,
      sequence,
      previousHash: lastHash,
      finalizedAt: now,
      dueAt,
      creditsApplied,
      seller: documents.seller,
      buyer: customer.buyer,
    };
    const document = invoiceDocument(draft, facts);
    const bytes = documentBytes(document);
    lastHash = bytes.hash;
    const due = amountDue({ status: 'open', total, creditsApplied, amountPaid: 0n, amountCredited: 0n });
    return { ...facts, ...bytes, draft, number: document.number, subtotal, discount, tax, total, due };
  });
  await writeFinals(tx, finals, now);
  await moveSeries(tx, series, { last, lastHash });
  await postLedger(
    tx,
    ...finals.map(({ draft, total, tax, creditsApplied }) => ({
      kind: 'invoice.finalized',
      source: `invoice:${draft.id}`,
      customerId: draft.customerId,
      at: now,
      entries: entriesOf(finalizePostings({ total, tax, creditsApplied }), { ...draft, invoiceId: draft.id }),
    })),
  );
  await noteInvoices(
    tx,
    origin,
    ...finals.flatMap(({ draft, number, total, due, dueAt, hash }) => {
      const invoice = { id: draft.id, number, customerId: draft.customerId };
      const asked = { currency: draft.currency, total: String(total), amount_due: String(due) };
      const finalized = { ...asked, due_at: toInstant(dueAt), document_hash: hash };
      return [
        { type: 'invoice.finalized' as const, invoice, detail: finalized },
        ...(due === 0n ? [{ type: 'invoice.paid' as const, invoice, detail: asked }] : []),
      ];
    }),
  );
  return finals.map(({ draft }) => draft.id);
}

/** The drafts among these, in this order, made anew, with their customers and themselves locked. */
async function openDrafts(
  tx: Transaction,
  origin: Origin,
  ids: readonly string[],
  around: DocumentSurroundings,
): Promise<InvoiceRow[]> {
  const whose = await tx.invoice.findMany({ where: { id: { in: [...ids] } }, select: { id: true, customerId: true } });
  const known = new Set(whose.map(({ id }) => id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw noSuchInvoice(missing);
  await lockCustomers(tx, [...new Set(whose.map(({ customerId }) => customerId))]);
  await lockInvoices(tx, ids);
  const drafts = (await getInvoices(tx, ids)).filter(({ status }) => status === 'draft');
  const { emptied, changed } = await recomposeDrafts(tx, drafts, around);
  await deleteDrafts(
    tx,
    origin,
    drafts.filter(({ id }) => emptied.has(id)),
  );
  const fresh = await getInvoices(tx, [...changed.difference(emptied)]);
  const rows = new Map([...drafts, ...fresh].map((row) => [row.id, row]));
  const left = [...new Set(ids)].filter((id) => !emptied.has(id));
  return left.flatMap((id) => rows.get(id) ?? []).filter(({ lines }) => lines.length > 0);
}

/** Pays what is asked for from the wallets; what gives more than it takes fills them. */
async function moveWallets(
  tx: Transaction,
  origin: Origin,
  summed: readonly { readonly draft: InvoiceRow; readonly total: bigint }[],
  now: Date,
): Promise<Map<string, bigint>> {
  const demands = summed.map(({ draft: { id, customerId, currency }, total }) => ({
    invoiceId: id,
    customerId,
    currency,
    amount: total,
  }));
  const gifts = demands.filter(({ amount }) => amount < 0n);
  await grantCredits(
    tx,
    origin,
    gifts.map(({ invoiceId, customerId, currency, amount }) => ({
      customerId,
      currency,
      amount: -amount,
      reason: 'Credit of an invoice',
      source: `invoice:${invoiceId}`,
    })),
    now,
  );
  return applyCredits(tx, demands, now);
}

interface Final {
  readonly draft: InvoiceRow;
  readonly series: string;
  readonly sequence: bigint;
  readonly number: string;
  readonly previousHash: string | null;
  readonly dueAt: Date;
  readonly creditsApplied: bigint;
  readonly document: string;
  readonly hash: string;
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly due: bigint;
}

async function writeFinals(tx: Transaction, finals: readonly Final[], now: Date): Promise<void> {
  const rows = finals.map(({ draft, creditsApplied, ...final }) => ({
    ...final,
    id: draft.id,
    credits: creditsApplied,
    status: final.due === 0n ? 'paid' : 'open',
    paidAt: final.due === 0n ? now : null,
  }));
  await tx.$executeRaw`
    UPDATE invoice SET status = fresh.status, subtotal = fresh.subtotal, discount = fresh.discount, tax = fresh.tax,
      total = fresh.total, credits_applied = credits, series = fresh.series, sequence = fresh.sequence,
      number = fresh.number, finalized_at = ${now}, due_at = "dueAt", paid_at = "paidAt", document = fresh.document,
      document_hash = hash, previous_hash = "previousHash", finalize_at = NULL, updated_at = ${now}, version = version + 1
    FROM json_to_recordset(${JSON.stringify(rows, withBigints)}::json) AS fresh(id text, status text, subtotal bigint,
      discount bigint, tax bigint, total bigint, credits bigint, series text, sequence bigint, number text,
      "dueAt" timestamptz, "paidAt" timestamptz, document text, hash text, "previousHash" text)
    WHERE invoice.id = fresh.id`;
}

const withBigints = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
