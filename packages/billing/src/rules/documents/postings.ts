/**
 * The accounts of the ledger. Debit positive, credit negative.
 * - `receivable`: finalized and not yet settled · `revenue`, `tax`: what was invoiced
 * - `cash`: what came in and went out · `bad_debt`: written off
 * - `wallet`: what customers have in theirs · `customer_credit`: credited and still to be paid back
 * - `refunds`: paid back without a credit note
 */
export type Account =
  | 'receivable'
  | 'revenue'
  | 'tax'
  | 'cash'
  | 'bad_debt'
  | 'wallet'
  | 'customer_credit'
  | 'refunds'
  | 'promotion';

/** One side of a transaction, in minor units of its currency. */
export interface Posting {
  readonly account: Account;
  readonly amount: bigint;
}

/** Where what is owed for an invoice stands: written off, or not. */
const owedOn = (isWrittenOff: boolean): Account => (isWrittenOff ? 'bad_debt' : 'receivable');

// What moves nothing is not written.
const moved = (...postings: readonly Posting[]): Posting[] => postings.filter(({ amount }) => amount !== 0n);

/** @param creditsApplied what the wallet paid of it; a negative total goes into the wallet instead */
export function finalizePostings({
  total,
  tax,
  creditsApplied,
}: {
  total: bigint;
  tax: bigint;
  creditsApplied: bigint;
}) {
  const byWallet = total < 0n ? total : creditsApplied;
  return moved(
    { account: 'receivable', amount: total - byWallet },
    { account: 'wallet', amount: byWallet },
    { account: 'revenue', amount: tax - total },
    { account: 'tax', amount: -tax },
  );
}

/**
 * @param due what was owed before it
 * @param again how much of it pays again what had gone back; what is paid beyond both goes into the wallet
 */
export function paymentPostings({
  amount,
  due,
  again = 0n,
  isWrittenOff,
}: {
  amount: bigint;
  due: bigint;
  again?: bigint;
  isWrittenOff: boolean;
}) {
  const settled = amount < due ? amount : due;
  return moved(
    { account: 'cash', amount },
    { account: owedOn(isWrittenOff), amount: -settled },
    { account: 'refunds', amount: -again },
    { account: 'wallet', amount: settled + again - amount },
  );
}

/** What is owed is no longer expected. */
export const writeOffPostings = (due: bigint): Posting[] =>
  moved({ account: 'bad_debt', amount: due }, { account: 'receivable', amount: -due });

/** Undoes the finalizing of an invoice that nobody paid; what the wallet paid goes back into it. */
export const voidPostings = (invoice: { total: bigint; tax: bigint; creditsApplied: bigint; isWrittenOff: boolean }) =>
  moved(
    { account: 'revenue', amount: invoice.total - invoice.tax },
    { account: 'tax', amount: invoice.tax },
    { account: 'wallet', amount: -invoice.creditsApplied },
    { account: owedOn(invoice.isWrittenOff), amount: invoice.creditsApplied - invoice.total },
  );

/** Takes revenue and tax back: from what is owed, into the wallet, and to be paid back. */
export const creditNotePostings = (note: {
  subtotal: bigint;
  tax: bigint;
  toInvoice: bigint;
  toWallet: bigint;
  toRefund: bigint;
  isWrittenOff: boolean;
}): Posting[] =>
  moved(
    { account: 'revenue', amount: note.subtotal },
    { account: 'tax', amount: note.tax },
    { account: owedOn(note.isWrittenOff), amount: -note.toInvoice },
    { account: 'wallet', amount: -note.toWallet },
    { account: 'customer_credit', amount: -note.toRefund },
  );

/**
 * Money that went back.
 * @param isCredited whether a credit note says so; without one it lessens no revenue, and stands by itself
 * @param fromWallet how much of it an over-payment had put into the wallet
 */
export const refundPostings = (refund: { amount: bigint; isCredited: boolean; fromWallet: bigint }): Posting[] =>
  moved(
    { account: 'wallet', amount: refund.fromWallet },
    { account: refund.isCredited ? 'customer_credit' : 'refunds', amount: refund.amount - refund.fromWallet },
    { account: 'cash', amount: -refund.amount },
  );
