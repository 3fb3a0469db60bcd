import type { LimitName } from '@bastionary/contracts/license-policies';
import type { CreateLicenseRequest, LicenseEntitlement } from '@bastionary/contracts/licenses';
import { newId } from '@bastionary/platform/ids';
import { type Json, JsonNull, type Transaction } from '@bastionary/prisma/client';
import type { LimitOverrides } from '../rules/license-facts.js';
import { LIMIT_NAMES } from '../rules/limits.js';
import { invalidField } from './refusals.js';

/** The limits that a request names: null is unlimited, absent the policy's. */
export const overridesIn = (request: Partial<Pick<CreateLicenseRequest, LimitName>>): LimitOverrides =>
  Object.fromEntries(LIMIT_NAMES.filter((name) => request[name] !== undefined).map((name) => [name, request[name]]));

/** Gives a licence these entitlements of its own and no others. */
export async function replaceEntitlements(
  tx: Transaction,
  licenseId: string,
  entitlements: readonly LicenseEntitlement[],
  now: Date,
): Promise<void> {
  const codes = entitlements.map(({ code }) => code);
  const twice = codes.findIndex((code, index) => codes.indexOf(code) !== index);
  if (twice !== -1) throw invalidField(`/entitlements/${twice}/code`, 'stands there twice');
  await tx.licenseEntitlement.deleteMany({ where: { licenseId } });
  await tx.licenseEntitlement.createMany({
    data: entitlements.map(({ code, value, expires_at }) => ({
      licenseId,
      code,
      value: value === null ? JsonNull : (value as Json),
      expiresAt: expires_at === null ? null : new Date(expires_at),
      createdAt: now,
    })),
  });
}

/** Lets these people use a licence and nobody else. Who stays keeps his id, whoever goes gives his machines back to all. */
export async function replaceUsers(
  tx: Transaction,
  licenseId: string,
  emails: readonly string[],
  now: Date,
): Promise<void> {
  const wanted = [...new Set(emails.map((email) => email.toLowerCase()))];
  const gone = await tx.licenseUser.findMany({ where: { licenseId, email: { notIn: wanted } }, select: { id: true } });
  const ids = gone.map(({ id }) => id);
  await tx.machine.updateMany({ where: { licenseId, userId: { in: ids } }, data: { userId: null } });
  await tx.licenseUser.deleteMany({ where: { id: { in: ids } } });
  await tx.licenseUser.createMany({
    data: wanted.map((email) => ({ id: newId('lus'), licenseId, email, createdAt: now })),
    skipDuplicates: true,
  });
}
