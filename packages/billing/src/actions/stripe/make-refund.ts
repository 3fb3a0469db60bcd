import Stripe from 'stripe';
import { callOutcome } from '../../rules/stripe/call-outcome.js';
import { toStripeAmount } from '../../rules/stripe/stripe-amount.js';
import { settleRefund } from '../documents/refund-payment.js';
import { bookRefund } from './book-money.js';
import { refundFactsOf } from './intent-facts.js';
import { METADATA, STRIPE_ORIGIN, type StripeDesk } from './stripe-desk.js';

/** Refunds of Stripe's payments whose outcome is not known yet, the oldest first. */
export async function pendingRefunds({ db }: StripeDesk, limit: number): Promise<string[]> {
  const rows = await db.refund.findMany({
    where: { provider: 'stripe', status: 'pending' },
    orderBy: { createdAt: 'asc' },
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * Has Stripe pay back, or looks what became of it: by its own id in Stripe's books before anything is asked, so that
 * nothing goes back twice, however often an answer gets lost.
 * @throws what kept Stripe from answering; it is still pending
 */
export async function makeRefund(desk: StripeDesk, id: string): Promise<void> {
  const refund = await desk.db.refund.findUniqueOrThrow({ where: { id }, include: { payment: true } });
  if (refund.status !== 'pending') return;
  const amount = toStripeAmount(refund.amount, refund.currency);
  if (amount === null) return fail(desk, id);
  try {
    const intent = refund.payment.reference;
    const made = (await find(desk.api, intent, id)) ?? (await ask(desk.api, intent, id, amount));
    await desk.transact((tx) => bookRefund(tx, desk, refundFactsOf(made)));
  } catch (error) {
    const refused = error instanceof Stripe.errors.StripeError && ['refused', 'declined'].includes(callOutcome(error));
    if (!refused) throw error;
    await fail(desk, id);
  }
}

async function find(api: Stripe, paymentIntent: string, id: string): Promise<Stripe.Refund | undefined> {
  const { data } = await api.refunds.list({ payment_intent: paymentIntent, limit: 100 });
  return data.find(({ metadata }) => metadata?.[METADATA.refund] === id);
}

const ask = (api: Stripe, paymentIntent: string, id: string, amount: number): Promise<Stripe.Refund> =>
  api.refunds.create(
    { payment_intent: paymentIntent, amount, metadata: { [METADATA.refund]: id } },
    { idempotencyKey: `bastionary-${id}` },
  );

async function fail(desk: StripeDesk, refundId: string): Promise<void> {
  const around = { ...desk.around, now: desk.now() };
  await desk.transact((tx) =>
    settleRefund(tx, STRIPE_ORIGIN, { refundId, succeeded: false, reference: refundId }, around),
  );
}
