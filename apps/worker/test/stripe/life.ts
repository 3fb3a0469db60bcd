import type { FakeStripe } from '@bastionary/testing/fake-stripe';
import type { Till } from './till.js';

export type StripeEvent = FakeStripe['account']['events'][number];

/** What a customer went through at Stripe, and every event that Stripe has of it, in order. */
export interface Life {
  readonly customer: string;
  readonly invoice: string;
  readonly events: readonly StripeEvent[];
}

/**
 * A customer pays an invoice on Stripe's page: the first card is declined, the second pays by a debit that takes its time,
 * and a part goes back later. The platform hears of none of it.
 */
export async function liveThrough(till: Till): Promise<Life> {
  const { account } = till.stripe;
  const customer = await till.customer();
  const invoice = await till.invoice(customer, 1000);
  const page = await till.page(customer, invoice);
  // Others live at the same time: what happens from here on happens to nobody else.
  const { customer: stripeId } = account.session(page);
  const before = account.events.filter(({ data }) => 'id' in data.object && data.object.id === stripeId);
  const start = account.events.length;
  account.completeSession(page, 'decline');
  account.completeSession(page, 'processing');
  const intent = account.intents.get(String(account.session(page).payment_intent));
  if (intent === undefined) throw new Error('nothing was paid');
  account.settle(intent, true);
  account.refund(intent.id, 300, {});
  return { customer, invoice, events: [...before, ...account.events.slice(start)] };
}

/** Where it must end, whatever arrived of it, how often and in which order. */
export async function endOf(till: Till, { customer, invoice }: Life) {
  const [attempts, payments, refunds, [linked], changes] = await Promise.all([
    till.attempts(invoice),
    till.payments(invoice),
    till.works.sql('SELECT status, amount FROM refund WHERE customer_id = $1', [customer]),
    till.works.sql('SELECT card FROM stripe_customer WHERE customer_id = $1', [customer]),
    till.works.sql(
      `SELECT type, count(*)::int AS times FROM outbox_event
       WHERE customer_id = $1 AND type IN ('payment.received', 'invoice.paid', 'payment.refunded', 'payment.failed')
       GROUP BY 1 ORDER BY 1`,
      [customer],
    ),
  ]);
  return {
    invoice: await till.invoiceNow(invoice),
    attempts: attempts.map(({ number, kind, state }) => [number, kind, state]),
    payments: payments.map(({ amount, refunded }) => [amount, refunded]),
    refunds: refunds.map(({ status, amount }) => [status, amount]),
    card: linked.card?.last4 ?? null,
    changes: changes.map(({ type, times }) => [type, times]),
    books: await till.books(customer),
  };
}

export const THE_END = {
  invoice: { status: 'paid', amount_paid: '1000' },
  attempts: [[1, 'checkout', 'succeeded']],
  payments: [['1000', '300']],
  refunds: [['succeeded', '300']],
  card: '3000',
  changes: [
    ['invoice.paid', 1],
    ['payment.received', 1],
    ['payment.refunded', 1],
  ],
  books: { cash: 700, receivable: 0, refunds: 300, revenue: -1000 },
};

/** All orders of a list, or as many as wanted spread evenly over them. */
export function permutations<Item>(items: readonly Item[], most: number): Item[][] {
  const all = items.reduce((product, _item, place) => product * (place + 1), 1);
  const step = Math.max(1, Math.floor(all / most));
  return Array.from({ length: Math.min(all, most) }, (_, place) => permutation(items, place * step));
}

function permutation<Item>(items: readonly Item[], number: number): Item[] {
  const left = [...items];
  const order: Item[] = [];
  for (let rest = number; left.length > 0; rest = Math.floor(rest / (left.length + 1))) {
    order.push(...left.splice(rest % left.length, 1));
  }
  return order;
}

/** Numbers from 0 to 1 that are the same at every run. */
export function chance(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}
