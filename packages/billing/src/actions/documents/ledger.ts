import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import type { Posting } from '../../rules/documents/postings.js';

/** Something that happened in the books. */
export interface LedgerTransaction {
  /** For example `invoice.finalized` */
  readonly kind: string;
  /** What it is about, for example `invoice:inv_…`: there is one transaction per kind and source. */
  readonly source: string;
  readonly customerId: string | null;
  readonly at: Date;
  /** Debit positive, credit negative, in minor units; per currency they sum to zero, or the database refuses to commit. */
  readonly entries: readonly (Posting & {
    readonly currency: string;
    readonly customerId?: string | null;
    readonly invoiceId?: string | null;
  })[];
}

/** The postings of an act as entries, of one customer and currency, about one invoice or none. */
export const entriesOf = (
  postings: readonly Posting[],
  about: { readonly currency: string; readonly customerId: string; readonly invoiceId: string | null },
): LedgerTransaction['entries'] =>
  postings.map(({ account, amount }) => ({
    account,
    amount,
    currency: about.currency,
    customerId: about.customerId,
    invoiceId: about.invoiceId,
  }));

/** Writes transactions with their entries, in one statement whatever their number. One that moves nothing is left out. */
export async function postLedger(tx: Transaction, ...transactions: readonly LedgerTransaction[]): Promise<void> {
  const posted = transactions.filter(({ entries }) => entries.length > 0).map((one) => ({ id: newId('ltx'), ...one }));
  if (posted.length === 0) return;
  const entries = posted.flatMap(({ id, customerId, entries: sides }) =>
    sides.map((side) => ({ id, customerId, invoiceId: null, ...side, amount: String(side.amount) })),
  );
  await tx.$executeRaw`
    WITH posted AS (
      INSERT INTO ledger_transaction (id, kind, source, customer_id, at)
      SELECT id, kind, source, "customerId", at FROM json_to_recordset(${JSON.stringify(posted, withoutEntries)}::json)
        AS row(id text, kind text, source text, "customerId" text, at timestamptz)
    )
    INSERT INTO ledger_entry (transaction_id, account, currency, amount, customer_id, invoice_id)
    SELECT id, account, currency, amount, "customerId", "invoiceId" FROM json_to_recordset(${JSON.stringify(entries)}::json)
      AS row(id text, account text, currency text, amount bigint, "customerId" text, "invoiceId" text)`;
}

const withoutEntries = (key: string, value: unknown): unknown => (key === 'entries' ? undefined : value);
