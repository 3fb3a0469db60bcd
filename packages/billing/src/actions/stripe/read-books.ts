import type { Reader } from '@bastionary/prisma/client';
import type Stripe from 'stripe';
import type { AttemptState } from '../../rules/stripe/attempt-state.js';
import type { Books, Comparison, TheirIntent, TheirRefund } from '../../rules/stripe/compare-books.js';
import { chargebackFactsOf, factsOf, refundFactsOf } from './intent-facts.js';
import { isMissing, METADATA, type StripeDesk } from './stripe-desk.js';

/** Half-open. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/** What is under way for less than this is no difference yet. */
const UNDER_WAY_MS = 60_000;

const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
const created = ({ from, to }: Window) => ({ gte: seconds(from), lt: seconds(to) + 1 });

/** Both sides of a window. Ours is read after theirs: what came in between is here, at worst, and not there. */
export async function readBooks(desk: StripeDesk, window: Window): Promise<Books> {
  const customers = await desk.db.stripeCustomer.findMany({ select: { customerId: true, stripeId: true } });
  const whose = new Map(customers.map(({ customerId, stripeId }) => [stripeId, customerId]));
  const since = await firstOpen(desk.db, window.from);
  const intents = await theirIntents(desk.api, { from: since, to: window.to }, whose);
  const refunds = await theirRefunds(desk.api, window);
  const within = { gte: window.from, lt: window.to };
  const payments = await desk.db.payment.findMany({
    where: { provider: 'stripe', OR: [{ receivedAt: within }, { reference: { in: intents.map(({ id }) => id) } }] },
    orderBy: { id: 'asc' },
  });
  const ids = [...refunds.map(({ id }) => id), ...refunds.flatMap(({ refundId }) => refundId ?? [])];
  const ourRefunds = await desk.db.refund.findMany({
    where: {
      provider: 'stripe',
      OR: [{ createdAt: within }, { reference: { in: ids } }, { id: { in: ids } }],
    },
    orderBy: { id: 'asc' },
  });
  const attemptIds = intents.flatMap(({ attemptId }) => attemptId ?? []);
  const attempts = await desk.db.stripeAttempt.findMany({
    where: { OR: [{ createdAt: { gte: since, lt: window.to } }, { id: { in: attemptIds } }] },
    orderBy: { id: 'asc' },
  });
  const justNow = new Date(desk.now().getTime() - UNDER_WAY_MS);
  return {
    intents,
    refunds: [...refunds, ...(await olderRefunds(desk.api, ourRefunds, ids))],
    payments,
    ourRefunds,
    attempts: attempts.map((row) => ({
      ...row,
      state: row.state as AttemptState,
      isUnderWay: row.endedAt === null && row.updatedAt > justNow,
    })),
  };
}

/** An attempt may be open for longer than the window is long. */
async function firstOpen(db: Reader, from: Date): Promise<Date> {
  const { _min: first } = await db.stripeAttempt.aggregate({ where: { endedAt: null }, _min: { createdAt: true } });
  // Stripe's clock may be behind ours.
  const open = first.createdAt === null ? from : new Date(first.createdAt.getTime() - 3_600_000);
  return open < from ? open : from;
}

async function theirIntents(api: Stripe, window: Window, whose: ReadonlyMap<string, string>): Promise<TheirIntent[]> {
  const found: TheirIntent[] = [];
  for await (const intent of api.paymentIntents.list({ created: created(window), limit: 100 })) {
    const facts = factsOf(intent);
    const customerId = whose.get(facts.stripeCustomer ?? '') ?? null;
    if (facts.attemptId !== null || customerId !== null) found.push({ ...facts, customerId });
  }
  return found.reverse();
}

async function theirRefunds(api: Stripe, window: Window): Promise<TheirRefund[]> {
  const found: TheirRefund[] = [];
  for await (const refund of api.refunds.list({ created: created(window), limit: 100 }))
    found.push(refundFactsOf(refund));
  for await (const dispute of api.disputes.list({ created: created(window), limit: 100 }))
    found.push(...chargebackFactsOf(dispute));
  return found.reverse();
}

/** Money that went back as we wrote down in the window, and that at Stripe is older: a chargeback is as old as its dispute. */
async function olderRefunds(api: Stripe, ours: readonly { reference: string }[], seen: readonly string[]) {
  const found: TheirRefund[] = [];
  for (const { reference } of ours) {
    // A pending one has no name at Stripe yet, but ours.
    if (reference.startsWith('rfd_') || seen.includes(reference)) continue;
    try {
      if (reference.startsWith('re_')) found.push(refundFactsOf(await api.refunds.retrieve(reference)));
      else found.push(...chargebackFactsOf(await api.disputes.retrieve(reference)));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

/** Customers as they stand here and there: whether they are still there, and how they pay. */
export async function compareCustomers({ api, db }: StripeDesk, { from }: Window): Promise<Comparison[]> {
  const theirs = new Map<string, Stripe.Customer>();
  for await (const customer of api.customers.list({ limit: 100 })) theirs.set(customer.id, customer);
  const ours = await db.stripeCustomer.findMany({ orderBy: { customerId: 'asc' } });
  const linked = new Set(ours.map(({ stripeId }) => stripeId));
  const empty = { paymentIntent: null, invoiceId: null, currency: null, here: null, there: null };
  const rows = ours.map(({ customerId, stripeId, paymentMethod }): Comparison => {
    const row = { kind: 'customer' as const, stripeId, ourId: customerId, customerId, ...empty };
    const customer = theirs.get(stripeId);
    if (customer === undefined) {
      const isKnown = paymentMethod === null;
      const detail = 'Stripe has no such customer any more.';
      return { ...row, state: 'missing_there', detail, repair: isKnown ? 'look' : 'read_again' };
    }
    const chosen = customer.invoice_settings.default_payment_method;
    const chosenId = typeof chosen === 'string' ? chosen : (chosen?.id ?? null);
    if (chosenId === null || chosenId === paymentMethod) {
      return { ...row, state: 'matched', detail: 'Same payment method.', repair: null };
    }
    return { ...row, state: 'differs', detail: 'Another payment method at Stripe.', repair: 'read_again' };
  });
  const unlinked = [...theirs.values()].flatMap(({ id, metadata }): Comparison[] => {
    const customerId = metadata[METADATA.customer];
    if (customerId === undefined || linked.has(id)) return [];
    const row = { kind: 'customer' as const, stripeId: id, ourId: null, customerId, ...empty };
    return [
      { ...row, state: 'missing_here', detail: 'A customer of ours at Stripe that we do not use.', repair: 'look' },
    ];
  });
  const open = await db.stripeCheckout.findMany({
    where: { state: 'open', createdAt: { gte: from } },
    orderBy: { id: 'asc' },
  });
  const pages: Comparison[] = [];
  for (const { id, customerId } of open) {
    const { status } = await api.checkout.sessions.retrieve(id);
    if (status === 'open') continue;
    const row = { kind: 'customer' as const, stripeId: id, ourId: customerId, customerId, ...empty };
    pages.push({
      ...row,
      state: 'differs',
      detail: `The page is ${status} at Stripe, open here.`,
      repair: 'read_again',
    });
  }
  return [...rows, ...unlinked, ...pages];
}
