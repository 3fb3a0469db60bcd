import { newId } from '@bastionary/platform/ids';
import type { Json, Reader, Transaction } from '@bastionary/prisma/client';
import { deadlineAfter, holdsSeat } from '../rules/heartbeat.js';
import { usedOf } from '../rules/leasing.js';
import { effectiveLimits, refusedLimit } from '../rules/limits.js';
import { getLicense } from './find-license.js';
import { databaseClock } from './find-machine.js';
import { getPolicy, termsOf } from './find-policy.js';
import { limitsOf, machineSeats } from './license-facts.js';
import { lockLicense } from './lock-license.js';
import { noSuchMachine, noSuchProcess, refused } from './refusals.js';
import { beyondLimit, refuseUnlessGiving } from './seat-check.js';

/** @throws AppError not_found */
export async function getProcess(db: Reader, id: string) {
  const row = await db.machineProcess.findUnique({ where: { id } });
  if (row === null) throw noSuchProcess(id);
  return row;
}

export type ProcessRow = Awaited<ReturnType<typeof getProcess>>;

/** The processes of a machine, the newest first. */
export const listProcesses = (db: Reader, machineId: string, limit: number): Promise<ProcessRow[]> =>
  db.machineProcess.findMany({ where: { machineId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit });

/**
 * Lets a program run on a machine for as long as it sends heartbeats. Dead ones count no more, by the clock of the database.
 * @throws AppError not_found, license_conflict, process_limit_exceeded, fingerprint_taken (the pid lives there already)
 */
export async function startProcess(
  tx: Transaction,
  machineId: string,
  { pid, metadata = {} }: { readonly pid: string; readonly metadata?: Record<string, unknown> },
): Promise<ProcessRow> {
  const found = await tx.machine.findUnique({ where: { id: machineId }, select: { licenseId: true } });
  if (found === null) throw noSuchMachine(machineId);
  const locked = await lockLicense(tx, found.licenseId);
  const { license, terms, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const seats = (await machineSeats(tx, license.id, at)).filter((seat) => holdsSeat(terms, seat, at));
  const machine = seats.find(({ id }) => id === machineId);
  if (machine === undefined) throw noSuchMachine(machineId);
  await tx.machineProcess.deleteMany({ where: { machineId, diesAt: { lt: at } } });
  if ((await tx.machineProcess.count({ where: { machineId, pid } })) > 0) {
    throw refused('fingerprint_taken', 'machine_process_pid_taken', `The process ${pid} runs there already.`, '/pid');
  }
  const limits = effectiveLimits(terms, limitsOf(license));
  const used = usedOf(terms, seats, { users: 0, uses: 0 }, { userId: machine.userId, machineId });
  if (refusedLimit(limits, terms.overage_strategy, used, { max_processes: 1 }) !== null) {
    throw beyondLimit('max_processes', limits, locked, used.max_processes, 1);
  }
  return tx.machineProcess.create({
    data: {
      id: newId('prc', at.getTime()),
      machineId,
      licenseId: license.id,
      pid,
      metadata: metadata as Json,
      lastHeartbeatAt: at,
      diesAt: deadlineAfter(terms, at),
      createdAt: at,
    },
  });
}

/** A heartbeat of a process. @throws AppError not_found, machine_dead: machine_process_heartbeat_dead */
export async function pingProcess(tx: Transaction, id: string): Promise<ProcessRow> {
  await tx.$queryRaw`SELECT id FROM machine_process WHERE id = ${id} FOR UPDATE`;
  const at = await databaseClock(tx);
  const process = await getProcess(tx, id);
  if (process.diesAt < at) {
    const message = `The process ${id} missed its heartbeat and is dead. Start another.`;
    throw refused('machine_dead', 'machine_process_heartbeat_dead', message);
  }
  const { policyId } = await getLicense(tx, process.licenseId);
  const diesAt = deadlineAfter(termsOf(await getPolicy(tx, policyId)), at);
  return tx.machineProcess.update({ where: { id }, data: { lastHeartbeatAt: at, diesAt } });
}

/** @throws AppError not_found */
export async function endProcess(tx: Transaction, id: string): Promise<void> {
  const { count } = await tx.machineProcess.deleteMany({ where: { id } });
  if (count === 0) throw noSuchProcess(id);
}
