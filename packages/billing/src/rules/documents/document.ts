import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** A finalized document: RFC 8785 canonical JSON, and the SHA-256 of its bytes, base64url. */
export interface DocumentBytes {
  readonly document: string;
  readonly hash: string;
}

/** The bytes that are kept of a document, the same for everybody who has the same facts. */
export function documentBytes(facts: InvoiceDocument | CreditNoteDocument): DocumentBytes {
  const document = canonicalize(facts);
  if (document === undefined) throw new Error('a document has no canonical form');
  return { document, hash: hashOf(document) };
}

/** SHA-256 of what was kept, base64url. */
export const hashOf = (document: string | Uint8Array): string =>
  createHash('sha256').update(document).digest('base64url');

/** `INV-000001`: the series and the number in it, at least six digits. */
export const documentNumber = (series: string, sequence: bigint): string =>
  `${series}-${sequence.toString().padStart(6, '0')}`;

/** Who writes the documents of this installation. */
export interface Seller {
  readonly name: string;
  /** Lines, from the street to the country */
  readonly address: readonly string[];
  readonly country: string | null;
  readonly tax_id: string | null;
  readonly email: string | null;
  /** Where to pay: bank, account, in lines */
  readonly payment_details: readonly string[];
}

/** The customer as it was when the document was made. */
export interface Buyer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly address: readonly string[];
  readonly country: string | null;
  readonly tax_id: string | null;
}

interface Span {
  readonly start: string;
  readonly end: string;
}

export interface DocumentLine {
  readonly id: string;
  readonly kind: string;
  readonly description: string;
  /** key@version */
  readonly plan: string | null;
  readonly price: string | null;
  readonly quantity: string;
  readonly period: Span | null;
  readonly service: Span | null;
  readonly amount: string;
  readonly discount: string;
  readonly tax: string;
  readonly tax_rate: string | null;
  readonly tax_name: string | null;
  readonly tax_inclusive: boolean;
  readonly explanation: unknown;
}

export interface DocumentTax {
  readonly name: string | null;
  readonly rate: string | null;
  readonly net: string;
  readonly tax: string;
  readonly inclusive: boolean;
  readonly note: string | null;
}

interface DocumentHead {
  /** Version of this form */
  readonly form: 1;
  readonly series: string;
  readonly number: string;
  /** Hash of the document before in the series; null of the first */
  readonly previous_hash: string | null;
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly currency: string;
}

/** Amounts are minor units as strings, instants RFC 3339 in UTC. */
export interface InvoiceDocument extends DocumentHead {
  readonly kind: 'invoice';
  readonly id: string;
  readonly subscription_id: string | null;
  readonly period: Span;
  readonly finalized_at: string;
  readonly due_at: string;
  readonly lines: readonly DocumentLine[];
  readonly taxes: readonly DocumentTax[];
  readonly subtotal: string;
  readonly discount: string;
  readonly tax: string;
  readonly total: string;
  readonly credits_applied: string;
}

export interface CreditNoteDocument extends DocumentHead {
  readonly kind: 'credit_note';
  readonly id: string;
  readonly invoice: { readonly id: string; readonly number: string; readonly finalized_at: string };
  readonly issued_at: string;
  readonly reason: string;
  readonly lines: readonly {
    readonly invoice_line_id: string;
    readonly description: string;
    readonly amount: string;
    readonly tax: string;
    readonly tax_rate: string | null;
    readonly tax_name: string | null;
  }[];
  readonly subtotal: string;
  readonly tax: string;
  readonly total: string;
  readonly to_invoice: string;
  readonly to_refund: string;
  readonly to_wallet: string;
}
