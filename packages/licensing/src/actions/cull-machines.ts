import { toInstantOrNull } from '@bastionary/contracts/text';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { holdsSeat, isCullable } from '../rules/heartbeat.js';
import { allowedOf, effectiveLimits } from '../rules/limits.js';
import { databaseClock } from './find-machine.js';
import { limitsOf, type MachineSeat, machineSeats } from './license-facts.js';
import { type LockedLicense, lockLicense } from './lock-license.js';
import { removeMachines } from './remove-machines.js';
import { tellOfMachines } from './tell-of-machine.js';

/**
 * Removes the dead of a licence that has to give a seat away: those that cannot come back, and of the others, the longest
 * dead first, as many as are in the way. A heartbeat that came a moment before keeps its machine.
 * @param seats all machines of the licence, read under its lock
 * @param besides ids of dead machines that must go in any case
 * @returns the machines that are left
 */
export async function freeDeadSeats(
  tx: Transaction,
  origin: Origin,
  locked: LockedLicense,
  seats: readonly MachineSeat[],
  besides: readonly string[],
): Promise<readonly MachineSeat[]> {
  const { license, terms, at } = locked;
  const dead = seats.filter((one) => !holdsSeat(terms, one, at)).sort(byDeath);
  const gone = dead.filter((one) => isCullable(terms, one, at) || besides.includes(one.id));
  const allowed = allowedOf(effectiveLimits(terms, limitsOf(license)).max_machines, terms.overage_strategy);
  const inTheWay = allowed === null ? 0 : seats.length - gone.length + 1 - allowed;
  const others = dead.filter((one) => !gone.includes(one)).slice(0, Math.max(0, inTheWay));
  const removed = await cull(tx, origin, locked, [...gone, ...others]);
  return seats.filter(({ id }) => !removed.has(id));
}

const byDeath = (one: MachineSeat, other: MachineSeat): number =>
  (one.diesAt?.getTime() ?? 0) - (other.diesAt?.getTime() ?? 0);

async function cull(
  tx: Transaction,
  origin: Origin,
  { license, at }: LockedLicense,
  seats: readonly MachineSeat[],
): Promise<ReadonlySet<string>> {
  const removed = await removeMachines(
    tx,
    seats.map(({ id }) => id),
    at,
  );
  const untold = removed.filter(({ deadAt }) => deadAt === null);
  const told = (machines: typeof removed) =>
    machines.map((machine) => ({ machine, license, detail: { died_at: toInstantOrNull(machine.diesAt) } }));
  await tellOfMachines(tx, origin, 'machine.died', ...told(untold));
  await tellOfMachines(tx, origin, 'machine.deactivated', ...told(removed));
  return new Set(removed.map(({ id }) => id));
}

/** Licences with a machine whose death nobody was told of, or that is to be removed; suspended ones keep their seats. */
export async function licensesWithDead(tx: Transaction, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT m.license_id AS id FROM machine m
      JOIN license l ON l.id = m.license_id JOIN license_policy p ON p.id = l.policy_id
    WHERE m.dies_at < date_trunc('milliseconds', clock_timestamp()) AND cardinality(l.suspensions) = 0
      AND (m.dead_at IS NULL OR p.terms->>'heartbeat_cull_strategy' <> 'KEEP_DEAD')
    LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/**
 * Tells once that machines of a licence died, and removes those that cannot come back where the policy says so.
 * @returns how many were told of or removed
 */
export async function cullMachines(tx: Transaction, origin: Origin, licenseId: string): Promise<number> {
  const locked = await lockLicense(tx, licenseId);
  const { license, terms, at } = locked;
  const seats = await machineSeats(tx, licenseId, at);
  const culled = await cull(
    tx,
    origin,
    locked,
    seats.filter((one) => isCullable(terms, one, at)),
  );
  const now = await databaseClock(tx);
  const died = await tx.machine.updateManyAndReturn({
    where: { licenseId, diesAt: { lt: at }, deadAt: null },
    data: { deadAt: now },
  });
  await tellOfMachines(
    tx,
    origin,
    'machine.died',
    ...died.map((machine) => ({ machine, license, detail: { died_at: toInstantOrNull(machine.diesAt) } })),
  );
  return culled.size + died.length;
}

/** Removes processes that died, so many at most: they hold nothing any more. Returns how many. */
export async function removeDeadProcesses(tx: Transaction, limit: number): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM machine_process WHERE id IN (
      SELECT id FROM machine_process WHERE dies_at < date_trunc('milliseconds', clock_timestamp())
      ORDER BY dies_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`;
}
