import type Stripe from 'stripe';
import { getAttempt } from './attempt-rows.js';
import { endAttempt } from './end-attempt.js';
import { isMissing, type StripeDesk, type SyncOutcome } from './stripe-desk.js';
import { syncCustomer } from './sync-customer.js';
import { syncPaymentIntent } from './sync-payment-intent.js';

const idOf = (value: string | { id: string } | null): string | null =>
  typeof value === 'string' || value === null ? value : value.id;

/** Writes down what became of a page on which a customer gave a payment method or paid. */
export async function syncCheckout(desk: StripeDesk, id: string): Promise<SyncOutcome> {
  const row = await desk.db.stripeCheckout.findUnique({ where: { id } });
  if (row === null) return 'foreign';
  const session = await read(desk.api, id);
  const state = session?.status ?? 'expired';
  if (state === 'open') return 'applied';
  const stripeId = idOf(session?.customer ?? null);
  // Only the first time: later the customer may have chosen another.
  if (state === 'complete' && row.state === 'open' && session !== null && stripeId !== null) {
    await prefer(desk, session, stripeId);
  }
  if (stripeId !== null) await syncCustomer(desk, stripeId);
  const intent = idOf(session?.payment_intent ?? null);
  if (intent !== null) await syncPaymentIntent(desk, intent);
  await desk.transact(async (tx) => {
    await tx.stripeCheckout.updateMany({ where: { id, state: 'open' }, data: { state, endedAt: desk.now() } });
    if (state !== 'expired' || row.attemptId === null) return;
    const attempt = await getAttempt(tx, row.attemptId);
    const nothing = { failureCode: null, failureMessage: null };
    if (attempt.state === 'requires_action') {
      await endAttempt(tx, desk, attempt, { state: 'canceled', paymentIntent: attempt.paymentIntent, ...nothing });
    }
  });
  return 'applied';
}

async function read(api: Stripe, id: string): Promise<Stripe.Checkout.Session | null> {
  try {
    return await api.checkout.sessions.retrieve(id);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** The payment method just given is the one to charge from now on. */
async function prefer({ api }: StripeDesk, session: Stripe.Checkout.Session, stripeId: string): Promise<void> {
  const setupId = idOf(session.setup_intent);
  if (setupId === null) return;
  const method = idOf((await api.setupIntents.retrieve(setupId)).payment_method);
  if (method === null) return;
  try {
    await api.customers.update(stripeId, { invoice_settings: { default_payment_method: method } });
  } catch (error) {
    // Taken away again meanwhile.
    if (!isMissing(error)) throw error;
  }
}
