import type Stripe from 'stripe';
import {
  inSeconds,
  newCard,
  newCharge,
  newCustomer,
  newDispute,
  newPaymentIntent,
  newRefund,
  newSetupIntent,
} from './fake-stripe-objects.js';
import { newEvent } from './fake-stripe-pages.js';

/** What a card does when it is charged; `processing` until `settle` says what came of it, as a bank debit. */
export type CardBehaviour = 'success' | 'decline' | 'requires_action' | 'processing';

const LAST4: Record<CardBehaviour, string> = {
  success: '4242',
  decline: '0341',
  requires_action: '3184',
  processing: '3000',
};

/** A refusal as Stripe's API tells it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: { type: string; code?: string; decline_code?: string; message: string; param?: string } & Record<
      string,
      unknown
    >,
  ) {
    super(body.message);
  }
}
export const missing = (what: string, id: string): Refusal =>
  new Refusal(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${what}: '${id}'` });

/** What Stripe knows of an account, and what becomes of it. Every change leaves the events that Stripe sends of it. */
export class FakeAccount {
  readonly customers = new Map<string, Stripe.Customer>();
  readonly cards = new Map<string, Stripe.PaymentMethod>();
  readonly setupIntents = new Map<string, Stripe.SetupIntent>();
  readonly intents = new Map<string, Stripe.PaymentIntent>();
  readonly charges = new Map<string, Stripe.Charge>();
  readonly refunds = new Map<string, Stripe.Refund>();
  readonly disputes = new Map<string, Stripe.Dispute>();
  readonly sessions = new Map<string, Stripe.Checkout.Session>();
  readonly events: Stripe.Event[] = [];
  /** Behaviour by card; may be changed at any time. */
  readonly behaviours = new Map<string, CardBehaviour>();
  /** Of the payment that a session in mode payment will make. */
  readonly sessionPayments = new Map<string, { metadata: Stripe.Metadata; keepsCard: boolean }>();

  constructor(private readonly emitted: (event: Stripe.Event) => void) {}

  private emit(type: Stripe.Event['type'], object: object, previous?: object): void {
    const event = newEvent(type, object, previous, inSeconds());
    this.events.push(event);
    this.emitted(event);
  }

  createCustomer(given: Parameters<typeof newCustomer>[0]): Stripe.Customer {
    const made = newCustomer(given, inSeconds());
    this.customers.set(made.id, made);
    this.emit('customer.created', made);
    return made;
  }

  updateCustomer(id: string, change: (customer: Stripe.Customer) => void): Stripe.Customer {
    const customer = this.customer(id);
    change(customer);
    this.emit('customer.updated', customer);
    return customer;
  }

  customer(id: string): Stripe.Customer {
    const found = this.customers.get(id);
    if (found === undefined) throw missing('customer', id);
    return found;
  }

  /** The newest first. */
  cardsOf(customer: string): Stripe.PaymentMethod[] {
    return [...this.cards.values()].filter((card) => card.customer === customer).reverse();
  }

  attachCard(customer: string, behaviour: CardBehaviour): Stripe.PaymentMethod {
    const card = newCard(this.customer(customer).id, LAST4[behaviour], inSeconds());
    this.cards.set(card.id, card);
    this.behaviours.set(card.id, behaviour);
    this.emit('payment_method.attached', card);
    return card;
  }

  detachCard(id: string): Stripe.PaymentMethod {
    const card = this.cards.get(id);
    if (card === undefined) throw missing('PaymentMethod', id);
    const owner = typeof card.customer === 'string' ? this.customers.get(card.customer) : undefined;
    const previous = { customer: card.customer };
    card.customer = null;
    if (owner?.invoice_settings.default_payment_method === id) owner.invoice_settings.default_payment_method = null;
    this.emit('payment_method.detached', card, previous);
    return card;
  }

  createIntent(given: Parameters<typeof newPaymentIntent>[0]): Stripe.PaymentIntent {
    const intent = newPaymentIntent(given, inSeconds());
    this.intents.set(intent.id, intent);
    this.emit('payment_intent.created', intent);
    return intent;
  }

  /** @throws Refusal 402 as Stripe's when the card is declined, or wants the customer who is not there */
  confirm(intent: Stripe.PaymentIntent, cardId: string, offSession: boolean): void {
    const card = this.cards.get(cardId);
    if (card === undefined) throw missing('PaymentMethod', cardId);
    if (card.customer !== intent.customer) {
      const message = 'The provided PaymentMethod does not belong to the Customer.';
      throw new Refusal(400, { type: 'invalid_request_error', message, param: 'payment_method' });
    }
    intent.payment_method = cardId;
    const behaviour = this.behaviours.get(cardId) ?? 'success';
    if (behaviour === 'processing') {
      intent.status = 'processing';
      this.emit('payment_intent.processing', intent);
    } else if (behaviour === 'success' || (behaviour === 'requires_action' && !offSession)) {
      this.succeed(intent);
    } else {
      throw this.fail(intent, behaviour === 'decline' ? 'insufficient_funds' : 'authentication_required');
    }
  }

  succeed(intent: Stripe.PaymentIntent): void {
    const charge = newCharge(intent, inSeconds());
    this.charges.set(charge.id, charge);
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: intent.amount,
      latest_charge: charge.id,
      last_payment_error: null,
    });
    this.emit('charge.succeeded', charge);
    this.emit('payment_intent.succeeded', intent);
  }

  fail(intent: Stripe.PaymentIntent, reason: 'insufficient_funds' | 'authentication_required'): Refusal {
    const code = reason === 'authentication_required' ? reason : 'card_declined';
    const message = reason === 'authentication_required' ? 'It takes the cardholder.' : 'Your card was declined.';
    const error = { type: 'card_error' as const, code, decline_code: reason, message } as const;
    Object.assign(intent, { status: 'requires_payment_method', payment_method: null, last_payment_error: error });
    this.emit('payment_intent.payment_failed', intent);
    return new Refusal(402, { ...error, payment_intent: structuredClone(intent) });
  }

  cancelIntent(id: string): Stripe.PaymentIntent {
    const intent = this.intents.get(id);
    if (intent === undefined) throw missing('payment_intent', id);
    if (intent.status === 'succeeded' || intent.status === 'canceled') {
      const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`;
      const code = 'payment_intent_unexpected_state';
      throw new Refusal(400, { type: 'invalid_request_error', code, message });
    }
    Object.assign(intent, { status: 'canceled', canceled_at: inSeconds() });
    this.emit('payment_intent.canceled', intent);
    return intent;
  }

  refund(intentId: string, amount: number | undefined, metadata: Stripe.Metadata): Stripe.Refund {
    const intent = this.intents.get(intentId);
    const charge = this.charges.get(String(intent?.latest_charge));
    if (charge === undefined) throw missing('payment_intent', intentId);
    const left = charge.amount - charge.amount_refunded;
    if ((amount ?? left) > left || left === 0) {
      const message = 'Refund amount is greater than the unrefunded amount on the charge.';
      throw new Refusal(400, { type: 'invalid_request_error', code: 'charge_already_refunded', message });
    }
    const refund = newRefund(charge, { amount: amount ?? left, metadata }, inSeconds());
    this.refunds.set(refund.id, refund);
    charge.amount_refunded += refund.amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    this.emit('refund.created', refund);
    this.emit('charge.refunded', charge);
    return refund;
  }

  /** A customer's bank fetches a payment back; what comes of it, `closeDispute` says. */
  dispute(intentId: string): Stripe.Dispute {
    const charge = this.charges.get(String(this.intents.get(intentId)?.latest_charge));
    if (charge === undefined) throw missing('payment_intent', intentId);
    charge.disputed = true;
    const dispute = newDispute(charge, inSeconds());
    this.disputes.set(dispute.id, dispute);
    this.emit('charge.dispute.created', dispute);
    return dispute;
  }

  closeDispute(id: string, status: 'won' | 'lost'): void {
    const dispute = this.disputes.get(id);
    if (dispute === undefined) throw missing('dispute', id);
    dispute.status = status;
    this.emit('charge.dispute.closed', dispute);
  }

  session(id: string): Stripe.Checkout.Session {
    const found = this.sessions.get(id);
    if (found === undefined) throw missing('checkout.session', id);
    return found;
  }

  /** As if the customer had filled in a session's page with a card. One that is declined leaves the page open. */
  completeSession(id: string, behaviour: CardBehaviour = 'success'): Stripe.Checkout.Session {
    const session = this.session(id);
    if (session.status !== 'open') throw new Error(`the session is ${session.status}`);
    const customer = session.customer as string;
    if (session.mode === 'setup') {
      const card = this.attachCard(customer, behaviour);
      const setup = newSetupIntent(customer, inSeconds());
      Object.assign(setup, { status: 'succeeded', payment_method: card.id, metadata: session.metadata });
      this.setupIntents.set(setup.id, setup);
      session.setup_intent = setup.id;
      this.emit('setup_intent.succeeded', setup);
    } else if (!this.pay(session, customer, behaviour)) return session;
    session.status = 'complete';
    session.url = null;
    this.emit('checkout.session.completed', session);
    return session;
  }

  private pay(session: Stripe.Checkout.Session, customer: string, behaviour: CardBehaviour): boolean {
    const { metadata, keepsCard } = this.sessionPayments.get(session.id) ?? { metadata: {}, keepsCard: false };
    const { amount_total: amount, currency } = session;
    const intent =
      this.intents.get(session.payment_intent as string) ??
      this.createIntent({ amount: amount ?? 0, currency: currency ?? 'eur', customer, metadata });
    session.payment_intent = intent.id;
    const card = newCard(customer, LAST4[behaviour], inSeconds());
    this.cards.set(card.id, card);
    this.behaviours.set(card.id, behaviour);
    try {
      this.confirm(intent, card.id, false);
    } catch (error) {
      this.cards.delete(card.id);
      if (error instanceof Refusal) return false;
      throw error;
    }
    if (keepsCard) this.emit('payment_method.attached', card);
    else card.customer = null;
    session.payment_status = intent.status === 'succeeded' ? 'paid' : 'unpaid';
    return true;
  }

  /** What came of a payment that was `processing`. */
  settle(intent: Stripe.PaymentIntent, paid: boolean): void {
    if (paid) this.succeed(intent);
    else this.fail(intent, 'insufficient_funds');
    const session = [...this.sessions.values()].find(({ payment_intent }) => payment_intent === intent.id);
    if (session === undefined) return;
    session.payment_status = paid ? 'paid' : 'unpaid';
    this.emit(`checkout.session.async_payment_${paid ? 'succeeded' : 'failed'}`, session);
  }

  expireSession(id: string): Stripe.Checkout.Session {
    const session = this.session(id);
    if (session.status !== 'open') {
      const message = `Only Checkout Sessions with a status in ["open"] can be expired.`;
      throw new Refusal(400, { type: 'invalid_request_error', message });
    }
    session.status = 'expired';
    session.url = null;
    this.emit('checkout.session.expired', session);
    return session;
  }
}
