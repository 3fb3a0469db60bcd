import type { Transaction } from '@bastionary/prisma/client';
import Stripe from 'stripe';
import { amountDue } from '../../rules/documents/amounts.js';
import { type AttemptState, askAgainMs } from '../../rules/stripe/attempt-state.js';
import { callOutcome } from '../../rules/stripe/call-outcome.js';
import { toStripeAmount } from '../../rules/stripe/stripe-amount.js';
import { type AttemptRow, getAttempt } from './attempt-rows.js';
import { endAttempt } from './end-attempt.js';
import { factsOf } from './intent-facts.js';
import { METADATA, Overtaken, type StripeDesk } from './stripe-desk.js';
import { applyIntent, syncPaymentIntent } from './sync-payment-intent.js';

/** Time to write the answer after the longest request; then another worker asks again. */
const LEASE_SLACK_MS = 10_000;

/** Attempts that Stripe is to be asked about now: new ones, and those whose answer nobody knows. */
export async function dueAttempts(desk: StripeDesk, limit: number): Promise<string[]> {
  const rows = await desk.db.stripeAttempt.findMany({
    where: { state: { in: ['planned', 'unknown'] }, nextTryAt: { lte: desk.now() } },
    orderBy: { nextTryAt: 'asc' },
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * Asks Stripe to collect, and writes down what it says. What is not known afterwards is asked again, under the same
 * idempotency key and never under another: first by looking whether there is such a payment, since Stripe repeats its
 * first answer under a key, also if that was an error, and forgets keys after a day.
 */
export async function makeAttempt(desk: StripeDesk, id: string): Promise<void> {
  const attempt = await claim(desk, id);
  if (attempt === null) return;
  try {
    const intent = (attempt.tries > 1 ? await find(desk, attempt) : null) ?? (await ask(desk, attempt));
    await settle(desk, attempt, intent);
  } catch (error) {
    if (error instanceof Overtaken) return;
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    await settleError(desk, attempt, error);
  }
}

/** Takes an attempt for the time of a request. From here on it may have been asked: a crash leaves it `unknown`. */
function claim(desk: StripeDesk, id: string): Promise<AttemptRow | null> {
  return desk.transact(async (tx) => {
    const now = desk.now();
    const attempt = await getAttempt(tx, id);
    if (attempt.state === 'planned' && attempt.tries === 0 && !(await isStillOwed(tx, attempt))) {
      const nothing = { paymentIntent: null, failureCode: null, failureMessage: null };
      await endAttempt(tx, desk, attempt, { state: 'canceled', ...nothing });
      return null;
    }
    const { count } = await tx.stripeAttempt.updateMany({
      where: { id, version: attempt.version, state: { in: ['planned', 'unknown'] }, nextTryAt: { lte: now } },
      data: {
        state: 'unknown',
        tries: { increment: 1 },
        nextTryAt: new Date(now.getTime() + desk.timeoutMs * 2 + LEASE_SLACK_MS),
        updatedAt: now,
        version: { increment: 1 },
      },
    });
    return count === 0 ? null : getAttempt(tx, id);
  });
}

async function isStillOwed(tx: Transaction, { invoiceId, amount }: AttemptRow): Promise<boolean> {
  const invoice = await tx.invoice.findUnique({ where: { id: invoiceId } });
  if (invoice === null || invoice.status !== 'open') return false;
  return amountDue(invoice) === amount;
}

async function find(desk: StripeDesk, attempt: AttemptRow): Promise<Stripe.PaymentIntent | null> {
  const customer = await stripeCustomerOf(desk, attempt);
  const since = Math.floor(attempt.createdAt.getTime() / 1_000) - 3_600;
  for await (const intent of desk.api.paymentIntents.list({ customer, created: { gte: since }, limit: 100 })) {
    if (intent.metadata[METADATA.attempt] === attempt.id) return intent;
  }
  return null;
}

async function ask(desk: StripeDesk, attempt: AttemptRow): Promise<Stripe.PaymentIntent> {
  const amount = toStripeAmount(attempt.amount, attempt.currency);
  if (amount === null) throw new Unsayable();
  const customer = await stripeCustomerOf(desk, attempt);
  return desk.api.paymentIntents.create(
    {
      amount,
      currency: attempt.currency.toLowerCase(),
      customer,
      payment_method: attempt.paymentMethod as string,
      confirm: true,
      off_session: true,
      metadata: { [METADATA.invoice]: attempt.invoiceId, [METADATA.attempt]: attempt.id },
    },
    { idempotencyKey: attempt.idempotencyKey },
  );
}

async function stripeCustomerOf({ db }: StripeDesk, { customerId }: AttemptRow): Promise<string> {
  return (await db.stripeCustomer.findUniqueOrThrow({ where: { customerId } })).stripeId;
}

class Unsayable extends Stripe.errors.StripeError {
  constructor() {
    super({
      message: 'Stripe cannot say this amount in this currency.',
      type: 'invalid_request_error',
      code: 'amount_unsayable',
    });
    Object.assign(this, { statusCode: 400 });
  }
}

async function settle(desk: StripeDesk, attempt: AttemptRow, intent: Stripe.PaymentIntent): Promise<void> {
  const facts = factsOf(intent);
  await desk.transact((tx) => applyIntent(tx, desk, attempt, { ...facts, refunds: [] }));
}

async function settleError(desk: StripeDesk, attempt: AttemptRow, error: Stripe.errors.StripeError): Promise<void> {
  const outcome = callOutcome(error);
  if (outcome === 'declined' && error.payment_intent !== undefined) {
    // The error tells which payment it was; the payment tells what became of it.
    await syncNew(desk, attempt, error.payment_intent.id);
    return;
  }
  if (outcome === 'unknown' || outcome === 'not_done') return askLater(desk, attempt, outcome);
  const told = { failureCode: error.decline_code ?? error.code ?? null, failureMessage: error.message };
  const state: AttemptState = outcome;
  await desk.transact((tx) => endAttempt(tx, desk, attempt, { state, paymentIntent: null, ...told }));
}

async function syncNew(desk: StripeDesk, attempt: AttemptRow, paymentIntent: string): Promise<void> {
  await desk.db.stripeAttempt.updateMany({
    where: { id: attempt.id, paymentIntent: null },
    data: { paymentIntent, version: { increment: 1 } },
  });
  await syncPaymentIntent(desk, paymentIntent);
}

async function askLater(desk: StripeDesk, attempt: AttemptRow, outcome: 'unknown' | 'not_done'): Promise<void> {
  await desk.db.stripeAttempt.updateMany({
    where: { id: attempt.id, version: attempt.version },
    data: {
      // Once unknown, always unknown until the answer is there: an earlier request may have been done.
      state: outcome === 'not_done' && attempt.tries === 1 ? 'planned' : 'unknown',
      nextTryAt: new Date(desk.now().getTime() + askAgainMs(attempt.tries)),
      updatedAt: desk.now(),
      version: { increment: 1 },
    },
  });
}
