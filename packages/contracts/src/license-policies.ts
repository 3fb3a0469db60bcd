import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { page, pageQuery } from './page.js';
import { queryText, text } from './text.js';

/** How licence keys are made; null is a random one. */
export const licenseScheme = z.enum([
  'ED25519_SIGN',
  'ECDSA_P256_SIGN',
  'RSA_2048_PKCS1_PSS_SIGN_V2',
  'RSA_2048_PKCS1_SIGN_V2',
]);
export type LicenseScheme = z.infer<typeof licenseScheme>;

const matching = z.enum(['MATCH_ANY', 'MATCH_TWO', 'MATCH_MOST', 'MATCH_ALL']);
export type MatchingStrategy = z.infer<typeof matching>;
const SCOPES = ['ACCOUNT', 'PRODUCT', 'POLICY', 'LICENSE'] as const;
const machineUniqueness = z.enum(SCOPES.map((scope) => `UNIQUE_PER_${scope}` as const));
const componentUniqueness = z.enum([...SCOPES, 'MACHINE' as const].map((scope) => `UNIQUE_PER_${scope}` as const));

// ISO 8601 calendar durations are added by the calendar, in UTC; seconds are exactly so many.
const CALENDAR = /^P(?=\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?$/;
const isAtLeastADay = (duration: string): boolean => /[1-9]/.test(duration);
export const licenseDuration = z.union(
  [
    z.int().min(86_400).max(3_153_600_000),
    z.string().regex(CALENDAR, 'must be like P1M or P1Y').refine(isAtLeastADay, 'must be a day at least'),
  ],
  'must be seconds (86400 at least) or an ISO 8601 duration of years, months, weeks and days such as P1M',
);
export type LicenseDuration = z.infer<typeof licenseDuration>;

const limit = z.int().min(1).max(2_147_483_647).nullable().default(null);
const bytes = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullable().default(null);
const seconds = (least: number) => z.int().min(least).max(315_360_000).nullable().default(null);
const flag = (fallback = false) => z.boolean().default(fallback);

/** Limits a licence may have of its own. Null: unlimited. */
export const licenseLimits = {
  max_machines: limit,
  max_cores: limit,
  max_memory: bytes.describe('Bytes, of all machines together'),
  max_disk: bytes.describe('Bytes, of all machines together'),
  max_processes: limit,
  max_users: limit,
  max_uses: bytes,
};
export type LimitName = keyof typeof licenseLimits;

const fields = {
  ...licenseLimits,
  floating: flag().describe('Several machines may share it; otherwise it is locked to one'),
  strict: flag().describe('Machines, cores, memory, disk and processes are counted at validation too'),
  duration: licenseDuration.nullable().default(null).describe('How long a licence lasts; null: for ever'),
  expiration_strategy: z
    .enum(['RESTRICT_ACCESS', 'REVOKE_ACCESS', 'MAINTAIN_ACCESS', 'ALLOW_ACCESS'])
    .default('RESTRICT_ACCESS'),
  expiration_basis: z
    .enum(['FROM_CREATION', 'FROM_FIRST_VALIDATION', 'FROM_FIRST_ACTIVATION', 'FROM_FIRST_DOWNLOAD', 'FROM_FIRST_USE'])
    .default('FROM_CREATION'),
  renewal_basis: z.enum(['FROM_EXPIRY', 'FROM_NOW', 'FROM_NOW_IF_EXPIRED']).default('FROM_EXPIRY'),
  transfer_strategy: z.enum(['KEEP_EXPIRY', 'RESET_EXPIRY']).default('KEEP_EXPIRY'),
  authentication_strategy: z.enum(['TOKEN', 'LICENSE', 'MIXED', 'NONE']).default('TOKEN'),
  grace_duration: seconds(0).describe('Seconds after its expiry in which it still works, with a warning'),
  overage_strategy: z
    .enum(['NO_OVERAGE', 'ALLOW_1_25X_OVERAGE', 'ALLOW_1_5X_OVERAGE', 'ALLOW_2X_OVERAGE', 'ALWAYS_ALLOW_OVERAGE'])
    .default('NO_OVERAGE'),
  machine_uniqueness_strategy: machineUniqueness.default('UNIQUE_PER_LICENSE'),
  machine_matching_strategy: matching.default('MATCH_ANY'),
  component_uniqueness_strategy: componentUniqueness.default('UNIQUE_PER_MACHINE'),
  component_matching_strategy: matching.default('MATCH_ANY'),
  machine_leasing_strategy: z.enum(['PER_LICENSE', 'PER_USER']).default('PER_LICENSE'),
  process_leasing_strategy: z.enum(['PER_MACHINE', 'PER_LICENSE', 'PER_USER']).default('PER_MACHINE'),
  require_heartbeat: flag(),
  heartbeat_duration: seconds(60).describe('Seconds between heartbeats at most; null: 600'),
  heartbeat_cull_strategy: z.enum(['DEACTIVATE_DEAD', 'KEEP_DEAD']).default('DEACTIVATE_DEAD'),
  heartbeat_resurrection_strategy: z
    .enum([
      'NO_REVIVE',
      '1_MINUTE_REVIVE',
      '2_MINUTE_REVIVE',
      '5_MINUTE_REVIVE',
      '10_MINUTE_REVIVE',
      '15_MINUTE_REVIVE',
      'ALWAYS_REVIVE',
    ])
    .default('NO_REVIVE'),
  heartbeat_basis: z
    .enum(['FROM_CREATION', 'FROM_FIRST_PING'])
    .nullable()
    .default(null)
    .describe('null: from creation if heartbeats are required, else from the first'),
  require_check_in: flag(),
  check_in_interval: z.enum(['day', 'week', 'month', 'year']).nullable().default(null),
  check_in_interval_count: z.int().min(1).max(365).nullable().default(null),
  require_product_scope: flag(),
  require_policy_scope: flag(),
  require_machine_scope: flag(),
  require_fingerprint_scope: flag(),
  require_components_scope: flag(),
  require_user_scope: flag(),
  require_checksum_scope: flag(),
  require_version_scope: flag(),
  require_environment_scope: flag(),
  stale_revocation_list: z
    .enum(['ALLOW', 'REFUSE'])
    .default('ALLOW')
    .describe(
      'What a program offline does when its revocation list is older than it should be; stands in licence files',
    ),
  metadata: z
    .record(z.string().min(1).max(64), z.json())
    .refine((data) => Object.keys(data).length <= 64, 'must hold at most 64 entries')
    .refine((data) => JSON.stringify(data).length <= 16_384, 'must be at most 16 KiB')
    .default({}),
};

/** All that a policy says beside its name, product, plan and scheme: what is stored, every default filled in. */
export const policyTerms = z.object(fields);
export type PolicyTerms = z.infer<typeof policyTerms>;

const identity = {
  name: text(200),
  plan: featureKey
    .nullable()
    .describe('Key of the plan or add-on whose subscription items issue a licence under it: quantity = seats'),
};

export const createLicensePolicyRequest = z
  .strictObject({
    ...fields,
    floating: z
      .boolean()
      .optional()
      .describe('Several machines may share it; default: whether max_machines is more than one'),
    name: identity.name,
    product: queryText(64).optional().describe('Id or code of the product; default: the one called default'),
    plan: identity.plan.optional(),
    scheme: licenseScheme.nullable().default(null).describe('null: a random key. For ever'),
  })
  .meta({ id: 'CreateLicensePolicyRequest', example: { name: 'Desktop', max_machines: 1, scheme: 'ED25519_SIGN' } });
export type CreateLicensePolicyRequest = z.infer<typeof createLicensePolicyRequest>;

/** The scheme is for ever: keys were made with it. */
export const updateLicensePolicyRequest = z
  .strictObject(
    Object.fromEntries(
      Object.entries({ ...fields, ...identity }).map(([name, schema]) => [
        name,
        (schema instanceof z.ZodDefault ? schema.removeDefault() : schema).optional(),
      ]),
    ) as unknown as { [Name in keyof (typeof fields & typeof identity)]: z.ZodOptional<z.ZodType<PolicyField<Name>>> },
  )
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateLicensePolicyRequest' });
type PolicyField<Name extends keyof (typeof fields & typeof identity)> = z.infer<
  (typeof fields & typeof identity)[Name]
>;
export type UpdateLicensePolicyRequest = z.infer<typeof updateLicensePolicyRequest>;

export const licensePolicy = z
  .object({
    ...fields,
    id: z.string(),
    name: z.string(),
    product: z.string().describe('Id of the product'),
    plan: z.string().nullable(),
    scheme: licenseScheme.nullable(),
    summary: z.string().describe('What it means, in plain English'),
    licenses: z.int().describe('Licences made under it'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'LicensePolicy' });
export type LicensePolicy = z.infer<typeof licensePolicy>;
export const licensePolicyListQuery = z.strictObject({ ...pageQuery, search: queryText(200).optional() });
export const licensePolicyPage = page(licensePolicy, 'LicensePolicyPage');
export type LicensePolicyPage = z.infer<typeof licensePolicyPage>;
export const licensePolicyParams = z.strictObject({ policy_id: queryText(64) });
