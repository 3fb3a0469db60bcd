import { z } from 'zod';
import { customerId } from './customers.js';
import { jsonValue } from './entitlements.js';
import { type LimitName, licenseLimits, licenseScheme } from './license-policies.js';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

export const licenseStatus = z.enum(['ACTIVE', 'INACTIVE', 'EXPIRING', 'EXPIRED', 'SUSPENDED', 'REVOKED', 'BANNED']);
export type LicenseStatus = z.infer<typeof licenseStatus>;

/** Why a licence is suspended, each taken back on its own: by an operator, or because what issued it does not entitle now. */
export const suspension = z.enum(['operator', 'subscription']);
export type Suspension = z.infer<typeof suspension>;

const LIMITS = Object.keys(licenseLimits) as LimitName[];
/** Absent: the policy's. Null: unlimited. */
const overrides = Object.fromEntries(LIMITS.map((name) => [name, licenseLimits[name].removeDefault().optional()])) as {
  [Name in LimitName]: z.ZodOptional<z.ZodNullable<z.ZodInt>>;
};

const metadata = z
  .record(z.string().min(1).max(64), z.json())
  .refine((data) => JSON.stringify(data).length <= 16_384, 'must be at most 16 KiB');

/** Something the licence entitles to besides what its customer has. */
export const licenseEntitlement = z.strictObject({
  code: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, 'must begin with a letter and contain letters, digits, _ . - only'),
  value: jsonValue.default(true),
  expires_at: instant.nullable().default(null),
});
export type LicenseEntitlement = z.infer<typeof licenseEntitlement>;

const fields = {
  ...overrides,
  name: text(200).nullish(),
  expires_at: instant.nullish().describe('Default: by the duration of the policy'),
  metadata: metadata.optional(),
  entitlements: z.array(licenseEntitlement).max(100).optional().describe('Those of the licence alone, as a whole'),
  users: z.array(z.email().max(254)).max(1_000).optional().describe('Who may use it, by e-mail, as a whole'),
};

export const createLicenseRequest = z
  .strictObject({
    ...fields,
    policy: queryText(64).describe('Id of the policy'),
    customer_id: customerId.nullish(),
    key: z
      .string()
      .regex(/^[\x21-\x7e]{24,512}$/, 'must be 24 to 512 printable ASCII characters without spaces')
      .optional()
      .describe('Only to bring keys along from elsewhere; default: made by the scheme of the policy'),
  })
  .meta({ id: 'CreateLicenseRequest' });
export type CreateLicenseRequest = z.infer<typeof createLicenseRequest>;

export const updateLicenseRequest = z
  .strictObject({ ...fields, policy: queryText(64).optional().describe('Transfer to another policy') })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateLicenseRequest' });
export type UpdateLicenseRequest = z.infer<typeof updateLicenseRequest>;

/** What may be said with suspend, reinstate, renew, revoke and reissue. */
export const licenseActRequest = z.strictObject({ reason: text(500).optional() }).meta({ id: 'LicenseActRequest' });
export type LicenseActRequest = z.infer<typeof licenseActRequest>;

const limits = Object.fromEntries(LIMITS.map((name) => [name, z.int().nullable()])) as {
  [Name in LimitName]: z.ZodNullable<z.ZodInt>;
};

export const license = z
  .object({
    id: z.string(),
    key: z.string(),
    name: z.string().nullable(),
    policy: z.string(),
    product: z.string(),
    customer_id: z.string().nullable(),
    scheme: licenseScheme.nullable(),
    status: licenseStatus,
    suspensions: z.array(suspension),
    ...limits,
    overrides: z.array(z.string()).describe('Limits that are its own and not those of its policy'),
    machines: z.int().describe('Seats taken now'),
    uses: z.int(),
    users: z.array(z.object({ id: z.string(), email: z.string() })),
    entitlements: z.array(
      z.object({
        code: z.string(),
        value: jsonValue,
        expires_at: z.string().nullable(),
        from: z.enum(['customer', 'license']),
      }),
    ),
    source: z.object({ subscription: z.string(), plan: z.string() }).nullable().describe('What issued it'),
    expires_at: z.string().nullable(),
    grace_ends_at: z.string().nullable(),
    last_validated_at: z.string().nullable(),
    last_check_in_at: z.string().nullable(),
    last_check_out_at: z.string().nullable(),
    next_check_in_by: z.string().nullable(),
    revoked_at: z.string().nullable(),
    metadata: z.record(z.string(), z.json()),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'License' });
export type License = z.infer<typeof license>;

export const licenseListQuery = z.strictObject({
  ...pageQuery,
  customer_id: queryText(64).optional(),
  policy: queryText(64).optional(),
  status: licenseStatus.optional(),
  key: queryText(512).optional().describe('A whole key'),
  search: queryText(200).optional().describe('Part of the name, or the last characters of the key, or an id'),
});
export type LicenseListQuery = z.infer<typeof licenseListQuery>;
export const licensePage = page(license, 'LicensePage');
export type LicensePage = z.infer<typeof licensePage>;
export const licenseParams = z.strictObject({ license_id: queryText(64) });

export const heartbeatStatus = z.enum(['NOT_STARTED', 'ALIVE', 'DEAD', 'RESURRECTED']);
export type HeartbeatStatus = z.infer<typeof heartbeatStatus>;

export const activateMachineRequest = z
  .strictObject({
    fingerprint: z.string().min(1).max(256),
    name: text(200).nullish(),
    hostname: text(253).nullish(),
    platform: text(200).nullish(),
    ip: text(64).nullish(),
    cores: z.int().min(1).max(1_000_000).nullish(),
    memory: z.int().min(0).nullish(),
    disk: z.int().min(0).nullish(),
    user: queryText(254).nullish().describe('Id or e-mail of a user of the licence'),
    components: z
      .array(z.strictObject({ fingerprint: z.string().min(1).max(256), name: text(200) }))
      .max(64)
      .default([]),
    metadata: metadata.optional(),
  })
  .meta({ id: 'ActivateMachineRequest', example: { fingerprint: '4d:Eq:UV:D3', name: 'Workshop' } });
export type ActivateMachineRequest = z.infer<typeof activateMachineRequest>;

export const machine = z
  .object({
    id: z.string(),
    license_id: z.string(),
    fingerprint: z.string(),
    name: z.string().nullable(),
    hostname: z.string().nullable(),
    platform: z.string().nullable(),
    ip: z.string().nullable(),
    cores: z.int().nullable(),
    memory: z.int().nullable(),
    disk: z.int().nullable(),
    user: z.string().nullable(),
    heartbeat_status: heartbeatStatus,
    last_heartbeat_at: z.string().nullable(),
    dies_at: z.string().nullable().describe('Without a heartbeat its seat is free after this instant'),
    processes: z.int(),
    components: z.array(z.object({ id: z.string(), fingerprint: z.string(), name: z.string() })),
    metadata: z.record(z.string(), z.json()),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Machine' });
export type Machine = z.infer<typeof machine>;
export const machineListQuery = z.strictObject(pageQuery);
export const machinePage = page(machine, 'MachinePage');
export type MachinePage = z.infer<typeof machinePage>;
export const machineParams = z.strictObject({ license_id: queryText(64), machine_id: queryText(256) });

export const checkOutRequest = z
  .strictObject({
    encrypt: z.boolean().default(false),
    ttl: z.int().min(3_600).nullable().optional().describe('Seconds; null: as long as the licence; default: 30 days'),
    include: z
      .array(z.enum(['entitlements', 'product', 'policy', 'customer', 'users', 'license', 'components']))
      .default([]),
    algorithm: z.enum(['ed25519', 'rsa-pss-sha256', 'rsa-sha256', 'ecdsa-p256']).optional(),
  })
  .meta({ id: 'LicenseCheckOutRequest' });
export type CheckOutRequest = z.infer<typeof checkOutRequest>;

export const licenseFile = z
  .object({
    certificate: z.string(),
    algorithm: z.string(),
    kid: z.string(),
    issued_at: z.string(),
    expires_at: z.string().nullable(),
    ttl: z.int().nullable(),
  })
  .meta({ id: 'LicenseFile' });
export type LicenseFile = z.infer<typeof licenseFile>;

/** Uses are counted one by one or several at once; never below none. */
export const countUsesRequest = z
  .strictObject({ amount: z.int().min(1).max(1_000_000).default(1) })
  .meta({ id: 'CountUsesRequest' });
export type CountUsesRequest = z.infer<typeof countUsesRequest>;

export const createLicenseTokenRequest = z
  .strictObject({ expires_at: instant.nullish() })
  .meta({ id: 'CreateLicenseTokenRequest' });
export const licenseToken = z
  .object({
    id: z.string(),
    token: z.string().optional().describe('Shown once'),
    hint: z.string(),
    expires_at: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'LicenseToken' });
export type LicenseToken = z.infer<typeof licenseToken>;
export const licenseTokenList = z.object({ data: z.array(licenseToken) }).meta({ id: 'LicenseTokenList' });
export const licenseTokenParams = z.strictObject({ license_id: queryText(64), license_token_id: queryText(64) });

export const createLicenseProductRequest = z
  .strictObject({
    code: z
      .string()
      .max(64)
      .regex(/^[a-z][a-z0-9_.-]*$/),
    name: text(200),
  })
  .meta({ id: 'CreateLicenseProductRequest' });
export type CreateLicenseProductRequest = z.infer<typeof createLicenseProductRequest>;
export const licenseProduct = z
  .object({ id: z.string(), code: z.string(), name: z.string(), created_at: z.string() })
  .meta({ id: 'LicenseProduct' });
export type LicenseProduct = z.infer<typeof licenseProduct>;
export const licenseProductList = z.object({ data: z.array(licenseProduct) }).meta({ id: 'LicenseProductList' });
export const licenseProductParams = z.strictObject({ product_id: queryText(64) });

export const publishReleaseRequest = z
  .strictObject({
    version: text(64),
    checksums: z
      .array(z.string().regex(/^[0-9a-f]{32,128}$/, 'must be lower-case hexadecimal'))
      .max(200)
      .default([]),
    published_at: instant.optional().describe('Default: now'),
  })
  .meta({ id: 'PublishReleaseRequest' });
export type PublishReleaseRequest = z.infer<typeof publishReleaseRequest>;
export const release = z
  .object({ version: z.string(), checksums: z.array(z.string()), published_at: z.string() })
  .meta({ id: 'Release' });
export type Release = z.infer<typeof release>;
export const releaseList = z.object({ data: z.array(release) }).meta({ id: 'ReleaseList' });
