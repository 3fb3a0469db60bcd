import { documentBytes, documentNumber, hashOf, type InvoiceDocument } from './document.js';
import { type DraftFacts, invoiceDocument } from './invoice-document.js';

/** What is not as it was when a document was finalized. */
export interface Difference {
  readonly number: string;
  readonly code: 'document_changed' | 'row_changed' | 'gap' | 'chain_broken' | 'series_head' | 'books';
  readonly detail: string;
}

/** A document in its series, as it is stored. */
export interface StoredDocument {
  readonly number: string;
  readonly sequence: bigint;
  readonly document: string;
  readonly documentHash: string;
  readonly previousHash: string | null;
}

/** Where the check of a series got to. */
export interface ChainPosition {
  readonly sequence: bigint;
  readonly hash: string | null;
}

/** Before the first document of a series. */
export const CHAIN_START: ChainPosition = { sequence: 0n, hash: null };

/** Documents that follow each other: numbered without gap, each with the hash of its bytes and of the one before. */
export function chainDifferences(
  series: string,
  from: ChainPosition,
  documents: readonly StoredDocument[],
): { at: ChainPosition; differences: Difference[] } {
  let at = from;
  const differences: Difference[] = [];
  for (const { number, sequence, document, documentHash, previousHash } of documents) {
    if (sequence !== at.sequence + 1n || number !== documentNumber(series, sequence)) {
      const detail = `comes after ${documentNumber(series, at.sequence)}`;
      differences.push({ number, code: 'gap', detail });
    }
    if (hashOf(document) !== documentHash) {
      const detail = `its bytes have the hash ${hashOf(document)}, not ${documentHash}`;
      differences.push({ number, code: 'document_changed', detail });
    }
    if (previousHash !== at.hash || says(document).previous_hash !== at.hash) {
      const detail = `names ${previousHash} as the document before, which has ${at.hash}`;
      differences.push({ number, code: 'chain_broken', detail });
    }
    at = { sequence, hash: documentHash };
  }
  return { at, differences };
}

/** A stored invoice: what its row and lines say must make the very bytes that were kept. */
export function invoiceDifferences(
  draft: DraftFacts & {
    readonly total: bigint;
    readonly creditsApplied: bigint;
    readonly dueAt: Date;
    readonly finalizedAt: Date;
  },
  { number, sequence, document, documentHash, previousHash }: StoredDocument,
): Difference[] {
  const kept = says(document);
  const again = invoiceDocument(draft, {
    series: kept.series,
    sequence,
    previousHash,
    finalizedAt: draft.finalizedAt,
    dueAt: draft.dueAt,
    creditsApplied: draft.creditsApplied,
    seller: kept.seller,
    buyer: kept.buyer,
  });
  const differences: Difference[] = [];
  if (hashOf(document) !== documentHash) {
    const detail = `its bytes have the hash ${hashOf(document)}, not ${documentHash}`;
    differences.push({ number, code: 'document_changed', detail });
  }
  const changed = Object.keys(again).filter(
    (key) => JSON.stringify(sorted(again[key as never])) !== JSON.stringify(sorted(kept[key as never])),
  );
  if (changed.length > 0 || documentBytes(again).document !== document || String(draft.total) !== kept.total) {
    const detail = `the row says something else than the document about ${changed.join(', ') || 'its total'}`;
    differences.push({ number, code: 'row_changed', detail });
  }
  return differences;
}

const says = (document: string): InvoiceDocument => JSON.parse(document) as InvoiceDocument;

// jsonb keeps members in an order of its own.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
