import type { DocumentVerification } from '@bastionary/contracts/invoices';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { amountDue } from '../../rules/documents/amounts.js';
import {
  CHAIN_START,
  type ChainPosition,
  chainDifferences,
  type Difference,
  invoiceDifferences,
  type StoredDocument,
} from '../../rules/documents/verification.js';
import { getInvoice, invoiceConflict } from './find-invoice.js';

const CHUNK = 500;
const DIFFERENCES_MAX = 100;

/**
 * Whether an invoice is what was finalized: its bytes, row and lines, its place after the document before, and the books.
 * @throws AppError not_found, invoice_conflict (a draft)
 */
export async function verifyInvoice(db: Reader, id: string): Promise<DocumentVerification> {
  const row = await getInvoice(db, id);
  const { series, sequence, number, finalizedAt, dueAt, documentHash, previousHash } = row;
  if (series === null || sequence === null || number === null || finalizedAt === null || dueAt === null) {
    throw invoiceConflict('draft', 'It is a draft: there is no document to verify.');
  }
  const { document } = await db.invoice.findUniqueOrThrow({ where: { id }, select: { document: true } });
  const stored = { number, sequence, document: document ?? '', documentHash: documentHash ?? '', previousHash };
  const before = await db.invoice.findUnique({
    where: { series_sequence: { series, sequence: sequence - 1n } },
    select: { documentHash: true },
  });
  const at = { sequence: sequence - 1n, hash: before?.documentHash ?? null };
  const found = [
    ...invoiceDifferences({ ...row, finalizedAt, dueAt }, stored),
    ...chainDifferences(series, at, [stored]).differences.filter(({ code }) => code !== 'document_changed'),
    ...(await bookDifferences(db, row, number)),
  ];
  return { ok: found.length === 0, series, documents: 1, differences: found };
}

/** Payments, credit notes and ledger must say what the invoice says. */
async function bookDifferences(
  db: Reader,
  row: Parameters<typeof amountDue>[0] & { readonly id: string },
  number: string,
): Promise<Difference[]> {
  const { id: invoiceId, status } = row;
  const paid = await db.payment.aggregate({ where: { invoiceId }, _sum: { amount: true } });
  const credited = await db.creditNote.aggregate({ where: { invoiceId }, _sum: { total: true } });
  const owed = await db.ledgerEntry.aggregate({ where: { invoiceId, account: 'receivable' }, _sum: { amount: true } });
  const expected = status === 'uncollectible' ? 0n : amountDue(row);
  const differences: Difference[] = [];
  const compare = (what: string, ours: bigint, theirs: bigint) => {
    if (ours !== theirs) differences.push({ number, code: 'books', detail: `${what} are ${theirs}, not ${ours}` });
  };
  if (status !== 'void') compare('payments', row.amountPaid, paid._sum.amount ?? 0n);
  compare('credit notes', row.amountCredited, credited._sum.total ?? 0n);
  compare('receivables', expected, owed._sum.amount ?? 0n);
  return differences;
}

/**
 * Whether the documents of a series follow each other without gap, unchanged, up to its counter.
 * @throws AppError not_found
 */
export async function verifySeries(db: Reader, series: string): Promise<DocumentVerification> {
  const head = await db.numberSeries.findUnique({ where: { series } });
  if (head === null) throw new AppError('not_found', `There is no series ${series}.`);
  let at: ChainPosition = CHAIN_START;
  let documents = 0;
  const differences: Difference[] = [];
  for (;;) {
    const chunk = await documentsAfter(db, series, at.sequence, head.last);
    const checked = chainDifferences(series, at, chunk);
    differences.push(...checked.differences);
    documents += chunk.length;
    at = checked.at;
    if (chunk.length < CHUNK || differences.length >= DIFFERENCES_MAX) break;
  }
  if (differences.length < DIFFERENCES_MAX && (at.sequence !== head.last || at.hash !== head.lastHash)) {
    const detail = `the counter stands at ${head.last} with ${head.lastHash}, the last document is ${at.sequence} with ${at.hash}`;
    differences.push({ number: series, code: 'series_head', detail });
  }
  return { ok: differences.length === 0, series, documents, differences: differences.slice(0, DIFFERENCES_MAX) };
}

/** What was numbered while this goes on is left for the next time. */
const documentsAfter = (db: Reader, series: string, after: bigint, last: bigint): Promise<StoredDocument[]> =>
  db.$queryRaw<StoredDocument[]>`
    SELECT number, sequence, document, document_hash AS "documentHash", previous_hash AS "previousHash"
    FROM (
      SELECT series, number, sequence, document, document_hash, previous_hash FROM invoice
      UNION ALL SELECT series, number, sequence, document, document_hash, previous_hash FROM credit_note
    ) documents
    WHERE series = ${series} AND sequence > ${after} AND sequence <= ${last} ORDER BY sequence LIMIT ${CHUNK}`;
