import { customerEvent } from '@bastionary/entitlements/rules/customer-event';
import { appendAudit } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import { DbNull, type Transaction } from '@bastionary/prisma/client';
import type Stripe from 'stripe';
import { isMissing, Overtaken, STRIPE_ORIGIN, type StripeDesk, type SyncOutcome, untilFirst } from './stripe-desk.js';

/** A payment method as people recognise it. */
export interface Card {
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly exp_month: number | null;
  readonly exp_year: number | null;
}

/** Makes our note of how a customer pays say what Stripe says. */
export function syncCustomer(desk: StripeDesk, stripeId: string): Promise<SyncOutcome> {
  return untilFirst(async () => {
    const row = await desk.db.stripeCustomer.findUnique({ where: { stripeId } });
    if (row === null) return 'foreign';
    const method = await paymentMethodOf(desk.api, stripeId);
    await desk.transact(async (tx) => {
      const { count } = await tx.stripeCustomer.updateMany({
        where: { stripeId, version: row.version },
        data: {
          paymentMethod: method?.id ?? null,
          card: method === null ? DbNull : { ...method.card },
          updatedAt: desk.now(),
          version: { increment: 1 },
        },
      });
      if (count === 0) throw new Overtaken();
      if (row.paymentMethod !== (method?.id ?? null)) await note(tx, row.customerId, method?.card ?? null);
    });
    return 'applied';
  });
}

/** The one the customer chose, else the newest. */
async function paymentMethodOf(api: Stripe, stripeId: string): Promise<{ id: string; card: Card } | null> {
  try {
    const customer = await api.customers.retrieve(stripeId);
    if (customer.deleted) return null;
    const methods = (await api.customers.listPaymentMethods(stripeId, { limit: 100 })).data;
    const { default_payment_method: chosen } = customer.invoice_settings;
    const chosenId = typeof chosen === 'string' ? chosen : chosen?.id;
    const method = methods.find(({ id }) => id === chosenId) ?? methods[0];
    return method === undefined ? null : { id: method.id, card: toCard(method) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function toCard(method: Stripe.PaymentMethod): Card {
  const { card, sepa_debit: debit } = method;
  return {
    type: method.type,
    brand: card?.brand ?? null,
    last4: card?.last4 ?? debit?.last4 ?? null,
    exp_month: card?.exp_month ?? null,
    exp_year: card?.exp_year ?? null,
  };
}

async function note(tx: Transaction, customerId: string, card: Card | null): Promise<void> {
  const detail = { payment_method: card === null ? null : { ...card } };
  await appendAudit(tx, STRIPE_ORIGIN, {
    action: 'customer.payment_method_changed',
    target: `customer:${customerId}`,
    detail,
  });
  await appendEvent(tx, customerEvent('customer.payment_method_changed', customerId, detail));
}
