import type Stripe from 'stripe';
import { newStripeId } from './fake-stripe-objects.js';

// As fake-stripe-objects, of what customers see and what the platform hears.

export const newCheckoutSession = (
  given: {
    mode: 'setup' | 'payment';
    customer: string;
    success_url: string;
    cancel_url: string | null;
    metadata: Stripe.Metadata;
    amount: number | null;
    currency: string | null;
    url: string;
  },
  created: number,
): Stripe.Checkout.Session => {
  const id = newStripeId('cs_test');
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: given.amount,
    amount_total: given.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: given.cancel_url,
    client_reference_id: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created,
    currency: given.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: given.customer,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: null,
    expires_at: created + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: given.metadata,
    mode: given.mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_status: given.mode === 'setup' ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: given.success_url,
    total_details: null,
    ui_mode: null,
    url: `${given.url}/c/pay/${id}`,
    wallet_options: null,
  };
};

export const newPortalSession = (
  customer: string,
  returnUrl: string | null,
  url: string,
  created: number,
): Stripe.BillingPortal.Session => {
  const id = newStripeId('bps');
  return {
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_fake',
    created,
    customer,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url: `${url}/p/session/${id}`,
  };
};

/** An event about an object as it is at this moment: a copy, since the object goes on. */
export const newEvent = (
  type: Stripe.Event['type'],
  object: object,
  previous: object | undefined,
  created: number,
): Stripe.Event =>
  ({
    id: newStripeId('evt'),
    object: 'event',
    api_version: '2026-10-28.endive',
    created,
    data: { object: structuredClone(object), ...(previous && { previous_attributes: previous }) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  }) as Stripe.Event;
