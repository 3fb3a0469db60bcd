import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { Validation, ValidationScope } from '@bastionary/contracts/license-validation';
import type { Database, Reader, Transaction } from '@bastionary/prisma/client';
import { expiryAfter, type FirstEvent, isNotBegun } from '../rules/expiry.js';
import { holdsSeat } from '../rules/heartbeat.js';
import { usedOf } from '../rules/leasing.js';
import type { Entitlement } from '../rules/license-entitlements.js';
import { validate } from '../rules/validate.js';
import type { ValidationFacts } from '../rules/validation-facts.js';
import { fingerprintsOf } from '../rules/validation-scope.js';
import type { LicenseRow, StoredLicense } from './find-license.js';
import { databaseClock } from './find-machine.js';
import { getPolicy, type KnownPolicy, type PolicyRow, termsFor, termsUnder } from './find-policy.js';
import { getProduct, type ProductRow } from './find-product.js';
import { licenseEntitlements } from './license-entitlements.js';
import { type MachineSeat, machineSeats, suspendedAmong, toFacts } from './license-facts.js';
import { lockLicense } from './lock-license.js';
import type { Presented } from './presented-licenses.js';

/**
 * Whether a licence is valid for whoever asks, and why. Writes nothing: `beginTime` and `noteValidations` do.
 * @param license null: there is none
 * @param now by the clock of the database, as heartbeats are
 */
export async function validateLicense(
  db: Reader,
  license: LicenseRow | null,
  scope: ValidationScope,
): Promise<Validation> {
  const now = await databaseClock(db);
  const facts = license === null || license.revokedAt !== null ? null : await loadValidation(db, license, scope, now);
  return validate(facts, scope, now);
}

/** What a validation looks at. @param policy if it is known already */
export async function loadValidation(
  db: Reader,
  license: LicenseRow,
  scope: ValidationScope,
  now: Date,
  policy?: PolicyRow,
): Promise<ValidationFacts> {
  const its = policy ?? (await getPolicy(db, license.policyId));
  const terms = termsUnder(its, license);
  const { id: licenseId, customerId } = license;
  const [product, users, seats, suspended, entitlements, releases] = await Promise.all([
    getProduct(db, its.productId),
    db.licenseUser.findMany({ where: { licenseId } }),
    machineSeats(db, licenseId, now),
    suspendedAmong(db, [customerId]),
    licenseEntitlements(db, [license], now),
    releasesOf(db, its.productId, scope),
  ]);
  return toValidationFacts(
    {
      license,
      terms,
      product,
      isOwnerSuspended: suspended.size > 0,
      users,
      seats,
      machines: await machinesOf(db, licenseId, scope),
      entitlements: entitlements.get(licenseId) ?? [],
      releases,
    },
    now,
  );
}

/** Whether the licence of a key that was shown is valid, and why. Asks the database only for releases that the scope names. */
export async function validatePresented(
  db: Reader,
  { at, license, isOwnerSuspended, users, machines, entitlements }: Presented,
  { policy, product }: { readonly policy: KnownPolicy; readonly product: ProductRow },
  scope: ValidationScope,
): Promise<Validation> {
  const releases = await releasesOf(db, product.id, scope);
  const terms = termsFor(policy, license);
  const parts = { license, terms, product, isOwnerSuspended, users, seats: machines, machines, entitlements, releases };
  return validate(toValidationFacts(parts, at), scope, at);
}

interface Parts extends Pick<ValidationFacts, 'users' | 'machines' | 'releases' | 'isOwnerSuspended' | 'terms'> {
  readonly license: StoredLicense;
  readonly product: ProductRow;
  readonly seats: readonly MachineSeat[];
  readonly entitlements: readonly Entitlement[];
}

function toValidationFacts(parts: Parts, now: Date): ValidationFacts {
  const { license, terms, product, isOwnerSuspended, users, seats, machines, entitlements, releases } = parts;
  return {
    ...toFacts(license, terms, isOwnerSuspended),
    policyId: license.policyId,
    product: { id: product.id, code: product.code },
    customerId: license.customerId,
    users,
    machines,
    hasMachines: seats.length > 0,
    used: usedOf(
      terms,
      seats.filter((seat) => holdsSeat(terms, seat, now)),
      { users: users.length, uses: Number(license.uses) },
    ),
    entitlements: Object.fromEntries(entitlements.map(({ code, value }) => [code, value])),
    releases,
  };
}

/** Those that the scope names. */
async function machinesOf(db: Reader, licenseId: string, scope: ValidationScope): Promise<ValidationFacts['machines']> {
  const fingerprints = [...(fingerprintsOf(scope) ?? []), ...(scope.machine ? [scope.machine] : [])];
  if (fingerprints.length === 0) return [];
  const rows = await db.machine.findMany({
    where: { licenseId, OR: [{ fingerprint: { in: fingerprints } }, { id: scope.machine ?? '' }] },
  });
  const components =
    rows.length === 0
      ? []
      : await db.machineComponent.findMany({ where: { machineId: { in: rows.map(({ id }) => id) } } });
  return rows.map((row) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    userId: row.userId,
    lastHeartbeatAt: row.lastHeartbeatAt,
    diesAt: row.diesAt,
    resurrectedAt: row.resurrectedAt,
    components: components.filter(({ machineId }) => machineId === row.id).map(({ fingerprint }) => fingerprint),
  }));
}

async function releasesOf(db: Reader, productId: string, { version, checksum }: ValidationScope) {
  const named = [...(version ? [{ version }] : []), ...(checksum ? [{ checksums: { has: checksum } }] : [])];
  return named.length === 0 ? [] : db.licenseRelease.findMany({ where: { productId, OR: named } });
}

/** Whether the time of a licence begins with this event, and so has to be written down first. */
export function beginsWith(
  event: FirstEvent,
  license: Pick<LicenseRow, 'expiresAt' | 'createdAt' | 'source'>,
  policy: PolicyTerms,
): boolean {
  const terms = termsFor(policy, license);
  const begins = expiryAfter(event, terms, license.expiresAt, license.createdAt) !== license.expiresAt;
  return isNotBegun(terms, license.expiresAt) && begins;
}

/** Lets the time of a licence begin, once. @throws AppError not_found */
export async function beginTime(tx: Transaction, licenseId: string, event: FirstEvent): Promise<LicenseRow> {
  const { license, terms, at } = await lockLicense(tx, licenseId);
  const expiresAt = expiryAfter(event, terms, license.expiresAt, at);
  if (expiresAt === license.expiresAt) return license;
  return tx.license.update({ where: { id: licenseId }, data: { expiresAt } });
}

/** When a licence was validated last. */
export interface Seen {
  readonly id: string;
  readonly at: Date;
}

/** Writes down when licences were validated last: many at once, in one order. Again changes nothing. */
export async function noteValidations(db: Database, seen: readonly Seen[]): Promise<void> {
  const rows = seen.map(({ id, at }) => ({ id, at: at.toISOString() }));
  await db.$executeRaw`
    WITH seen AS (
      SELECT l.id, s.at FROM json_to_recordset(${JSON.stringify(rows)}::json) AS s(id text, at timestamptz)
        JOIN license l ON l.id = s.id ORDER BY l.id FOR UPDATE OF l
    )
    UPDATE license l SET last_validated_at = greatest(l.last_validated_at, seen.at) FROM seen WHERE l.id = seen.id`;
}
