import type { LimitName, PolicyTerms } from '@bastionary/contracts/license-policies';
import type { Suspension } from '@bastionary/contracts/licenses';
import type { Reader } from '@bastionary/prisma/client';
import type { Seat } from '../rules/leasing.js';
import type { LicenseFacts, LimitOverrides } from '../rules/license-facts.js';
import type { LicenseRow, StoredLicense } from './find-license.js';

/** Limits a licence has of its own, as they are stored. */
export const limitsOf = ({ limits }: Pick<LicenseRow, 'limits'>): LimitOverrides =>
  limits as Partial<Record<LimitName, number | null>>;

/** A licence as the rules look at it. */
export const toFacts = (row: StoredLicense, terms: PolicyTerms, isOwnerSuspended: boolean): LicenseFacts => ({
  id: row.id,
  terms,
  limits: limitsOf(row),
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  suspensions: row.suspensions as Suspension[],
  revokedAt: row.revokedAt,
  isOwnerSuspended,
  lastValidatedAt: row.lastValidatedAt,
  lastCheckInAt: row.lastCheckInAt,
  lastCheckOutAt: row.lastCheckOutAt,
});

/** Which of these customers are suspended. */
export async function suspendedAmong(db: Reader, customerIds: readonly (string | null)[]): Promise<Set<string>> {
  const ids = [...new Set(customerIds.filter((id) => id !== null))];
  if (ids.length === 0) return new Set();
  const rows = await db.customer.findMany({ where: { id: { in: ids }, status: 'suspended' }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

/** What a machine takes of the limits of its licence, and until when it lives. */
export interface MachineSeat extends Seat {
  readonly fingerprint: string;
  readonly diesAt: Date | null;
}

/** Every machine of a licence, dead ones too, the oldest first, each with the processes that live on it. */
export async function machineSeats(db: Reader, licenseId: string, at: Date): Promise<MachineSeat[]> {
  const rows = await db.$queryRaw<(Omit<MachineSeat, 'memory' | 'disk'> & Record<'memory' | 'disk', bigint | null>)[]>`
    SELECT m.id, m.fingerprint, m.user_id AS "userId", m.cores, m.memory, m.disk, m.dies_at AS "diesAt",
      (SELECT count(*)::int FROM machine_process s WHERE s.machine_id = m.id AND s.dies_at >= ${at}) AS processes
    FROM machine m WHERE m.license_id = ${licenseId} ORDER BY m.created_at, m.id`;
  return rows.map((row) => ({ ...row, memory: bytes(row.memory), disk: bytes(row.disk) }));
}

const bytes = (count: bigint | null): number | null => (count === null ? null : Number(count));

/** How many seats are taken now, by licence, by the clock of the database. */
export async function seatsTaken(db: Reader, licenseIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; machines: number }[]>`
    SELECT l.id, count(*)::int AS machines
    FROM license l JOIN license_policy p ON p.id = l.policy_id JOIN machine m ON m.license_id = l.id
    WHERE l.id = ANY(${[...licenseIds]}) AND (m.dies_at IS NULL OR p.terms->>'heartbeat_cull_strategy' = 'KEEP_DEAD'
      OR m.dies_at >= date_trunc('milliseconds', clock_timestamp()))
    GROUP BY l.id`;
  return new Map(rows.map(({ id, machines }) => [id, machines]));
}
