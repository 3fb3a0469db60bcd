import type Stripe from 'stripe';
import { type AttemptState, stateOfIntent } from '../../rules/stripe/attempt-state.js';
import { fromStripeAmount } from '../../rules/stripe/stripe-amount.js';
import { METADATA } from './stripe-desk.js';

/** What a payment intent says, as far as our books care. */
export interface IntentFacts {
  readonly id: string;
  readonly state: AttemptState;
  /** Received, in minor units */
  readonly received: bigint;
  readonly currency: string;
  readonly createdAt: Date;
  readonly stripeCustomer: string | null;
  readonly attemptId: string | null;
  readonly invoiceId: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
}

const idOf = (value: string | { id: string } | null): string | null =>
  typeof value === 'string' || value === null ? value : value.id;

export function factsOf(intent: Stripe.PaymentIntent): IntentFacts {
  const currency = intent.currency.toUpperCase();
  const error = intent.last_payment_error;
  return {
    id: intent.id,
    state: stateOfIntent({ status: intent.status, error }),
    received: fromStripeAmount(intent.amount_received, currency),
    currency,
    createdAt: new Date(intent.created * 1_000),
    stripeCustomer: idOf(intent.customer),
    attemptId: intent.metadata[METADATA.attempt] ?? null,
    invoiceId: intent.metadata[METADATA.invoice] ?? null,
    failureCode: error?.decline_code ?? error?.code ?? null,
    failureMessage: error?.message ?? null,
  };
}

/** Money that went back at Stripe, as far as our books care. */
export interface RefundFacts {
  readonly id: string;
  readonly paymentIntent: string | null;
  /** In minor units */
  readonly amount: bigint;
  readonly currency: string;
  readonly state: 'pending' | 'succeeded' | 'failed';
  /** Our id, if it was ours to ask for */
  readonly refundId: string | null;
  readonly createdAt: Date;
}

export function refundFactsOf(refund: Stripe.Refund): RefundFacts {
  const currency = refund.currency.toUpperCase();
  const state = refund.status === 'succeeded' ? 'succeeded' : FAILED.has(refund.status ?? '') ? 'failed' : 'pending';
  return {
    id: refund.id,
    paymentIntent: idOf(refund.payment_intent),
    amount: fromStripeAmount(refund.amount, currency),
    currency,
    state,
    refundId: refund.metadata?.[METADATA.refund] ?? null,
    createdAt: new Date(refund.created * 1_000),
  };
}

/** What a customer's bank fetched back, which is so once the dispute is lost: until then Stripe may still give it back. */
export function chargebackFactsOf(dispute: Stripe.Dispute): RefundFacts[] {
  const currency = dispute.currency.toUpperCase();
  if (dispute.status !== 'lost') return [];
  return [
    {
      id: dispute.id,
      paymentIntent: idOf(dispute.payment_intent),
      amount: fromStripeAmount(dispute.amount, currency),
      currency,
      state: 'succeeded',
      refundId: null,
      createdAt: new Date(dispute.created * 1_000),
    },
  ];
}

const FAILED: ReadonlySet<string> = new Set(['failed', 'canceled']);
