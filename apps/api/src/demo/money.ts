import { issueCreditNote } from '@bastionary/billing/actions/documents/issue-credit-note';
import { refundPayment } from '@bastionary/billing/actions/documents/refund-payment';
import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { createCredit } from '@bastionary/billing/actions/invoicing/credits';
import { toInstant } from '@bastionary/contracts/text';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { DAY_MS, type Episode, idOf, ORIGIN, type World } from './chronicle.js';

interface Prepaid {
  readonly customer: string;
  readonly daysAgo: number;
  readonly amount: string;
  readonly currency: string;
  readonly reason: string;
  /** From the present. */
  readonly expiresInDays: number;
}

const PREPAID: readonly Prepaid[] = [
  {
    customer: 'nordlicht',
    daysAgo: 95,
    amount: '450000',
    currency: 'EUR',
    reason: 'Prepaid by contract 2291, a year of more calls',
    expiresInDays: 270,
  },
  {
    customer: 'clover',
    daysAgo: 40,
    amount: '60000',
    currency: 'EUR',
    reason: 'Welcome credit of the spring offer',
    expiresInDays: 8,
  },
];

const credited = (daysAgo: number, customer: string, percent: bigint, reason: string): Episode => ({
  daysAgo,
  async happen(world, now) {
    const { id, total } = await paidInvoice(world, customer, now);
    const request = {
      reason,
      amount: String((total * percent) / 100n),
      paid_part: 'wallet' as const,
      access: 'suspend' as const,
    };
    await issueCreditNote(world.tx, ORIGIN, id, request, {
      now,
      followers: FOLLOWERS,
      ...documentSettings(world.config),
    });
  },
});

/** Prepaid credits: before what was billed since takes of them. */
export const creditEpisodes: readonly Episode[] = PREPAID.map(({ customer, daysAgo, expiresInDays, ...credit }) => ({
  daysAgo,
  async happen({ tx, customers, present }, now) {
    const expires_at = toInstant(new Date(present.getTime() + expiresInDays * DAY_MS));
    await createCredit(tx, ORIGIN, idOf(customers, customer), { ...credit, expires_at, priority: 50 }, now);
  },
}));

/** What was taken back of invoices that were paid. */
export const correctionEpisodes: readonly Episode[] = [
  credited(19, 'harbour', 10n, 'Outage of a morning: a tenth of the month, as agreed'),
  credited(11, 'sakura', 25n, 'Six seats were counted that had been given up (ticket 2077)'),
  {
    daysAgo: 7,
    async happen(world, now) {
      const { id } = await paidInvoice(world, 'tulipa', now);
      const payment = await world.tx.payment.findFirstOrThrow({ where: { invoiceId: id } });
      const reason = 'Paid by card and by transfer: one of the two goes back';
      const wish = { paymentId: payment.id, reason, keepsAccess: true };
      await refundPayment(world.tx, ORIGIN, wish, { now, followers: FOLLOWERS });
    },
  },
];

/** The newest invoice of a customer that was paid by then, with money. */
function paidInvoice({ tx, customers }: World, customer: string, now: Date) {
  const customerId = idOf(customers, customer);
  return tx.invoice.findFirstOrThrow({
    where: { customerId, status: 'paid', paidAt: { lt: now }, amountPaid: { gt: 0n } },
    orderBy: [{ paidAt: 'desc' }, { id: 'desc' }],
  });
}
