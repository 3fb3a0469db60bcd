import { createHash, randomBytes } from 'node:crypto';
import type { LicenseToken } from '@bastionary/contracts/licenses';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { lockLicense } from './lock-license.js';
import { refuseRevoked } from './refusals.js';

/** What every token of a licence begins with: nobody takes it for another. */
const PREFIX = 'lict_';

export const tokenDigest = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest());

/**
 * Makes a token by which a program acts for a licence without knowing its key. It is shown now and never again.
 * @throws AppError not_found, license_conflict (revoked)
 */
export async function createLicenseToken(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  expiresAt: Date | null,
  now: Date,
): Promise<LicenseToken> {
  const { license } = await lockLicense(tx, licenseId);
  refuseRevoked(license);
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
  const row = { id: newId('ltk'), licenseId, hint: `${PREFIX}…${token.slice(-4)}`, expiresAt, createdAt: now };
  await tx.licenseToken.create({ data: { ...row, digest: tokenDigest(token) } });
  await appendAudit(tx, origin, {
    action: 'license_token.created',
    target: `license:${licenseId}`,
    detail: { token: row.id, hint: row.hint, expires_at: toInstantOrNull(expiresAt) },
  });
  return { ...toLicenseToken(row), token };
}

/** The newest first. */
export async function listLicenseTokens(db: Reader, licenseId: string): Promise<LicenseToken[]> {
  const rows = await db.licenseToken.findMany({
    where: { licenseId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(toLicenseToken);
}

/** @throws AppError not_found */
export async function deleteLicenseToken(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  tokenId: string,
): Promise<void> {
  const { count } = await tx.licenseToken.deleteMany({ where: { id: tokenId, licenseId } });
  if (count === 0) throw new AppError('not_found', `The licence ${licenseId} has no token ${tokenId}.`);
  await appendAudit(tx, origin, {
    action: 'license_token.deleted',
    target: `license:${licenseId}`,
    detail: { token: tokenId },
  });
}

const toLicenseToken = (row: { id: string; hint: string; expiresAt: Date | null; createdAt: Date }): LicenseToken => ({
  id: row.id,
  hint: row.hint,
  expires_at: toInstantOrNull(row.expiresAt),
  created_at: toInstant(row.createdAt),
});
