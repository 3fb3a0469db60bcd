import { z } from 'zod';
import { jsonValue } from './entitlements.js';

/** Why a licence is valid or not. */
export const VALIDATION_CODES = {
  NOT_FOUND: 'does not exist',
  BANNED: 'is banned',
  SUSPENDED: 'is suspended',
  EXPIRED: 'is expired',
  OVERDUE: 'is overdue for check in',
  ENVIRONMENT_SCOPE_MISMATCH: 'environment scope does not match',
  ENVIRONMENT_SCOPE_REQUIRED: 'environment scope is required',
  PRODUCT_SCOPE_MISMATCH: 'product scope does not match',
  PRODUCT_SCOPE_REQUIRED: 'product scope is required',
  POLICY_SCOPE_MISMATCH: 'policy scope does not match',
  POLICY_SCOPE_REQUIRED: 'policy scope is required',
  USER_SCOPE_MISMATCH: 'user scope does not match',
  USER_SCOPE_REQUIRED: 'user scope is required',
  ENTITLEMENTS_SCOPE_EMPTY: 'entitlements scope is empty',
  ENTITLEMENTS_MISSING: 'is missing one or more required entitlements',
  MACHINE_SCOPE_MISMATCH: 'machine is not activated (does not match any associated machines)',
  MACHINE_SCOPE_REQUIRED: 'machine scope is required',
  NO_MACHINE: 'machine is not activated (has no associated machine)',
  NO_MACHINES: 'machine is not activated (has no associated machines)',
  FINGERPRINT_SCOPE_MISMATCH: 'fingerprint is not activated (does not match enough associated machines)',
  FINGERPRINT_SCOPE_REQUIRED: 'fingerprint scope is required',
  FINGERPRINT_SCOPE_EMPTY: 'fingerprint scope is empty',
  HEARTBEAT_NOT_STARTED: 'machine heartbeat is required',
  HEARTBEAT_DEAD: 'machine heartbeat is dead',
  COMPONENTS_SCOPE_MISMATCH: 'one or more component is not activated (does not match enough associated components)',
  COMPONENTS_SCOPE_REQUIRED: 'components scope is required',
  COMPONENTS_SCOPE_EMPTY: 'components scope is empty',
  CHECKSUM_SCOPE_MISMATCH: 'checksum scope does not match',
  CHECKSUM_SCOPE_REQUIRED: 'checksum scope is required',
  VERSION_SCOPE_MISMATCH: 'version scope does not match',
  VERSION_SCOPE_REQUIRED: 'version scope is required',
  TOO_MANY_USERS: 'has too many associated users',
  TOO_MANY_MACHINES: 'has too many associated machines',
  TOO_MANY_CORES: 'has too many associated machine cores',
  TOO_MUCH_MEMORY: 'has too much associated machine memory',
  TOO_MUCH_DISK: 'has too much associated machine disk',
  TOO_MANY_PROCESSES: 'has too many associated processes',
  VALID: 'is valid',
} as const;
export type ValidationCode = keyof typeof VALIDATION_CODES;
export const validationCode = z.enum(Object.keys(VALIDATION_CODES) as [ValidationCode, ...ValidationCode[]]);

/** What tells more than the code: nothing here makes it invalid. GRACE: expired, and works a while longer. */
export const validationWarning = z.object({
  code: z.enum([...validationCode.options, 'GRACE', 'EXPIRING']),
  detail: z.string(),
});
export type ValidationWarning = z.infer<typeof validationWarning>;

export const limitUse = z.object({ limit: z.int().nullable(), used: z.int(), free: z.int().nullable() });
export type LimitUse = z.infer<typeof limitUse>;

/** The answer to a validation: why, what else, what is left, what happens next. Times are RFC 3339. */
export const validation = z
  .object({
    valid: z.boolean(),
    code: validationCode,
    detail: z.string(),
    failures: z
      .array(z.object({ code: validationCode, detail: z.string() }))
      .describe('Everything that makes it invalid; the first is the code'),
    warnings: z.array(validationWarning),
    limits: z.record(z.string(), limitUse).describe('By name of the limit, such as max_machines'),
    seats_free: z.int().nullable().describe('null: unlimited'),
    expires_at: z.string().nullable(),
    grace_ends_at: z.string().nullable(),
    next_check_in_by: z.string().nullable(),
    entitlements: z.record(z.string(), jsonValue),
    at: z.string(),
  })
  .meta({ id: 'LicenseValidation' });
export type Validation = z.infer<typeof validation>;

const names = (maxLength: number) => z.string().min(1).max(maxLength);

/** What a program says about itself; its members are those of the machine-facing protocol. */
export const validationScope = z
  .strictObject({
    product: names(64).nullish(),
    policy: names(64).nullish(),
    environment: names(64).nullish(),
    user: names(254).nullish(),
    machine: names(256).nullish(),
    fingerprint: z.string().max(256).nullish(),
    fingerprints: z.array(z.string().max(256)).max(64).nullish(),
    components: z.array(z.string().max(256)).max(64).nullish(),
    entitlements: z.array(names(64)).max(64).nullish(),
    checksum: names(256).nullish(),
    version: names(64).nullish(),
  })
  .meta({ id: 'LicenseValidationScope' });
export type ValidationScope = z.infer<typeof validationScope>;

export const validateLicenseRequest = z
  .strictObject({ scope: validationScope.optional() })
  .meta({ id: 'ValidateLicenseRequest' });
export type ValidateLicenseRequest = z.infer<typeof validateLicenseRequest>;
