import { z } from 'zod';
import { customerStatus } from './customers.js';
import { page, pageQuery } from './page.js';
import { hasControl, instant, queryText, text } from './text.js';

export const featureKey = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z][a-z0-9_.-]*$/, 'must begin with a-z and contain a-z 0-9 _ . - only');

export const featureType = z.enum(['switch', 'limit', 'value']);
export type FeatureType = z.infer<typeof featureType>;

/**
 * How grants of one feature from several plans become one value: any of them (switch), their sum, the largest (limit),
 * or that of the newest grant.
 */
export const combine = z.enum(['any', 'sum', 'max', 'latest']);
export type Combine = z.infer<typeof combine>;

const VALUE_LENGTH_MAX = 4_000;
const VALUE_DEPTH_MAX = 16;
export type FeatureValue = z.core.util.JSONType;
/** A switch is a boolean, a limit a whole number or null, a value any JSON. Which of them is right, the feature says. */
export const jsonValue = z.custom<FeatureValue>(
  (value) => value !== undefined && isStorable(value, 0) && JSON.stringify(value).length <= VALUE_LENGTH_MAX,
  `must be JSON of at most ${VALUE_LENGTH_MAX} characters and ${VALUE_DEPTH_MAX} levels, its texts without control characters`,
);

// What PostgreSQL and RFC 8785 hold without changing it.
function isStorable(value: unknown, depth: number): boolean {
  if (depth > VALUE_DEPTH_MAX) return false;
  if (typeof value === 'string') return value.isWellFormed() && !hasControl(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' || value === null;
  const parts = Array.isArray(value) ? value : Object.entries(value).flat();
  return parts.every((part) => isStorable(part, depth + 1));
}

export const createFeatureRequest = z
  .strictObject({
    key: featureKey,
    name: text(200),
    type: featureType,
    combine: combine.optional().describe('Default: any for a switch, max for a limit, latest for a value'),
    default: jsonValue.optional().describe('What a customer has without any grant. Default: false, 0, null'),
    description: text(1_000).nullish(),
  })
  .meta({ id: 'CreateFeatureRequest' });
export type CreateFeatureRequest = z.infer<typeof createFeatureRequest>;

/** Key, type and combine rule are for ever: plans and snapshots were made with them. */
export const updateFeatureRequest = z
  .strictObject({ name: text(200), default: jsonValue, description: text(1_000).nullable() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateFeatureRequest' });
export type UpdateFeatureRequest = z.infer<typeof updateFeatureRequest>;

export const feature = z
  .object({
    key: z.string(),
    name: z.string(),
    type: featureType,
    combine,
    default: jsonValue,
    description: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Feature' });
export type Feature = z.infer<typeof feature>;
export const featureList = z.object({ data: z.array(feature) }).meta({ id: 'FeatureList' });
export type FeatureList = z.infer<typeof featureList>;
export const featureParams = z.strictObject({ key: featureKey });

/** What a customer may do: the one truth that every surface serves. */
export const entitlements = z
  .object({
    customer: z.string(),
    epoch: z.int().describe('Grows by one with every change of the hash'),
    hash: z.string().describe('SHA-256, base64url, of the canonical JSON (RFC 8785) without epoch and hash'),
    status: customerStatus,
    plans: z.array(z.string()).describe('plan@version, sorted'),
    features: z.record(z.string(), jsonValue),
    valid_until: z.string().nullable().describe('When it changes by itself next, as far as is known'),
  })
  .meta({ id: 'Entitlements' });
export type Entitlements = z.infer<typeof entitlements>;

export const entitlementsHistoryQuery = z.strictObject(pageQuery);
export const entitlementsHistory = page(
  entitlements.extend({ at: z.string(), cause: z.string().describe('The action that changed it') }),
  'EntitlementsHistory',
);
export type EntitlementsHistory = z.infer<typeof entitlementsHistory>;

export const setOverrideRequest = z
  .strictObject({ value: jsonValue, reason: text(500), expires_at: instant.nullish() })
  .meta({ id: 'SetOverrideRequest' });
export type SetOverrideRequest = z.infer<typeof setOverrideRequest>;

export const override = z
  .object({
    customer_id: z.string(),
    feature: z.string(),
    value: jsonValue,
    reason: z.string(),
    expires_at: z.string().nullable(),
    created_at: z.string(),
    created_by: z.string(),
  })
  .meta({ id: 'Override' });
export type Override = z.infer<typeof override>;
export const overrideList = z.object({ data: z.array(override) }).meta({ id: 'OverrideList' });
export type OverrideList = z.infer<typeof overrideList>;
export const overrideParams = z.strictObject({ customer_id: queryText(64), feature: featureKey });

/** What a change would mean for whom. */
export const preview = z
  .object({
    customers_changed: z.int(),
    customers: z.array(
      z.object({
        customer: z.string(),
        name: z.string(),
        gains: z.record(z.string(), z.object({ from: jsonValue, to: jsonValue })),
        loses: z.record(z.string(), z.object({ from: jsonValue, to: jsonValue })),
      }),
    ),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof preview>;

export const dryRunQuery = z.strictObject({ dry_run: z.stringbool().default(false) });
