import { createHash } from 'node:crypto';
import type { LicenseStatus } from '@bastionary/contracts/licenses';
import { type KeyEncryptionKeys, unseal } from '@bastionary/platform/seal';
import { type Reader, type Sql, sql } from '@bastionary/prisma/client';
import { noSuchLicense } from './refusals.js';

/** @param own whose it must be; null: anybody's. @throws AppError not_found */
export async function getLicense(db: Reader, id: string, own: string | null = null) {
  const row = await db.license.findUnique({ where: { id, ...(own !== null && { customerId: own }) } });
  if (row === null) throw noSuchLicense(id);
  return row;
}

export type LicenseRow = Awaited<ReturnType<typeof getLicense>>;

/** A licence without its key. */
export type StoredLicense = Omit<
  LicenseRow,
  'keySealed' | 'keyDigest' | 'keyHint' | 'expiryToldAt' | 'suspendedAt' | 'version'
>;

/** By what a program holds; null if it is nobody's. */
export const licenseByKey = (db: Reader, key: string): Promise<LicenseRow | null> =>
  db.license.findUnique({ where: { keyDigest: digestOf(key) } });

/** The digest by which a key is found, and by which it stands in the revocation list: SHA-256. */
export const digestOf = (key: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(key).digest());

export const keyPurpose = (licenseId: string): string => `license_key|${licenseId}`;

/** The key itself. @throws SealError under wrong encryption keys */
export const keyOf = (keys: KeyEncryptionKeys, { id, keySealed }: Pick<LicenseRow, 'id' | 'keySealed'>): string =>
  unseal(keys, keyPurpose(id), keySealed).toString();

export interface LicenseFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly customerId: string | undefined;
  readonly policy: string | undefined;
  readonly status: LicenseStatus | undefined;
  readonly search: string | undefined;
  readonly now: Date;
}

/**
 * Licences, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export async function listLicenses(db: Reader, own: string | null, filter: LicenseFilter): Promise<LicenseRow[]> {
  const { after, customerId, policy, status, search, now } = filter;
  const conditions: Sql[] = [sql`true`];
  if (own !== null) conditions.push(sql`l.customer_id = ${own}`);
  if (customerId !== undefined) conditions.push(sql`l.customer_id = ${customerId}`);
  if (policy !== undefined) conditions.push(sql`l.policy_id = ${policy}`);
  if (status !== undefined) conditions.push(hasStatus(status, now));
  if (search !== undefined) {
    const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    conditions.push(
      sql`(l.name ILIKE ${like} OR l.key_hint ILIKE ${like} OR l.id = ${search.toLowerCase()} OR l.customer_id = ${search.toLowerCase()})`,
    );
  }
  if (after !== undefined) conditions.push(sql`(l.created_at, l.id) < (${after.at}, ${after.id})`);
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT l.id FROM license l WHERE ${conditions.reduce((all, one) => sql`${all} AND ${one}`)}
    ORDER BY l.created_at DESC, l.id DESC LIMIT ${filter.limit + 1}`;
  return db.license.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}

// As rules/license-status decides, in its order: the first that holds is the status.
const HOLDS: Record<Exclude<LicenseStatus, 'ACTIVE'>, (now: Date) => Sql> = {
  REVOKED: () => sql`l.revoked_at IS NOT NULL`,
  BANNED: () => sql`EXISTS (SELECT 1 FROM customer c WHERE c.id = l.customer_id AND c.status = 'suspended')`,
  SUSPENDED: () => sql`cardinality(l.suspensions) > 0`,
  EXPIRED: (now) => sql`(l.expires_at IS NOT NULL AND l.expires_at <= ${now})`,
  EXPIRING: (now) => sql`(l.expires_at IS NOT NULL AND l.expires_at < ${now}::timestamptz + interval '3 days')`,
  INACTIVE: (now) =>
    sql`greatest(l.created_at, l.last_validated_at, l.last_check_in_at, l.last_check_out_at) < ${now}::timestamptz - interval '90 days'`,
};

function hasStatus(status: LicenseStatus, now: Date): Sql {
  const names = Object.keys(HOLDS) as (keyof typeof HOLDS)[];
  const before = names.slice(0, status === 'ACTIVE' ? undefined : names.indexOf(status));
  const none = before.map((name) => sql`NOT ${HOLDS[name](now)}`);
  return [...none, ...(status === 'ACTIVE' ? [] : [HOLDS[status](now)])].reduce((all, one) => sql`${all} AND ${one}`);
}
