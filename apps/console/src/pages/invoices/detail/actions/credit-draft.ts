import type { CreditNoteRequest, Invoice } from '@bastionary/contracts/invoices';
import { formatMinor, parseAmount } from '../../../../ui/money';

export type CreditDraft = {
  what: 'whole' | 'amount' | 'lines';
  /** As typed, gross. */
  amount: string;
  /** As typed, net, by the id of the line. */
  lines: Record<string, string>;
  paidPart: 'wallet' | 'refund';
  /** Whether a subscription works on when all that was paid for its current period goes back. */
  access: 'suspend' | 'keep';
  reason: string;
};

export const creditable = ({ total, amount_credited }: Invoice): bigint => BigInt(total) - BigInt(amount_credited);

type Written = { body: CreditNoteRequest; gross: bigint | null } | { faults: Record<string, string> };

/**
 * What is sent for a draft, or what is wrong with it. `gross` is what the note comes to; null where the api adds the tax of
 * lines.
 */
export const writeCredit = (draft: CreditDraft, invoice: Invoice): Written => {
  const { currency } = invoice;
  const left = creditable(invoice);
  const faults: Record<string, string> = {};
  const reason = draft.reason.trim();
  if (reason === '') faults.reason = 'say why; it stands on the document';
  const base = { reason, paid_part: draft.paidPart, access: draft.access };
  const result = (body: CreditNoteRequest, gross: bigint | null): Written =>
    Object.keys(faults).length > 0 ? { faults } : { body, gross };

  if (draft.what === 'whole') return result(base, left);
  if (draft.what === 'amount') {
    const amount = parseAmount(draft.amount, currency);
    if (amount === null || amount === '0') faults.amount = `must be an amount in ${currency}, such as 12.34`;
    else if (BigInt(amount) > left) faults.amount = `at most ${formatMinor(left, currency)} are left to credit`;
    return result({ ...base, amount: amount ?? '1' }, BigInt(amount ?? 0));
  }
  const lines = Object.entries(draft.lines)
    .filter(([, typed]) => typed.trim() !== '')
    .map(([line_id, typed]) => ({ line_id, amount: parseAmount(typed, currency) }));
  for (const { line_id, amount } of lines) {
    if (amount === null || amount === '0') faults[line_id] = `must be an amount in ${currency}, such as 12.34`;
  }
  if (lines.length === 0) faults.lines = 'say how much of at least one line';
  return result({ ...base, lines: lines.map((line) => ({ ...line, amount: line.amount ?? '1' })) }, null);
};

/** Where the money goes: first off what is still due, the rest of it was paid and goes back. */
export const whereItGoes = (gross: bigint, invoice: Invoice, paidPart: CreditDraft['paidPart']): string[] => {
  const due = BigInt(invoice.amount_due);
  const off = gross < due ? gross : due;
  const back = gross - off;
  const { currency } = invoice;
  return [
    ...(off > 0n ? [`${formatMinor(off, currency)} less are due: ${formatMinor(due - off, currency)} remain.`] : []),
    ...(back > 0n
      ? [
          paidPart === 'wallet'
            ? `${formatMinor(back, currency)} go to the customer’s wallet, for the next invoices.`
            : `${formatMinor(back, currency)} are paid back the way they came.`,
        ]
      : []),
  ];
};
