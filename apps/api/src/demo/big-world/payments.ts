import { entriesOf, postLedger } from '@bastionary/billing/actions/documents/ledger';
import { paymentPostings } from '@bastionary/billing/rules/documents/postings';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { DAY_MS } from '../chronicle.js';
import { chanceFrom } from './chance.js';

interface Owed {
  id: string;
  customer_id: string;
  currency: string;
  number: string;
  due: bigint;
  finalized_at: Date;
}

/**
 * Most invoices are paid, within some weeks; a few only in part, a few not at all. In bulk: what `recordPayment` writes for one,
 * without the notes that it leaves.
 * @returns how many were paid
 */
export async function payInvoices(
  tx: Transaction,
  ids: readonly string[],
  seed: number,
  present: Date,
): Promise<number> {
  const owed = await tx.$queryRaw<Owed[]>`
    SELECT id, customer_id, currency, number, total - credits_applied AS due, finalized_at FROM invoice
    WHERE id = ANY(${[...ids]}::text[]) AND status = 'open' ORDER BY number`;
  const payments = owed.flatMap(({ id: invoiceId, customer_id: customerId, number, due, ...invoice }) => {
    const chance = chanceFrom(seed + Number(number.replace(/\D/g, '')));
    const luck = chance();
    const at = new Date(invoice.finalized_at.getTime() + (0.1 + chance() ** 2 * 30) * DAY_MS);
    if (luck < 0.015 || at > present) return [];
    const amount = luck < 0.025 ? due / 2n : due;
    if (amount <= 0n) return [];
    const reference = `TRANSFER-${number}`;
    return [{ id: newId('pay'), invoiceId, customerId, currency: invoice.currency, reference, amount, due, at }];
  });
  const rows = JSON.stringify(payments, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  await tx.$executeRaw`
    INSERT INTO payment (id, customer_id, invoice_id, provider, reference, currency, amount, received_at, created_at)
    SELECT id, "customerId", "invoiceId", 'manual', reference, currency, amount, at, at
    FROM json_to_recordset(${rows}::json) AS p(id text, "customerId" text, "invoiceId" text, reference text, currency text,
      amount bigint, at timestamptz)`;
  await tx.$executeRaw`
    UPDATE invoice i SET amount_paid = i.amount_paid + p.amount, updated_at = p.at, version = i.version + 1,
      status = CASE WHEN p.amount >= p.due THEN 'paid' ELSE i.status END,
      paid_at = CASE WHEN p.amount >= p.due THEN p.at END
    FROM json_to_recordset(${rows}::json) AS p("invoiceId" text, amount bigint, due bigint, at timestamptz)
    WHERE i.id = p."invoiceId"`;
  await postLedger(
    tx,
    ...payments.map(({ id, invoiceId, customerId, currency, amount, due, at }) => ({
      kind: 'payment.received',
      source: `payment:${id}`,
      customerId,
      at,
      entries: entriesOf(paymentPostings({ amount, due, isWrittenOff: false }), { currency, customerId, invoiceId }),
    })),
  );
  return payments.length;
}
