import { createHash } from 'node:crypto';
import type { CheckoutRequest } from '@bastionary/contracts/stripe';
import { getCustomer } from '@bastionary/entitlements/actions/find-customer';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import Stripe from 'stripe';
import { amountDue } from '../../rules/documents/amounts.js';
import { toStripeAmount } from '../../rules/stripe/stripe-amount.js';
import { getAttempt } from './attempt-rows.js';
import { endAttempt } from './end-attempt.js';
import { ensureStripeCustomer } from './ensure-stripe-customer.js';
import { planAttempt } from './plan-attempts.js';
import { METADATA, type StripeDesk } from './stripe-desk.js';

/** How long a page on which an invoice is paid stays open; meanwhile nothing else collects the invoice. */
const PAYMENT_PAGE_SECONDS = 3_600;

/**
 * Opens a page of Stripe on which a customer gives a payment method, or pays one invoice and leaves its payment method.
 * @param retryKey the same key again gives the same page; null: a new one
 * @returns the address of the page
 * @throws AppError not_found, invoice_conflict, idempotency_key_reused
 */
export async function startCheckout(
  desk: StripeDesk,
  origin: Origin,
  customerId: string,
  request: CheckoutRequest,
  retryKey: string | null,
): Promise<{ url: string }> {
  const { currency } = await getCustomer(desk.db, customerId);
  const customer = await ensureStripeCustomer(desk, origin, customerId);
  const { success_url, cancel_url, invoice_id: invoiceId } = request;
  const common = { customer, success_url, cancel_url };
  if (invoiceId !== undefined) return startPayment(desk, origin, customerId, invoiceId, common);
  const metadata = { [METADATA.customer]: customerId };
  const params = { ...common, mode: 'setup' as const, currency: currency.toLowerCase(), metadata };
  const session = await create(desk, params, retryKey === null ? undefined : keyOf(origin, retryKey));
  return keep(desk, origin, customerId, session, null);
}

// Another caller's key is another key.
const keyOf = (origin: Origin, retryKey: string): string =>
  `bastionary-checkout-${createHash('sha256').update(`${origin.actor}|${retryKey}`).digest('base64url')}`;

async function startPayment(
  desk: StripeDesk,
  origin: Origin,
  customerId: string,
  invoiceId: string,
  common: { customer: string; success_url: string; cancel_url: string },
): Promise<{ url: string }> {
  const { attemptId, open } = await planPayment(desk, customerId, invoiceId);
  if (open !== null) return { url: open };
  const attempt = await getAttempt(desk.db, attemptId);
  const amount = toStripeAmount(attempt.amount, attempt.currency);
  const metadata = { [METADATA.invoice]: invoiceId, [METADATA.attempt]: attemptId };
  const { number } = await desk.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
  try {
    if (amount === null) throw cannotCollect(invoiceId);
    const price = {
      currency: attempt.currency.toLowerCase(),
      unit_amount: amount,
      product_data: { name: `${number}` },
    };
    const session = await create(
      desk,
      {
        ...common,
        mode: 'payment',
        expires_at: Math.floor(desk.now().getTime() / 1_000) + PAYMENT_PAGE_SECONDS,
        line_items: [{ quantity: 1, price_data: price }],
        metadata,
        payment_intent_data: { metadata, setup_future_usage: 'off_session' },
      },
      attempt.idempotencyKey,
    );
    return await keep(desk, origin, customerId, session, attemptId);
  } catch (error) {
    // Nobody has the address of a page whose answer got lost: nothing can come of it.
    const nothing = { paymentIntent: null, failureCode: null, failureMessage: null };
    await desk.transact((tx) => endAttempt(tx, desk, attempt, { state: 'canceled', ...nothing }));
    throw error;
  }
}

/** Plans the attempt, or finds the page that is open already. */
function planPayment(desk: StripeDesk, customerId: string, invoiceId: string) {
  return desk.transact(async (tx) => {
    const now = desk.now();
    await tx.$queryRaw`SELECT id FROM invoice WHERE id = ${invoiceId} FOR UPDATE`;
    const invoice = await tx.invoice.findFirst({ where: { id: invoiceId, customerId } });
    if (invoice === null || invoice.status === 'draft') {
      throw new AppError('not_found', `This customer has no finalized invoice ${invoiceId}.`);
    }
    const amount = amountDue(invoice);
    if (invoice.status !== 'open' || amount <= 0n) {
      throw new AppError(
        'invoice_conflict',
        `Invoice ${invoice.number} is ${invoice.status}; there is nothing to pay.`,
      );
    }
    const pending = await tx.stripeAttempt.findFirst({
      where: { invoiceId, state: { in: ['planned', 'unknown', 'processing', 'requires_action'] } },
    });
    const page =
      pending === null
        ? null
        : await tx.stripeCheckout.findFirst({
            where: { attemptId: pending.id, state: 'open', expiresAt: { gt: now } },
          });
    if (page !== null) return { attemptId: pending?.id ?? '', open: page.url };
    if (pending !== null) {
      throw new AppError(
        'invoice_conflict',
        `Invoice ${invoice.number} is just being collected. Look again in a minute.`,
      );
    }
    const made = await planAttempt(tx, { invoiceId, customerId, currency: invoice.currency, amount }, null, now);
    return { attemptId: made.id, open: null };
  });
}

const cannotCollect = (invoiceId: string): AppError =>
  new AppError('invoice_conflict', `Stripe cannot say the amount of invoice ${invoiceId} in its currency.`);

async function create(
  { api }: StripeDesk,
  params: Stripe.Checkout.SessionCreateParams,
  idempotencyKey: string | undefined,
): Promise<Stripe.Checkout.Session> {
  try {
    return await api.checkout.sessions.create(params, idempotencyKey === undefined ? {} : { idempotencyKey });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeIdempotencyError)) throw error;
    throw new AppError('idempotency_key_reused', 'This Idempotency-Key was used for a different request.');
  }
}

async function keep(
  desk: StripeDesk,
  origin: Origin,
  customerId: string,
  session: Stripe.Checkout.Session,
  attemptId: string | null,
): Promise<{ url: string }> {
  const { id, mode } = session;
  const url = session.url ?? '';
  await desk.transact(async (tx) => {
    const expiresAt = new Date(session.expires_at * 1_000);
    const row = { id, customerId, mode, attemptId, url, state: 'open', createdAt: desk.now(), expiresAt };
    const { count } = await tx.stripeCheckout.createMany({ data: row, skipDuplicates: true });
    if (count === 0) return;
    if (attemptId !== null) {
      const shown = { state: 'requires_action', updatedAt: desk.now(), version: { increment: 1 } };
      await tx.stripeAttempt.updateMany({ where: { id: attemptId, state: 'planned' }, data: shown });
    }
    const target = `customer:${customerId}`;
    await appendAudit(tx, origin, { action: 'customer.checkout_started', target, detail: { mode, session: id } });
  });
  return { url };
}
