import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { page, pageQuery } from './page.js';
import { instant, text } from './text.js';

export const planKey = featureKey;
/** `pro`, or one version of it: `pro@3`. */
export const planReference = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_.-]{0,63}(@[1-9]\d{0,5})?$/, 'must be a plan key, or key@version');

export const planVersionStatus = z.enum(['draft', 'published', 'retired']);
export type PlanVersionStatus = z.infer<typeof planVersionStatus>;
export const planKind = z.enum(['plan', 'add_on']);

const interval = z.enum(['day', 'week', 'month', 'year']);
export type Interval = z.infer<typeof interval>;

/** A price as it will be rated later: here it is part of the version and as immutable. Amounts are decimal strings. */
export const price = z
  .strictObject({
    key: planKey.optional(),
    kind: z.enum(['flat', 'per_unit']).default('flat'),
    amount: z.string().regex(/^\d{1,26}(\.\d{1,12})?$/, 'must be a decimal number such as 19.99'),
    currency: z.string().regex(/^[A-Z]{3}$/),
    interval: interval.default('month'),
    interval_count: z.int().min(1).max(120).default(1),
    billing: z.enum(['in_advance', 'in_arrears']).default('in_advance'),
  })
  .meta({ id: 'Price' });
export type Price = z.infer<typeof price>;

const features = z.record(featureKey, z.json()).default({});
const prices = z.array(price).max(50).default([]);

export const createPlanRequest = z
  .strictObject({
    key: planKey,
    name: text(200),
    kind: planKind.default('plan'),
    description: text(1_000).nullish(),
    features,
    prices,
    trial_days: z.int().min(0).max(730).default(0),
    publish: z.boolean().default(false),
  })
  .meta({ id: 'CreatePlanRequest' });
export type CreatePlanRequest = z.infer<typeof createPlanRequest>;

/** A new version of a plan; the newest published one is what `plan: "key"` means. */
export const createPlanVersionRequest = z
  .strictObject({
    features,
    prices,
    trial_days: z.int().min(0).max(730).default(0),
    publish: z.boolean().default(false),
  })
  .meta({ id: 'CreatePlanVersionRequest' });
export type CreatePlanVersionRequest = z.infer<typeof createPlanVersionRequest>;

export const planVersion = z
  .object({
    version: z.int(),
    status: planVersionStatus,
    features: z.record(z.string(), z.json()),
    prices: z.array(price),
    trial_days: z.int(),
    created_at: z.string(),
    published_at: z.string().nullable(),
    retired_at: z.string().nullable(),
    subscriptions: z.int().describe('Live ones on this version'),
  })
  .meta({ id: 'PlanVersion' });
export type PlanVersion = z.infer<typeof planVersion>;

export const plan = z
  .object({
    key: z.string(),
    name: z.string(),
    kind: planKind,
    description: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
    current_version: z.int().nullable().describe('The newest published version'),
    versions: z.array(planVersion).describe('Newest first'),
  })
  .meta({ id: 'Plan' });
export type Plan = z.infer<typeof plan>;
export const planList = z.object({ data: z.array(plan) }).meta({ id: 'PlanList' });
export type PlanList = z.infer<typeof planList>;
export const planParams = z.strictObject({ key: planKey });
export const planVersionParams = z.strictObject({ key: planKey, version: z.coerce.number().int().min(1) });

export const subscriptionState = z.enum(['trialing', 'active', 'past_due', 'paused', 'suspended', 'canceled']);
export type SubscriptionState = z.infer<typeof subscriptionState>;

const quantity = z.int().min(1).max(1_000_000_000);

export const createSubscriptionRequest = z
  .strictObject({
    customer_id: z.string().max(64),
    plan: planReference,
    quantity: quantity.default(1),
    add_ons: z
      .array(z.strictObject({ plan: planReference, quantity: quantity.default(1) }))
      .max(20)
      .default([]),
    start: instant.optional().describe('Default: now; may lie in the past or the future'),
    trial_days: z.int().min(0).max(730).optional().describe('Default: that of the plan version'),
  })
  .meta({ id: 'CreateSubscriptionRequest' });
export type CreateSubscriptionRequest = z.infer<typeof createSubscriptionRequest>;

/** `at`: when the change takes effect; the end of the period is that of the billing anchor. */
export const updateSubscriptionRequest = z
  .strictObject({
    plan: planReference,
    quantity,
    add_ons: z.array(z.strictObject({ plan: planReference, quantity: quantity.default(1) })).max(20),
    cancel: z.boolean().describe('true: end it; false: take back an end that has not come'),
    pause: z.boolean(),
    at: z.union([z.enum(['now', 'period_end']), instant]),
  })
  .partial()
  .refine(
    (body) => Object.keys(body).some((key) => key !== 'at'),
    'must change plan, quantity, add_ons, cancel or pause',
  )
  .meta({ id: 'UpdateSubscriptionRequest' });
export type UpdateSubscriptionRequest = z.infer<typeof updateSubscriptionRequest>;

export const subscription = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    state: subscriptionState,
    plan: z.string().describe('key@version'),
    quantity: z.int(),
    items: z.array(z.object({ id: z.string(), plan: z.string(), kind: planKind, quantity: z.int() })),
    start: z.string(),
    trial_end: z.string().nullable(),
    current_period: z.object({ start: z.string(), end: z.string() }).nullable(),
    cancel_at: z.string().nullable(),
    canceled_at: z.string().nullable(),
    paused_at: z.string().nullable(),
    scheduled: z.array(z.object({ at: z.string(), change: z.record(z.string(), z.json()) })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.infer<typeof subscription>;
export const subscriptionParams = z.strictObject({ subscription_id: z.string().max(64) });
export const subscriptionListQuery = z.strictObject({
  ...pageQuery,
  customer_id: z.string().max(64).optional(),
  plan: planReference.optional(),
  state: subscriptionState.optional(),
});
export type SubscriptionListQuery = z.infer<typeof subscriptionListQuery>;
export const subscriptionPage = page(subscription, 'SubscriptionPage');
export type SubscriptionPage = z.infer<typeof subscriptionPage>;
