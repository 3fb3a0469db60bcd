import { z } from 'zod';
import { featureKey, jsonValue, preview } from './entitlements.js';
import { page, pageQuery } from './page.js';
import { price, prices } from './prices.js';
import { instant, text } from './text.js';

export type { Interval, Price } from './prices.js';

export const planKey = featureKey;
/** `pro`, or one version of it: `pro@3`. */
export const planReference = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_.-]{0,63}(@[1-9]\d{0,5})?$/, 'must be a plan key, or key@version');

export const planVersionStatus = z.enum(['draft', 'published', 'retired']);
export type PlanVersionStatus = z.infer<typeof planVersionStatus>;
export const planKind = z.enum(['plan', 'add_on']);

const features = z
  .record(featureKey, jsonValue)
  .refine((values) => Object.keys(values).length <= 500, 'must hold at most 500 features')
  .default({});
const trialDays = z.int().min(0).max(730);
const content = { features, prices: prices.default([]), trial_days: trialDays.default(0) };

export const createPlanRequest = z
  .strictObject({
    key: planKey,
    name: text(200),
    kind: planKind.default('plan'),
    description: text(1_000).nullish(),
    ...content,
    publish: z.boolean().default(false),
  })
  .meta({ id: 'CreatePlanRequest' });
export type CreatePlanRequest = z.infer<typeof createPlanRequest>;

/** A new version of a plan; the newest published one is what `plan: "key"` means. */
export const createPlanVersionRequest = z
  .strictObject({ ...content, publish: z.boolean().default(false) })
  .meta({ id: 'CreatePlanVersionRequest' });
export type CreatePlanVersionRequest = z.infer<typeof createPlanVersionRequest>;

/** The whole of a version; only a draft takes it. */
export const planVersionContent = z.strictObject(content).meta({ id: 'PlanVersionContent' });
export type PlanVersionContent = z.infer<typeof planVersionContent>;

/** Of the plan itself only what is said about it can change; what it gives and costs stands in its versions. */
export const updatePlanRequest = z
  .strictObject({ name: text(200), description: text(1_000).nullable() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdatePlanRequest' });
export type UpdatePlanRequest = z.infer<typeof updatePlanRequest>;

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
export const planVersionParams = z.strictObject({
  key: planKey,
  version: z.coerce.number().int().min(1).max(999_999),
});

export const subscriptionState = z.enum([
  'scheduled',
  'trialing',
  'active',
  'past_due',
  'paused',
  'suspended',
  'canceled',
]);
export type SubscriptionState = z.infer<typeof subscriptionState>;

const quantity = z.int().min(1).max(1_000_000_000);

/** Beyond these years calendars mean nothing, and the next period could not be written. */
const contractInstant = instant
  .refine((value) => /^(19[7-9]\d|20\d\d|21\d\d)-/.test(value), 'must lie in the years 1970 to 2199')
  .meta({ format: 'date-time' });

const addOns = z
  .array(z.strictObject({ plan: planReference, quantity: quantity.default(1) }))
  .max(20)
  .refine(
    (list) => new Set(list.map(({ plan: reference }) => reference.split('@')[0])).size === list.length,
    'must name each add-on once; use its quantity',
  );

export const createSubscriptionRequest = z
  .strictObject({
    customer_id: z.string().max(64),
    plan: planReference,
    quantity: quantity.default(1),
    add_ons: addOns.default([]),
    start: contractInstant.optional().describe('Default: now; may lie in the past or the future'),
    trial_days: trialDays.optional().describe('Default: that of the plan version'),
    coupon: featureKey.optional().describe('A coupon for this subscription alone; it takes billing:write too'),
  })
  .meta({ id: 'CreateSubscriptionRequest' });
export type CreateSubscriptionRequest = z.infer<typeof createSubscriptionRequest>;

const when = z.union([z.enum(['now', 'period_end']), contractInstant]);
export type When = z.infer<typeof when>;

/** One thing at a time: what it is on (plan, quantity, add_ons), its end, a pause, a suspension, or a payment that is due. */
export const updateSubscriptionRequest = z
  .strictObject({
    plan: planReference,
    quantity,
    add_ons: addOns.describe('The whole new list'),
    cancel: z.boolean().describe('true: end it; false: take back an end that has not come'),
    pause: z.boolean().describe('true: pause it; false: resume it'),
    suspend: z.boolean().describe('true: suspend it at once; false: reinstate it'),
    past_due: z
      .boolean()
      .describe('true: a payment is due, it works on for PAST_DUE_GRACE_DAYS; false: it was received'),
    at: when.describe('When it takes effect; default: now. The end of a period is that of the billing anchor'),
  })
  .partial()
  .refine((body) => {
    const terms = body.plan !== undefined || body.quantity !== undefined || body.add_ons !== undefined;
    const others = [body.cancel, body.pause, body.suspend, body.past_due].filter((one) => one !== undefined);
    return others.length + Number(terms) === 1;
  }, 'must change either plan, quantity and add_ons, or cancel, or pause, or suspend, or past_due')
  .refine((body) => (body.suspend === undefined && body.past_due === undefined) || body.at === undefined, {
    error: 'must be left out: suspend and past_due take effect at once',
    path: ['at'],
  })
  .meta({ id: 'UpdateSubscriptionRequest' });
export type UpdateSubscriptionRequest = z.infer<typeof updateSubscriptionRequest>;

/** What changes about the terms, as it is kept until its instant: plans are key@version by then. */
export const termsChange = z.object({
  plan: z.string().optional(),
  quantity: z.int().optional(),
  add_ons: z.array(z.object({ plan: z.string(), quantity: z.int() })).optional(),
});

export const subscription = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    state: subscriptionState,
    plan: z.string().describe('key@version'),
    quantity: z.int(),
    items: z.array(z.object({ plan: z.string(), kind: planKind, quantity: z.int(), since: z.string() })),
    start: z.string(),
    trial_end: z.string().nullable(),
    current_period: z.object({ start: z.string(), end: z.string() }).nullable(),
    cancel_at: z.string().nullable(),
    canceled_at: z.string().nullable(),
    paused_from: z.string().nullable().describe('Of a pause that is under way or to come'),
    paused_until: z.string().nullable(),
    past_due_since: z.string().nullable(),
    grace_until: z.string().nullable().describe('Past due it works on until then, and is suspended after'),
    suspended_at: z.string().nullable().describe('By an operator'),
    refunded_at: z
      .string()
      .nullable()
      .describe('All that was paid for its period went back: suspended until that is paid again, or reinstated'),
    scheduled: z
      .array(z.object({ id: z.string(), at: z.string(), change: termsChange }))
      .describe('Changes to come, in order'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.infer<typeof subscription>;
export const subscriptionParams = z.strictObject({ subscription_id: z.string().max(64) });
export const scheduledChangeParams = z.strictObject({
  subscription_id: z.string().max(64),
  change_id: z.string().max(64),
});
export const subscriptionListQuery = z.strictObject({
  ...pageQuery,
  customer_id: z.string().max(64).optional(),
  plan: planReference.optional(),
  state: subscriptionState.optional(),
});
export type SubscriptionListQuery = z.infer<typeof subscriptionListQuery>;
export const subscriptionPage = page(subscription, 'SubscriptionPage');
export type SubscriptionPage = z.infer<typeof subscriptionPage>;

/** The subscriptions of a plan move to another of its versions. */
export const migratePlanRequest = z
  .strictObject({
    from: z.int().min(1).optional().describe('Only those on this version; default: on any other than `to`'),
    to: z.int().min(1).optional().describe('Default: the newest published version'),
    subscription_ids: z.array(z.string().max(64)).min(1).max(1_000).optional().describe('Only these'),
    at: z.enum(['now', 'period_end']).default('period_end'),
    limit: z.int().min(1).max(1_000).default(200).describe('At most so many with this request'),
    cursor: z.string().max(64).optional().describe('The next_cursor of the request before'),
  })
  .meta({ id: 'MigratePlanRequest' });
export type MigratePlanRequest = z.infer<typeof migratePlanRequest>;

/** What came of it. Repeated, with or without the cursor, it goes on where it stopped. */
export const planMigration = z
  .object({
    to: z.string().describe('key@version'),
    migrated: z.int().describe('On the new version now'),
    scheduled: z.int().describe('On the new version from the end of their period'),
    refused: z.array(z.object({ subscription_id: z.string(), code: z.string(), message: z.string() })),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'PlanMigration' });
export type PlanMigration = z.infer<typeof planMigration>;

/** With `dry_run=true` the preview is the answer. */
export const planMigrationOrPreview = z.union([planMigration, preview]);
export const subscriptionOrPreview = z.union([subscription, preview]);
