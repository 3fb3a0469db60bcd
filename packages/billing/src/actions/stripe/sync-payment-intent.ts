import type { Transaction } from '@bastionary/prisma/client';
import { mayBecome } from '../../rules/stripe/attempt-state.js';
import { type AttemptRow, findAttempt } from './attempt-rows.js';
import { bookPayment, bookRefund } from './book-money.js';
import { endAttempt } from './end-attempt.js';
import { chargebackFactsOf, factsOf, type IntentFacts, type RefundFacts, refundFactsOf } from './intent-facts.js';
import { isMissing, Overtaken, type StripeDesk, type SyncOutcome, untilFirst } from './stripe-desk.js';

/** Makes our books say of a payment intent, and of what was paid back of it, what Stripe says now. */
export function syncPaymentIntent(desk: StripeDesk, id: string): Promise<SyncOutcome> {
  return untilFirst(async () => {
    // Read before Stripe is asked: whoever writes in between has the newer word.
    const known = await findAttempt(desk.db, { paymentIntent: id });
    const facts = await readIntent(desk, id);
    if (facts === null) return 'foreign';
    const attempt = known ?? (await attemptOf(desk, facts));
    if (attempt === null) return 'foreign';
    await desk.transact((tx) => applyIntent(tx, desk, attempt, facts));
    return 'applied';
  });
}

export interface IntentWithRefunds extends IntentFacts {
  readonly refunds: readonly RefundFacts[];
}

/** Null if there is no such payment intent. */
async function readIntent({ api }: StripeDesk, id: string): Promise<IntentWithRefunds | null> {
  try {
    const facts = factsOf(await api.paymentIntents.retrieve(id));
    if (facts.state !== 'succeeded') return { ...facts, refunds: [] };
    const refunds = await api.refunds.list({ payment_intent: id, limit: 100 });
    const disputes = await api.disputes.list({ payment_intent: id, limit: 100 });
    return {
      ...facts,
      refunds: [...refunds.data.map(refundFactsOf), ...disputes.data.flatMap(chargebackFactsOf)],
    };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function attemptOf({ db }: StripeDesk, { attemptId }: IntentFacts): Promise<AttemptRow | null> {
  return attemptId === null ? null : findAttempt(db, { id: attemptId });
}

/**
 * Writes down what a payment intent said after `attempt` was read.
 * @throws Overtaken if the attempt has changed since
 */
export async function applyIntent(
  tx: Transaction,
  desk: StripeDesk,
  attempt: AttemptRow,
  facts: IntentWithRefunds,
): Promise<void> {
  // Money first: its locks come before the attempt's row, everywhere.
  if (facts.state === 'succeeded') {
    await bookPayment(tx, desk, attempt, facts);
    for (const refund of facts.refunds) await bookRefund(tx, desk, refund);
  }
  // On a page of Stripe a declined card is not the end: the customer may take another, until the page closes.
  const said = attempt.kind === 'checkout' && facts.state === 'declined' ? 'requires_action' : facts.state;
  const isNews = mayBecome(attempt.state, said);
  if (!isNews && attempt.paymentIntent !== null) return;
  const { failureCode, failureMessage } = facts;
  const state = isNews ? said : attempt.state;
  const written = await endAttempt(tx, desk, attempt, { state, paymentIntent: facts.id, failureCode, failureMessage });
  if (!written) throw new Overtaken();
}
