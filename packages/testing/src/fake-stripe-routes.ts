import type Stripe from 'stripe';
import { type FakeAccount, missing, Refusal } from './fake-stripe-account.js';
import { inSeconds } from './fake-stripe-objects.js';
import { newCheckoutSession, newPortalSession } from './fake-stripe-pages.js';

/** A form as Stripe takes it: `metadata[a]=b` is `{metadata: {a: 'b'}}`, `items[0][x]=1` is `{items: {0: {x: '1'}}}`. */
export type Form = { readonly [name: string]: string | Form | undefined };

export function parseForm(text: string): Form {
  const form: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.replaceAll(']', '').split('[');
    const last = path.pop() as string;
    let place = form;
    for (const part of path) {
      place[part] ??= {};
      place = place[part] as Record<string, unknown>;
    }
    place[last] = value;
  }
  return form as Form;
}

const textOf = (form: Form, name: string): string | undefined => {
  const value = form[name];
  return typeof value === 'string' ? value : undefined;
};
const formOf = (form: Form, name: string): Form => {
  const value = form[name];
  return typeof value === 'object' ? value : {};
};
const metadataOf = (form: Form): Stripe.Metadata => formOf(form, 'metadata') as Stripe.Metadata;

function required(form: Form, name: string): string {
  const value = textOf(form, name);
  if (value !== undefined && value !== '') return value;
  const message = `Missing required param: ${name}.`;
  throw new Refusal(400, { type: 'invalid_request_error', code: 'parameter_missing', message, param: name });
}

function amountOf(form: Form, name = 'amount'): number {
  const text = required(form, name);
  if (!/^\d{1,8}$/.test(text)) {
    const message = `Invalid integer: ${text}`;
    throw new Refusal(400, { type: 'invalid_request_error', code: 'parameter_invalid_integer', message, param: name });
  }
  if (Number(text) >= 50) return Number(text);
  const message = 'Amount must convert to at least 50 cents.';
  throw new Refusal(400, { type: 'invalid_request_error', code: 'amount_too_small', message, param: name });
}

interface Listed {
  readonly id: string;
  readonly created: number;
}

/** The newest first, as all of Stripe's lists. */
function list<Item extends Listed>(all: Iterable<Item>, query: Form, url: string, keep: (item: Item) => boolean) {
  const created = formOf(query, 'created');
  const from = Number(textOf(created, 'gte') ?? 0);
  const before = Number(textOf(created, 'lt') ?? Number.MAX_SAFE_INTEGER);
  const found = [...all].reverse().filter((item) => item.created >= from && item.created < before && keep(item));
  const after = textOf(query, 'starting_after');
  const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
  const limit = Number(textOf(query, 'limit') ?? 10);
  const data = found.slice(start, start + limit);
  return { object: 'list', data, has_more: found.length > start + limit, url };
}

const found = <Item>(items: ReadonlyMap<string, Item>, what: string, id: string): Item => {
  const item = items.get(id);
  if (item === undefined) throw missing(what, id);
  return item;
};

/** Answers a request of the API. @throws Refusal */
export function answer(account: FakeAccount, base: string, method: string, path: string, form: Form): object {
  const [, , kind = '', id = '', act = ''] = path.split('/');
  const is = (pattern: string): boolean =>
    `${method} ${pattern}` === `${method} ${[kind, id && ':id', act].filter(Boolean).join('/')}`;
  const post = (pattern: string): boolean => method === 'POST' && is(pattern);
  const get = (pattern: string): boolean => method === 'GET' && is(pattern);
  const customer = textOf(form, 'customer');
  const all = () => true;

  if (kind === 'checkout') return answerCheckout(account, base, method, path, form);
  if (path === '/v1/billing_portal/sessions' && method === 'POST') {
    const owner = account.customer(required(form, 'customer'));
    return newPortalSession(owner.id, textOf(form, 'return_url') ?? null, base, inSeconds());
  }
  if (post('customers')) {
    const given = { name: textOf(form, 'name'), email: textOf(form, 'email'), metadata: metadataOf(form) };
    return account.createCustomer(given as { name: string; email: string; metadata: Stripe.Metadata });
  }
  if (get('customers')) {
    const email = textOf(form, 'email');
    return list(account.customers.values(), form, path, (one) => email === undefined || one.email === email);
  }
  if (get('customers/:id')) return account.customer(id);
  if (post('customers/:id')) {
    return account.updateCustomer(id, (one) => {
      const preferred = textOf(formOf(form, 'invoice_settings'), 'default_payment_method');
      if (preferred !== undefined) {
        found(account.cards, 'PaymentMethod', preferred);
        one.invoice_settings.default_payment_method = preferred;
      }
      Object.assign(one.metadata, metadataOf(form));
    });
  }
  if (get('payment_methods')) return list(account.cards.values(), form, path, (one) => one.customer === customer);
  if (get('customers/:id/payment_methods')) {
    return list(account.cards.values(), form, path, (one) => one.customer === account.customer(id).id);
  }
  if (get('payment_methods/:id')) return found(account.cards, 'PaymentMethod', id);
  if (post('payment_methods/:id/detach')) return account.detachCard(id);
  if (get('setup_intents/:id')) return found(account.setupIntents, 'setup_intent', id);
  if (post('payment_intents')) return createIntent(account, form);
  if (get('payment_intents')) {
    return list(account.intents.values(), form, path, (one) => customer === undefined || one.customer === customer);
  }
  if (get('payment_intents/:id')) return found(account.intents, 'payment_intent', id);
  if (post('payment_intents/:id/cancel')) return account.cancelIntent(id);
  if (post('refunds')) {
    const amount = textOf(form, 'amount');
    const part = amount === undefined ? undefined : Number(amount);
    return account.refund(required(form, 'payment_intent'), part, metadataOf(form));
  }
  if (get('refunds')) {
    const intent = textOf(form, 'payment_intent');
    return list(account.refunds.values(), form, path, (one) => intent === undefined || one.payment_intent === intent);
  }
  if (get('refunds/:id')) return found(account.refunds, 'refund', id);
  if (get('disputes')) {
    const intent = textOf(form, 'payment_intent');
    return list(account.disputes.values(), form, path, (one) => intent === undefined || one.payment_intent === intent);
  }
  if (get('disputes/:id')) return found(account.disputes, 'dispute', id);
  if (get('charges/:id')) return found(account.charges, 'charge', id);
  if (get('events')) return list(account.events, form, path, all);
  throw new Refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  });
}

function createIntent(account: FakeAccount, form: Form): Stripe.PaymentIntent {
  const customer = textOf(form, 'customer') ?? null;
  const description = textOf(form, 'description');
  const intent = account.createIntent({
    amount: amountOf(form),
    currency: required(form, 'currency'),
    customer: customer === null ? null : account.customer(customer).id,
    metadata: metadataOf(form),
    ...(description !== undefined && { description }),
  });
  if (textOf(form, 'confirm') !== 'true') return intent;
  account.confirm(intent, required(form, 'payment_method'), textOf(form, 'off_session') === 'true');
  return intent;
}

function answerCheckout(account: FakeAccount, base: string, method: string, path: string, form: Form): object {
  const [, , , , id = '', act = ''] = path.split('/');
  if (method === 'POST' && act === 'expire') return account.expireSession(id);
  if (method === 'GET' && id !== '') return account.session(id);
  const customer = textOf(form, 'customer');
  if (method === 'GET') {
    return list(account.sessions.values(), form, path, (one) => customer === undefined || one.customer === customer);
  }
  const mode = required(form, 'mode');
  if (mode !== 'setup' && mode !== 'payment') {
    throw new Refusal(400, { type: 'invalid_request_error', message: `Invalid mode: ${mode}`, param: 'mode' });
  }
  const price = formOf(formOf(formOf(form, 'line_items'), '0'), 'price_data');
  const session = newCheckoutSession(
    {
      mode,
      customer: account.customer(required(form, 'customer')).id,
      success_url: required(form, 'success_url'),
      cancel_url: textOf(form, 'cancel_url') ?? null,
      metadata: metadataOf(form),
      amount: mode === 'payment' ? amountOf(price, 'unit_amount') : null,
      currency: mode === 'payment' ? required(price, 'currency') : (textOf(form, 'currency') ?? null),
      url: base,
    },
    inSeconds(),
  );
  account.sessions.set(session.id, session);
  const payment = formOf(form, 'payment_intent_data');
  const keepsCard = textOf(payment, 'setup_future_usage') === 'off_session';
  account.sessionPayments.set(session.id, { metadata: metadataOf(payment), keepsCard });
  return session;
}
