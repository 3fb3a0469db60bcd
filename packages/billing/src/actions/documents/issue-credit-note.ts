import type { CreditNoteRequest } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { amountDue, netOf } from '../../rules/documents/amounts.js';
import { creditDestination } from '../../rules/documents/credit-note-destination.js';
import {
  type CreditableLine,
  type CreditSplit,
  type CreditWish,
  splitCredit,
} from '../../rules/documents/credit-split.js';
import { type CreditNoteDocument, documentBytes, documentNumber } from '../../rules/documents/document.js';
import { creditNotePostings } from '../../rules/documents/postings.js';
import { restoreStanding } from '../collection/restore-standing.js';
import { grantCredits } from '../invoicing/wallet.js';
import { buyersOf } from './buyers.js';
import { type CreditNoteRow, getCreditNote } from './find-credit-note.js';
import { getInvoice, type InvoiceRow, invoiceConflict } from './find-invoice.js';
import { entriesOf, postLedger } from './ledger.js';
import { noteInvoices } from './note-invoice.js';
import { lockSeries, moveSeries } from './number-series.js';
import { openInvoice } from './open-invoice.js';
import { writeRefund } from './refund-payment.js';
import type { DocumentSurroundings } from './surroundings.js';

type Split = Extract<CreditSplit, { outcome: 'split' }>;

/**
 * Takes back a finalized invoice or a part of it: a document of its own, with tax in proportion. It lessens what is owed;
 * what was paid already goes into the wallet or back. Never more than was invoiced, whoever else credits at that moment.
 * @throws AppError not_found, invoice_conflict (a draft, void, or nothing left), invalid_request
 */
export async function issueCreditNote(
  tx: Transaction,
  origin: Origin,
  invoiceId: string,
  request: CreditNoteRequest,
  surroundings: DocumentSurroundings,
): Promise<CreditNoteRow> {
  const { invoice: head, around } = await openInvoice(tx, invoiceId, surroundings);
  const { status, customerId, currency } = head;
  if (status === 'draft' || status === 'void') {
    throw invoiceConflict(status, `It is ${status}: there is nothing to take back.`);
  }
  const invoice = await getInvoice(tx, invoiceId);
  const split = splitCredit(await creditable(tx, invoice), wishOf(request));
  if (split.outcome === 'refused') throw refusal(split);
  const { net: subtotal, tax } = split;
  const total = subtotal + tax;
  if (total <= 0n) throw invoiceConflict('nothing_credited', 'These lines together give nothing back.');
  const due = amountDue(invoice);
  const payments = await tx.payment.findMany({ where: { invoiceId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  const refundable = payments.map(({ id, amount, refunded }) => ({ id, refundable: amount - refunded }));
  const to = creditDestination(total, due, request.paid_part, refundable);
  const id = newId('crn');
  const { now } = around;
  const numbered = await numberNote(tx, { id, invoice, split, to, reason: request.reason }, { ...surroundings, now });
  const { refunds, ...amounts } = to;
  await tx.creditNote.create({
    data: {
      ...numbered,
      ...amounts,
      id,
      invoiceId,
      customerId,
      currency,
      subtotal,
      tax,
      total,
      reason: request.reason,
      createdAt: now,
    },
  });
  await tx.creditNoteLine.createMany({
    data: split.lines.map(({ lineId, net, tax: ofTax }, position) => ({
      id: newId('cnl'),
      creditNoteId: id,
      position,
      invoiceLineId: lineId,
      amount: net,
      tax: ofTax,
    })),
  });
  const isSettled = due > 0n && to.toInvoice === due;
  await tx.invoice.update({
    where: { id: invoiceId },
    data: {
      amountCredited: { increment: total },
      ...(isSettled && { status: 'paid', paidAt: now, nextDunningAt: null }),
      updatedAt: now,
      version: { increment: 1 },
    },
  });
  const isWrittenOff = status === 'uncollectible';
  await postLedger(tx, {
    kind: 'credit_note.issued',
    source: `credit_note:${id}`,
    customerId,
    at: now,
    entries: entriesOf(creditNotePostings({ subtotal, tax, ...amounts, isWrittenOff }), {
      currency,
      customerId,
      invoiceId,
    }),
  });
  const detail = {
    credit_note_id: id,
    number: numbered.number,
    currency,
    total: String(total),
    to_invoice: String(to.toInvoice),
    to_refund: String(to.toRefund),
    to_wallet: String(to.toWallet),
    reason: request.reason,
    document_hash: numbered.documentHash,
  };
  const paid = { currency, total: String(invoice.total), amount_due: '0' };
  await noteInvoices(
    tx,
    origin,
    { type: 'credit_note.issued', invoice, detail },
    ...(isSettled ? [{ type: 'invoice.paid' as const, invoice, detail: paid }] : []),
  );
  if (to.toWallet > 0n) {
    const source = `credit_note:${id}`;
    await grantCredits(
      tx,
      origin,
      [{ customerId, currency, amount: to.toWallet, reason: `Credit note ${numbered.number}`, source }],
      now,
    );
  }
  for (const { paymentId, amount } of refunds) {
    const payment = payments.find((one) => one.id === paymentId);
    if (payment === undefined) throw new Error(`a refund of no payment: ${paymentId}`);
    const wish = { amount, reason: request.reason, keepsAccess: request.access === 'keep', creditNoteId: id };
    await writeRefund(tx, origin, payment, wish, around);
  }
  if (isSettled) await restoreStanding(tx, origin, invoice.subscriptionId, around);
  return getCreditNote(tx, id);
}

/** What the credit notes so far have left of each line. */
async function creditable(tx: Transaction, { id, lines }: InvoiceRow): Promise<CreditableLine[]> {
  const credited = await tx.creditNoteLine.groupBy({
    by: ['invoiceLineId'],
    where: { creditNote: { invoiceId: id } },
    _sum: { amount: true, tax: true },
  });
  const sums = new Map(credited.map(({ invoiceLineId, _sum }) => [invoiceLineId, _sum]));
  return lines.map((line) => ({
    id: line.id,
    net: netOf(line) - (sums.get(line.id)?.amount ?? 0n),
    tax: line.tax - (sums.get(line.id)?.tax ?? 0n),
  }));
}

function wishOf({ amount, lines }: CreditNoteRequest): CreditWish {
  if (lines !== undefined) {
    return { kind: 'lines', lines: lines.map((line) => ({ lineId: line.line_id, net: BigInt(line.amount) })) };
  }
  return amount === undefined ? { kind: 'all' } : { kind: 'gross', amount: BigInt(amount) };
}

function refusal({ code, reason, path }: Extract<CreditSplit, { outcome: 'refused' }>): AppError {
  const isConflict = code === 'nothing_left' || code === 'exceeds_invoiced';
  const faults = [{ path, code, message: reason }];
  return new AppError(isConflict ? 'invoice_conflict' : 'invalid_request', reason, { faults });
}

interface Note {
  readonly id: string;
  readonly invoice: InvoiceRow;
  readonly split: Split;
  readonly to: { readonly toInvoice: bigint; readonly toRefund: bigint; readonly toWallet: bigint };
  readonly reason: string;
}

/** Gives the note its number and writes its document. */
async function numberNote(tx: Transaction, note: Note, { now, documents }: DocumentSurroundings) {
  const { invoice, split, to } = note;
  const series = documents.creditNoteSeries;
  const { last, lastHash } = await lockSeries(tx, series);
  const sequence = last + 1n;
  const number = documentNumber(series, sequence);
  const customer = (await buyersOf(tx, [invoice.customerId])).get(invoice.customerId);
  if (customer === undefined || invoice.number === null || invoice.finalizedAt === null) {
    throw new Error(`invoice ${invoice.id} is not whole`);
  }
  const facts: CreditNoteDocument = {
    form: 1,
    kind: 'credit_note',
    id: note.id,
    series,
    number,
    previous_hash: lastHash,
    seller: documents.seller,
    buyer: customer.buyer,
    currency: invoice.currency,
    invoice: { id: invoice.id, number: invoice.number, finalized_at: toInstant(invoice.finalizedAt) },
    issued_at: toInstant(now),
    reason: note.reason,
    lines: split.lines.map(({ lineId, net, tax }) => {
      const line = invoice.lines.find(({ id }) => id === lineId);
      return {
        invoice_line_id: lineId,
        description: line?.description ?? '',
        amount: String(net),
        tax: String(tax),
        tax_rate: line?.taxRate?.toFixed() ?? null,
        tax_name: line?.taxName ?? null,
      };
    }),
    subtotal: String(split.net),
    tax: String(split.tax),
    total: String(split.net + split.tax),
    to_invoice: String(to.toInvoice),
    to_refund: String(to.toRefund),
    to_wallet: String(to.toWallet),
  };
  const { document, hash } = documentBytes(facts);
  await moveSeries(tx, series, { last: sequence, lastHash: hash });
  return { series, sequence, number, document, documentHash: hash, previousHash: lastHash };
}
