import { z } from 'zod';
import { instant, text } from './text.js';

// What JavaScript finds on every object is nobody's key.
const isOwnName = (name: string): boolean =>
  !name.split('.').some((part) => part === '__proto__' || part === 'constructor' || part === 'prototype');
const RESERVED = 'may not be __proto__, constructor or prototype';

/** Stands in paths, documents and programs. */
export const flagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must begin with A-Z a-z 0-9 and contain A-Z a-z 0-9 _ . - only')
  .refine(isOwnName, RESERVED);
export const variantName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'must contain A-Z a-z 0-9 _ . - only')
  .refine(isOwnName, RESERVED);
const slug = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must begin with a-z 0-9 and contain a-z 0-9 _ - only')
  .refine(isOwnName, RESERVED);
export const environmentKey = slug;
export const segmentKey = slug;

/**
 * What a condition looks at: a path into the context that the application sends, `targetingKey`, or something the
 * server alone says: `$platform.customer`, `.client`, `.plan`, `.plans`, `.entitlements.<feature>`, `.license.status` …;
 * `$flagd.timestamp` is the time of the evaluation in Unix seconds.
 */
export const attributePath = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(\$platform\.|\$flagd\.)?[A-Za-z_][\w:-]*(\.[\w:-]+)*$/, 'must be names joined by dots')
  .refine(isOwnName, RESERVED);

export const VALUES_MAX = 1_000;
const word = text(512);
const number = z.number().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const semver = z
  .string()
  .max(128)
  .regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'must be a version such as 1.4.0');
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.array(item).min(1, 'must name at least one value').max(VALUES_MAX);
const about = { attribute: attributePath };

/** Each kind of value has its operators. An attribute that is absent, or of another type, fulfils none of them but `not_…`. */
export const EQUALITY = ['equals', 'not_equals'] as const;
export const SETS = ['in', 'not_in'] as const;
export const STRINGS = ['contains', 'not_contains', 'starts_with', 'ends_with'] as const;
export const NUMBERS = ['less_than', 'at_most', 'greater_than', 'at_least'] as const;
export const DATES = ['before', 'after'] as const;
export const VERSIONS = ['semver_equals', 'semver_below', 'semver_at_least', 'semver_compatible'] as const;

export const attributeCondition = z.discriminatedUnion('operator', [
  z.strictObject({ ...about, operator: z.enum(EQUALITY), value: z.union([word, number, z.boolean()]) }),
  z.strictObject({ ...about, operator: z.enum(SETS), values: listOf(z.union([word, number])) }),
  z.strictObject({ ...about, operator: z.enum(STRINGS), value: word }),
  z.strictObject({ ...about, operator: z.enum(NUMBERS), value: number }),
  z
    .strictObject({ ...about, operator: z.enum(DATES), value: instant })
    .describe('The attribute is in Unix seconds; `before` excludes the instant, `after` includes it'),
  z.strictObject({ ...about, operator: z.enum(VERSIONS), value: semver }),
  z
    .strictObject({ ...about, operator: z.literal('matches'), value: text(256) })
    .describe('RE2 syntax, anywhere in the text; evaluated by the server only'),
]);
export type AttributeCondition = z.infer<typeof attributeCondition>;

export const segmentCondition = z.strictObject({ segment: segmentKey, operator: z.enum(['in', 'not_in']) });
export const flagCondition = z.strictObject({
  flag: flagKey.describe('Another flag of the same environment'),
  operator: z.enum(['serves', 'does_not_serve']),
  variant: variantName,
});
export const condition = z
  .union(
    [attributeCondition, segmentCondition, flagCondition],
    'must be {"attribute", "operator", "value" or "values"}, {"segment", "operator"} or {"flag", "operator", "variant"}, with an operator that there is',
  )
  .meta({ id: 'FlagCondition' });
export type Condition = z.infer<typeof condition>;

/** Per cent with three decimals at most. */
const weight = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.abs(value * 1_000 - Math.round(value * 1_000)) < 1e-6, 'may have three decimals at most');
const sumOf = (shares: readonly { weight: number }[]) =>
  shares.reduce((sum, share) => sum + Math.round(share.weight * 1_000), 0);

/** Who gets which variant, by chance that stays: per cent that add up to 100. */
export const rollout = z
  .array(z.strictObject({ variant: variantName, weight }))
  .min(1)
  .max(50)
  .refine((shares) => sumOf(shares) === 100_000, 'the weights must add up to 100')
  .refine((shares) => new Set(shares.map(({ variant }) => variant)).size === shares.length, 'names a variant twice')
  .meta({ id: 'FlagRollout' });
export type Rollout = z.infer<typeof rollout>;

export const RULES_MAX = 100;
const when = z.array(condition).max(50).describe('All of them; none: everybody');
export const rule = z
  .strictObject({
    id: slug.optional().describe('Stays with the rule when it moves; given if absent'),
    description: text(200).optional(),
    when,
    variant: variantName.optional(),
    rollout: rollout.optional(),
  })
  .refine((body) => (body.variant === undefined) !== (body.rollout === undefined), 'must have variant or rollout')
  .meta({ id: 'FlagRule' });
export type Rule = z.infer<typeof rule>;

export const prerequisite = z.strictObject({ flag: flagKey, variants: z.array(variantName).min(1).max(50) });
export type Prerequisite = z.infer<typeof prerequisite>;

/**
 * What a flag does in one environment. Looked at in this order: `enabled`, the entitlement of the flag, `prerequisites`,
 * `rules` (the first whose conditions all hold), `rollout`, the default variant.
 */
export const flagSettings = z.strictObject({
  enabled: z.boolean().describe('false: everybody gets the off variant'),
  prerequisites: z.array(prerequisite).max(20).default([]).describe('Unless all are served, the off variant'),
  rules: z.array(rule).max(RULES_MAX).default([]),
  rollout: rollout.nullable().default(null).describe('For those whom no rule concerns; null: the default variant'),
  seed: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\w.-]+$/, 'must contain A-Z a-z 0-9 _ . - only')
    .optional()
    .describe('Flags with the same seed draw alike. Default: the one it has, at first the key of the flag'),
  bucket_by: attributePath.default('targetingKey').describe('The attribute that stays with its draw'),
});
export type FlagSettingsRequest = z.infer<typeof flagSettings>;
/** The same with everything given. */
export type FlagSettings = Omit<FlagSettingsRequest, 'seed' | 'rules'> & {
  readonly seed: string;
  readonly rules: readonly (Rule & { readonly id: string })[];
};

/** Named conditions that flags share: in it is who is included, or fulfils all conditions of one group; never who is excluded. */
export const segmentRules = z.strictObject({
  included: z.array(word).max(100_000).default([]).describe('Targeting keys'),
  excluded: z.array(word).max(100_000).default([]).describe('Targeting keys'),
  groups: z
    .array(z.strictObject({ when: z.array(condition).min(1).max(50) }))
    .max(50)
    .default([]),
});
export type SegmentRules = z.infer<typeof segmentRules>;
