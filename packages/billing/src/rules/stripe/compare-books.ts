import { type AttemptState, OPEN_STATES } from './attempt-state.js';

/** What Stripe says of a payment intent. */
export interface TheirIntent {
  readonly id: string;
  readonly state: AttemptState;
  readonly received: bigint;
  readonly currency: string;
  readonly attemptId: string | null;
  /** Ours, if its customer is one of ours */
  readonly customerId: string | null;
}
export interface TheirRefund {
  readonly id: string;
  readonly paymentIntent: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly state: 'pending' | 'succeeded' | 'failed';
  readonly refundId: string | null;
}
export interface OurPayment {
  readonly id: string;
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly customerId: string;
  readonly invoiceId: string | null;
}
export interface OurRefund {
  readonly id: string;
  readonly reference: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly customerId: string;
  readonly status: string;
}
export interface OurAttempt {
  readonly id: string;
  readonly state: AttemptState;
  readonly amount: bigint;
  readonly currency: string;
  readonly customerId: string;
  readonly invoiceId: string;
  readonly paymentIntent: string | null;
  /** Somebody is just at it: no difference yet */
  readonly isUnderWay: boolean;
}
export interface Books {
  readonly intents: readonly TheirIntent[];
  readonly refunds: readonly TheirRefund[];
  readonly payments: readonly OurPayment[];
  readonly ourRefunds: readonly OurRefund[];
  readonly attempts: readonly OurAttempt[];
}

/** One thing as it stands here and at Stripe. */
export interface Comparison {
  readonly kind: 'payment' | 'refund' | 'attempt' | 'customer';
  readonly state: 'matched' | 'missing_here' | 'missing_there' | 'differs';
  readonly stripeId: string | null;
  /** The payment intent it belongs to */
  readonly paymentIntent: string | null;
  readonly ourId: string | null;
  readonly customerId: string | null;
  readonly invoiceId: string | null;
  readonly currency: string | null;
  readonly here: bigint | null;
  readonly there: bigint | null;
  readonly detail: string;
  /**
   * `read_again`: our books take over what Stripe says. `ask_again`: Stripe is asked once more, under the same key.
   * `look`: neither helps; somebody has to.
   */
  readonly repair: 'read_again' | 'ask_again' | 'look' | null;
}

/** Holds our books against Stripe's: payments, then refunds, then attempts, each in a stable order. */
export function compareBooks(books: Books): Comparison[] {
  return [...comparePayments(books), ...compareRefunds(books), ...compareAttempts(books)];
}

function comparePayments({ intents, payments, attempts }: Books): Comparison[] {
  const ours = new Map(payments.map((payment) => [payment.reference, payment]));
  const known = new Set(attempts.map(({ id }) => id));
  const theirs = new Map(intents.map((intent) => [intent.id, intent]));
  const rows = intents.flatMap((intent): Comparison[] => {
    const payment = ours.get(intent.id);
    if (payment === undefined && intent.state !== 'succeeded') return [];
    const row = {
      kind: 'payment' as const,
      stripeId: intent.id,
      paymentIntent: intent.id,
      ourId: payment?.id ?? null,
      customerId: payment?.customerId ?? intent.customerId,
      invoiceId: payment?.invoiceId ?? null,
      currency: intent.currency,
      here: payment?.amount ?? null,
      there: intent.received,
    };
    if (payment === undefined) {
      const isOurs = intent.attemptId !== null && known.has(intent.attemptId);
      return isOurs
        ? [{ ...row, state: 'missing_here', detail: 'The payment is not in our books.', repair: 'read_again' }]
        : [
            {
              ...row,
              state: 'missing_here',
              detail: 'A payment of our customer that we did not ask for.',
              repair: 'look',
            },
          ];
    }
    if (intent.state !== 'succeeded') {
      return [
        { ...row, state: 'differs', detail: `At Stripe it is ${intent.state}, here it is paid.`, repair: 'look' },
      ];
    }
    const same = payment.amount === intent.received && payment.currency === intent.currency;
    if (same) return [{ ...row, state: 'matched', detail: 'Same amount.', repair: null }];
    return [{ ...row, state: 'differs', detail: 'Amount or currency differ.', repair: 'look' }];
  });
  const missing = payments
    .filter(({ reference }) => !theirs.has(reference))
    .map((payment): Comparison => {
      const { id, customerId, invoiceId, currency, amount, reference } = payment;
      const row = { stripeId: reference, paymentIntent: reference, ourId: id, customerId, invoiceId, currency };
      const amounts = { here: amount, there: null };
      const detail = 'Stripe has no such payment in this window.';
      return { kind: 'payment', state: 'missing_there', ...row, ...amounts, detail, repair: 'look' };
    });
  return [...rows, ...missing];
}

function compareRefunds({ intents, refunds, payments, ourRefunds }: Books): Comparison[] {
  const byReference = new Map(ourRefunds.map((refund) => [refund.reference, refund]));
  const byId = new Map(ourRefunds.map((refund) => [refund.id, refund]));
  const whose = new Map([
    ...intents.map(({ id, customerId }) => [id, customerId] as const),
    ...payments.map(({ reference, customerId }) => [reference, customerId] as const),
  ]);
  const seen = new Set<string>();
  const rows = refunds.flatMap((refund): Comparison[] => {
    const ours = byReference.get(refund.id) ?? byId.get(refund.refundId ?? '');
    if (ours !== undefined) seen.add(ours.id);
    const intent = refund.paymentIntent ?? '';
    if (ours === undefined && !whose.has(intent)) return [];
    const row = {
      kind: 'refund' as const,
      stripeId: refund.id,
      paymentIntent: refund.paymentIntent,
      ourId: ours?.id ?? null,
      customerId: ours?.customerId ?? whose.get(intent) ?? null,
      invoiceId: null,
      currency: refund.currency,
      here: ours?.amount ?? null,
      there: refund.amount,
    };
    if (ours === undefined) {
      // One that failed moved nothing.
      if (refund.state === 'failed') return [];
      return [{ ...row, state: 'missing_here', detail: 'The refund is not in our books.', repair: 'read_again' }];
    }
    if (ours.amount !== refund.amount || ours.currency !== refund.currency) {
      return [{ ...row, state: 'differs', detail: 'Amount or currency differ.', repair: 'look' }];
    }
    if (ours.status !== refund.state || ours.reference !== refund.id) {
      const detail = `At Stripe it is ${refund.state}, here ${ours.status}.`;
      return [{ ...row, state: 'differs', detail, repair: ours.status === 'pending' ? 'read_again' : 'look' }];
    }
    return [{ ...row, state: 'matched', detail: 'Same amount and state.', repair: null }];
  });
  const missing = ourRefunds
    .filter(({ id, status }) => !seen.has(id) && status !== 'failed')
    .map((refund): Comparison => {
      const { id, reference, customerId, currency, amount, status } = refund;
      const row = { stripeId: reference, paymentIntent: null, ourId: id, customerId, invoiceId: null, currency };
      const amounts = { here: amount, there: null };
      const detail = 'Stripe has no such refund in this window.';
      const repair = status === 'pending' ? 'ask_again' : 'look';
      return { kind: 'refund', state: 'missing_there', ...row, ...amounts, detail, repair };
    });
  return [...rows, ...missing];
}

function compareAttempts({ intents, attempts }: Books): Comparison[] {
  const byId = new Map(intents.map((intent) => [intent.id, intent]));
  const byAttempt = new Map(intents.map((intent) => [intent.attemptId, intent]));
  return attempts.flatMap((attempt): Comparison[] => {
    if (attempt.isUnderWay) return [];
    const intent = byId.get(attempt.paymentIntent ?? '') ?? byAttempt.get(attempt.id);
    const isOpen = OPEN_STATES.includes(attempt.state);
    const { id, customerId, invoiceId, currency, amount } = attempt;
    const row = {
      kind: 'attempt' as const,
      stripeId: intent?.id ?? attempt.paymentIntent,
      paymentIntent: intent?.id ?? attempt.paymentIntent,
      ourId: id,
      customerId,
      invoiceId,
      currency,
      here: amount,
      there: intent?.received ?? null,
    };
    if (intent === undefined) {
      if (!isOpen || attempt.state === 'planned' || attempt.state === 'requires_action') return [];
      const detail = 'Asked, and Stripe knows nothing of it.';
      const repair = attempt.state === 'unknown' ? 'ask_again' : 'look';
      return [{ ...row, state: 'missing_there', detail, repair }];
    }
    const same = intent.state === attempt.state || (!isOpen && intent.state !== 'succeeded');
    // On an open page a declined card is not the end.
    const isAtPage = attempt.state === 'requires_action' && intent.state === 'declined';
    if (same || isAtPage) return [{ ...row, state: 'matched', detail: `Both ${attempt.state}.`, repair: null }];
    const detail = `At Stripe it is ${intent.state}, here ${attempt.state}.`;
    return [{ ...row, state: 'differs', detail, repair: attempt.state === 'succeeded' ? 'look' : 'read_again' }];
  });
}
