import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { environmentKey, flagKey, flagSettings, rollout, rule, variantName } from './flag-rules.js';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

export const flagType = z.enum(['boolean', 'string', 'number', 'object']);
export type FlagType = z.infer<typeof flagType>;
/** What it is for; decides when it counts as stale. */
export const flagKind = z.enum(['release', 'experiment', 'operational', 'permission', 'kill_switch']);
export type FlagKind = z.infer<typeof flagKind>;

const VALUE_BYTES = 65_536;
const value = z.union([
  z.boolean(),
  z
    .string()
    .max(VALUE_BYTES)
    .refine((one) => one.isWellFormed(), 'must be well-formed Unicode'),
  z.number().min(-Number.MAX_VALUE).max(Number.MAX_VALUE),
  z
    .record(z.string(), z.json())
    .refine((one) => JSON.stringify(one).length <= VALUE_BYTES, `must be at most ${VALUE_BYTES} bytes of JSON`),
]);
export type FlagValue = z.infer<typeof value>;
const variants = z
  .record(variantName, value)
  .refine((all) => Object.keys(all).length >= 1 && Object.keys(all).length <= 50, 'must be 1 to 50 variants');
const tags = z.array(text(64)).max(20);
const schema = z.record(z.string(), z.json()).describe('JSON Schema that every variant of an object flag fulfils');

const described = {
  description: text(1_000).nullish(),
  kind: flagKind.optional(),
  owner: text(200).nullish().describe('Who answers for it'),
  tags: tags.optional(),
  expires_at: instant.nullish().describe('When it should be gone; nothing happens then but that it is said'),
  entitlement: featureKey.nullish().describe('A switch feature: who has not got it gets the off variant'),
  required_plan: text(64).nullish().describe('Told to those who lack the entitlement: the plan that has it'),
  public: z.boolean().optional().describe('Whether public client keys may evaluate it. Default: true'),
  schema: schema.nullish(),
  off_variant: variantName
    .optional()
    .describe('Served when it is disabled or a gate is closed. Default: default_variant'),
};

export const createFlagRequest = z
  .strictObject({ key: flagKey, type: flagType, variants, default_variant: variantName, ...described })
  .meta({
    id: 'CreateFlagRequest',
    example: { key: 'new-checkout', type: 'boolean', variants: { on: true, off: false }, default_variant: 'off' },
  });
export type CreateFlagRequest = z.infer<typeof createFlagRequest>;

/** Key and type are for ever: programs were written with them. */
export const updateFlagRequest = z
  .strictObject({ variants: variants.optional(), default_variant: variantName.optional(), ...described })
  .extend({ comment: text(500).optional() })
  .refine((body) => Object.keys(body).some((name) => name !== 'comment'), 'must change at least one field')
  .meta({ id: 'UpdateFlagRequest' });
export type UpdateFlagRequest = z.infer<typeof updateFlagRequest>;

export const archiveFlagRequest = z
  .strictObject({ force: z.boolean().default(false).describe('Although programs still ask for it') })
  .default({ force: false })
  .meta({ id: 'ArchiveFlagRequest' });

/** How a flag is used: `stale` says why it could go; null if it should stay. */
const use = z.object({
  last_evaluated_at: z.string().nullable(),
  evaluations_7_days: z.string().describe('Decimal integer'),
});
const settingsSummary = z.object({
  environment: z.string(),
  enabled: z.boolean(),
  rules: z.int(),
  rollout: rollout.nullable(),
  version: z.int(),
  updated_at: z.string().nullable(),
  ...use.shape,
});
export const flag = z
  .object({
    key: z.string(),
    type: flagType,
    variants: z.record(z.string(), z.json()),
    default_variant: z.string(),
    off_variant: z.string(),
    description: z.string().nullable(),
    kind: flagKind,
    owner: z.string().nullable(),
    tags: z.array(z.string()),
    expires_at: z.string().nullable(),
    entitlement: z.string().nullable(),
    required_plan: z.string().nullable(),
    public: z.boolean(),
    schema: z.record(z.string(), z.json()).nullable(),
    archived_at: z.string().nullable(),
    stale: z.string().nullable().describe('Why it could be removed'),
    environments: z.array(settingsSummary),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Flag' });
export type Flag = z.infer<typeof flag>;
export const flagPage = page(flag, 'FlagPage');
export type FlagPage = z.infer<typeof flagPage>;
export const flagListQuery = z.strictObject({
  ...pageQuery,
  search: queryText(200).optional().describe('Part of key or description, in any case'),
  tag: queryText(64).optional(),
  kind: flagKind.optional(),
  state: z.enum(['live', 'stale', 'archived']).default('live').describe('live: all but the archived'),
});
export type FlagListQuery = z.infer<typeof flagListQuery>;
export const flagParams = z.strictObject({ flag_key: flagKey });

// --- what a flag does in an environment
const comment = text(500).optional().describe('Why: stands in the history');
export const putSettingsRequest = flagSettings.extend({ comment }).meta({
  id: 'PutFlagSettingsRequest',
  example: {
    enabled: true,
    rules: [{ when: [{ attribute: '$platform.plan', operator: 'equals', value: 'pro' }], variant: 'on' }],
    rollout: [
      { variant: 'on', weight: 25 },
      { variant: 'off', weight: 75 },
    ],
    comment: 'Pro first, then a quarter of the rest',
  },
});
export type PutSettingsRequest = z.infer<typeof putSettingsRequest>;
export const settingsParams = z.strictObject({ environment: environmentKey, flag_key: flagKey });

export const settingsView = z
  .object({
    environment: z.string(),
    flag: z.string(),
    ...flagSettings.extend({ seed: z.string() }).shape,
    sentences: z.array(z.string()).describe('What it does, in words: one for each rule, and one for the rest'),
    warnings: z.array(z.string()),
    version: z.int().describe('Number of this revision'),
    environment_revision: z.string().describe('Decimal integer'),
    updated_at: z.string().nullable(),
  })
  .meta({ id: 'FlagSettings' });
export type SettingsView = z.infer<typeof settingsView>;

export const revision = z
  .object({
    number: z.int(),
    settings: flagSettings.extend({ seed: z.string() }),
    comment: z.string().nullable(),
    actor: z.string(),
    cause: z.enum(['created', 'edited', 'restored', 'scheduled', 'copied']),
    at: z.string(),
    changes: z.array(z.string()).describe('What changed from the revision before, in words'),
  })
  .meta({ id: 'FlagRevision' });
export type FlagRevision = z.infer<typeof revision>;
export const revisionPage = page(revision, 'FlagRevisionPage');
export type FlagRevisionPage = z.infer<typeof revisionPage>;
export const revisionListQuery = z.strictObject(pageQuery);
export const restoreRequest = z
  .strictObject({ revision: z.int().min(1), comment })
  .meta({ id: 'RestoreFlagRevisionRequest' });
export type RestoreRequest = z.infer<typeof restoreRequest>;

// --- before saving
export const settingsPreview = z
  .object({
    changes: z.array(z.string()).describe('In words'),
    customers: z.int().describe('Those whose clients evaluate flags as them: all active customers'),
    changed: z.int(),
    by_plan: z.array(
      z
        .object({ plan: z.string().nullable(), gain: z.int(), lose: z.int(), other: z.int() })
        .describe(
          'gain: gets another variant than the off variant now; lose: gets the off variant now; other: from one to another',
        ),
    ),
    moves: z.array(z.object({ from: z.string(), to: z.string(), customers: z.int() })),
    examples: z.array(z.object({ customer: z.string(), name: z.string(), from: z.string(), to: z.string() })),
    sentence: z.string().describe('For example: 214 of 2,000 customers change; 12 on enterprise lose it'),
  })
  .meta({ id: 'FlagSettingsPreview' });
export type SettingsPreview = z.infer<typeof settingsPreview>;
export const previewRequest = flagSettings
  .extend({ at: instant.optional().describe('Default: now'), context: z.record(z.string(), z.json()).optional() })
  .meta({ id: 'FlagSettingsPreviewRequest' });
export type PreviewRequest = z.infer<typeof previewRequest>;

// --- later
/** What changes at an instant; what is absent stays as it is then. */
export const settingsPatch = z
  .strictObject({
    enabled: z.boolean(),
    rules: z.array(rule).max(100),
    rollout: rollout.nullable(),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change at least one of enabled, rules, rollout');
export type SettingsPatch = z.infer<typeof settingsPatch>;
export const scheduleChangeRequest = z
  .strictObject({ at: instant, change: settingsPatch, comment })
  .meta({ id: 'ScheduleFlagChangeRequest' });
export type ScheduleChangeRequest = z.infer<typeof scheduleChangeRequest>;
export const rampRequest = z
  .strictObject({
    variant: variantName,
    steps: z
      .array(z.strictObject({ at: instant, weight: z.number().min(0).max(100) }))
      .min(1)
      .max(50)
      .describe('Per cent that the variant has from each instant on; the default variant has the rest'),
    comment,
  })
  .meta({ id: 'RampFlagRequest' });
export type RampRequest = z.infer<typeof rampRequest>;
export const scheduledChange = z
  .object({
    id: z.string(),
    environment: z.string(),
    flag: z.string(),
    at: z.string(),
    change: settingsPatch,
    sentences: z.array(z.string()).describe('What it will change, in words, as far as is known now'),
    comment: z.string().nullable(),
    actor: z.string(),
    state: z.enum(['pending', 'applied', 'canceled', 'failed']),
    reason: z.string().nullable().describe('Why it failed'),
    ramp: z.string().nullable().describe('Steps of one ramp have the same id'),
    created_at: z.string(),
  })
  .meta({ id: 'ScheduledFlagChange' });
export type ScheduledChange = z.infer<typeof scheduledChange>;
export const scheduledChangeList = z.object({ data: z.array(scheduledChange) }).meta({ id: 'ScheduledFlagChangeList' });
export type ScheduledChangeList = z.infer<typeof scheduledChangeList>;
export const scheduledChangeParams = settingsParams.extend({ change_id: queryText(64) });

// --- tried out
export const testRequest = z
  .strictObject({
    context: z.record(z.string(), z.json()).default({}),
    customer_id: queryText(64).optional().describe('As this customer'),
    client_id: queryText(128).optional().describe('As this client'),
    settings: flagSettings.optional().describe('Instead of what is saved'),
    at: instant.optional().describe('Default: now'),
  })
  .meta({ id: 'TestFlagRequest' });
export type TestRequest = z.infer<typeof testRequest>;
export const traceStep = z
  .object({
    step: z.enum(['enabled', 'entitlement', 'prerequisite', 'rule', 'rollout', 'default']),
    result: z.enum(['passes', 'decides', 'skipped', 'fails']),
    rule: z.string().nullable().describe('Id of the rule'),
    fact: z.string(),
    conditions: z.array(
      z.object({
        sentence: z.string(),
        holds: z.boolean(),
        value: z.json().nullable().describe('What the attribute was; null: absent'),
        source: z.enum(['platform', 'application', 'segment', 'flag', 'clock']),
      }),
    ),
    bucket: z.number().nullable().describe('Where the draw fell, 0 to 100'),
  })
  .meta({ id: 'FlagTraceStep' });
export type TraceStep = z.infer<typeof traceStep>;
export const testResult = z
  .object({
    key: z.string(),
    value: z.json(),
    variant: z.string(),
    reason: z.string(),
    gate: z.string().nullable(),
    required_plan: z.string().nullable(),
    trace: z.array(traceStep),
    context: z.record(z.string(), z.json()).describe('What was evaluated, with what the server added'),
    dropped: z.array(z.string()).describe('Attributes of the caller that only the server may say'),
    environment_revision: z.string(),
  })
  .meta({ id: 'FlagTestResult' });
export type TestResult = z.infer<typeof testResult>;

// --- used
export const flagUseQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(744).default(168) });
export const flagUse = z
  .object({
    data: z.array(
      z.object({
        environment: z.string(),
        variant: z.string(),
        client: z.string().describe('client_id, or the id of a public key'),
        count: z.string().describe('Decimal integer'),
        last_at: z.string(),
        since_archived: z.boolean(),
      }),
    ),
    per_hour: z.array(z.object({ hour: z.string(), environment: z.string(), variant: z.string(), count: z.string() })),
  })
  .meta({ id: 'FlagUse' });
export type FlagUse = z.infer<typeof flagUse>;
