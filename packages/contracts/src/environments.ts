import { z } from 'zod';
import { environmentKey, segmentKey, segmentRules } from './flag-rules.js';
import { queryText, text } from './text.js';

export const createEnvironmentRequest = z
  .strictObject({
    key: environmentKey,
    name: text(200).optional(),
    copy_from: environmentKey.optional().describe('Begins with what every flag does there'),
  })
  .meta({ id: 'CreateEnvironmentRequest' });
export type CreateEnvironmentRequest = z.infer<typeof createEnvironmentRequest>;
export const updateEnvironmentRequest = z.strictObject({ name: text(200) }).meta({ id: 'UpdateEnvironmentRequest' });
export const environment = z
  .object({
    key: z.string(),
    name: z.string(),
    revision: z.string().describe('Decimal integer; grows with every change of what is served'),
    clients: z.int().describe('Clients that evaluate here'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Environment' });
export type Environment = z.infer<typeof environment>;
export const environmentList = z.object({ data: z.array(environment) }).meta({ id: 'EnvironmentList' });
export type EnvironmentList = z.infer<typeof environmentList>;
export const environmentParams = z.strictObject({ environment: environmentKey });
export const compareQuery = z.strictObject({ with: environmentKey });
/** Flags that do something else in the other environment. */
export const environmentComparison = z
  .object({
    environment: z.string(),
    with: z.string(),
    same: z.int(),
    different: z.array(
      z.object({ flag: z.string(), changes: z.array(z.string()).describe('In words, from it to the other') }),
    ),
  })
  .meta({ id: 'EnvironmentComparison' });
export type EnvironmentComparison = z.infer<typeof environmentComparison>;
/** Lets flags do in an environment what they do in another. */
export const copySettingsRequest = z
  .strictObject({
    from: environmentKey,
    flags: z.array(z.string().max(128)).max(1_000).optional().describe('Default: all'),
    comment: text(500).optional(),
  })
  .meta({ id: 'CopyFlagSettingsRequest' });
export type CopySettingsRequest = z.infer<typeof copySettingsRequest>;

/** Keys for browsers and phones: no secret. Whoever has one gets values of public flags, and nothing else. */
export const createClientKeyRequest = z
  .strictObject({
    name: text(200),
    origins: z
      .array(
        z
          .string()
          .max(255)
          .regex(/^(https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?|\*)$/, 'must be like https://app.example.com'),
      )
      .max(50)
      .default(['*'])
      .describe('Sites whose pages may use it; * for all'),
  })
  .meta({ id: 'CreateFlagClientKeyRequest' });
export type CreateClientKeyRequest = z.infer<typeof createClientKeyRequest>;
export const clientKey = z
  .object({
    id: z.string(),
    environment: z.string(),
    name: z.string(),
    key: z.string().describe('Begins with pk_; may be public'),
    origins: z.array(z.string()),
    created_at: z.string(),
    revoked_at: z.string().nullable(),
  })
  .meta({ id: 'FlagClientKey' });
export type ClientKey = z.infer<typeof clientKey>;
export const clientKeyList = z.object({ data: z.array(clientKey) }).meta({ id: 'FlagClientKeyList' });
export type ClientKeyList = z.infer<typeof clientKeyList>;
export const clientKeyParams = environmentParams.extend({ key_id: queryText(64) });

export const createSegmentRequest = segmentRules
  .extend({ key: segmentKey, name: text(200).optional(), description: text(1_000).nullish() })
  .meta({ id: 'CreateSegmentRequest' });
export type CreateSegmentRequest = z.infer<typeof createSegmentRequest>;
const changed = segmentRules.shape;
export const updateSegmentRequest = z
  .strictObject({
    name: text(200).optional(),
    description: text(1_000).nullish(),
    included: changed.included.removeDefault().optional(),
    excluded: changed.excluded.removeDefault().optional(),
    groups: changed.groups.removeDefault().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateSegmentRequest' });
export type UpdateSegmentRequest = z.infer<typeof updateSegmentRequest>;
export const segment = segmentRules
  .extend({
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    flags: z.array(z.string()).describe('Flags whose rules ask for it, in any environment'),
    sentences: z.array(z.string()).describe('Who is in it, in words'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Segment' });
export type Segment = z.infer<typeof segment>;
export const segmentList = z.object({ data: z.array(segment) }).meta({ id: 'SegmentList' });
export type SegmentList = z.infer<typeof segmentList>;
export const segmentParams = z.strictObject({ segment_key: segmentKey });
export const copiedSettings = z
  .object({ flags: z.array(z.string()).describe('Those that changed') })
  .meta({ id: 'CopiedFlagSettings' });
export type CopiedSettings = z.infer<typeof copiedSettings>;
