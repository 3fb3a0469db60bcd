import type { Database } from '@bastionary/prisma/client';
import { hashOf } from '../../rules/documents/document.js';
import { drawPdf } from './draw-pdf.js';
import { getCreditNote } from './find-credit-note.js';
import { getInvoice, invoiceConflict } from './find-invoice.js';

/** A document as a file. */
export interface DocumentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** SHA-256, base64url */
  readonly hash: string;
}

/**
 * The PDF of a finalized invoice, drawn from the document that was kept. The hash of the first one drawn is kept too, by
 * `keep`, so that one that comes out otherwise later shows.
 * @param own the customer whose it must be; null: anybody's
 * @throws AppError not_found, invoice_conflict (a draft)
 */
export async function invoicePdf(
  db: Database,
  id: string,
  own: string | null,
  keep: (hash: string) => Promise<void>,
): Promise<DocumentFile> {
  const { number, pdfHash } = await getInvoice(db, id, own);
  const { document } = await db.invoice.findUniqueOrThrow({ where: { id }, select: { document: true } });
  if (document === null || number === null) throw invoiceConflict('draft', 'It is a draft: finalize it first.');
  const file = await draw(number, document);
  if (pdfHash === null) await keep(file.hash);
  return file;
}

/** Writes down what the first PDF of an invoice was. */
export async function keepPdfHash(db: Database, id: string, hash: string): Promise<void> {
  await db.invoice.updateMany({ where: { id, pdfHash: null }, data: { pdfHash: hash } });
}

/**
 * The same of a credit note.
 * @throws AppError not_found
 */
export async function creditNotePdf(db: Database, id: string, own: string | null): Promise<DocumentFile> {
  const { number, document } = await getCreditNote(db, id, own);
  return draw(number, document);
}

async function draw(number: string, document: string): Promise<DocumentFile> {
  const bytes = await drawPdf(document);
  return { name: `${number}.pdf`, bytes, hash: hashOf(bytes) };
}
