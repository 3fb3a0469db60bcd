import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { afterHeartbeat } from '../rules/heartbeat.js';
import { getLicense } from './find-license.js';
import { databaseClock, getMachine, type MachineRow } from './find-machine.js';
import { getPolicy, termsOf } from './find-policy.js';
import { noSuchMachine, refused } from './refusals.js';
import { tellOfMachines } from './tell-of-machine.js';

/**
 * A heartbeat. Only the machine's row is locked: heartbeats wait for nobody but whoever removes that machine. A dead one
 * comes back if its policy lets it.
 * @throws AppError not_found, machine_dead
 */
export async function pingMachine(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  idOrFingerprint: string,
): Promise<MachineRow> {
  const { id } = await getMachine(tx, licenseId, idOrFingerprint);
  await tx.$queryRaw`SELECT id FROM machine WHERE id = ${id} FOR UPDATE`;
  // The clock under the lock: that of before may be that of another life.
  const at = await databaseClock(tx);
  const machine = await tx.machine.findUnique({ where: { id } });
  if (machine === null) throw noSuchMachine(idOrFingerprint);
  const license = await getLicense(tx, licenseId);
  const after = afterHeartbeat(termsOf(await getPolicy(tx, license.policyId)), machine, at);
  if (after === 'dead') {
    const message = `The machine ${id} missed its heartbeat and is dead. Activate it again.`;
    throw refused('machine_dead', 'machine_heartbeat_dead', message);
  }
  const { status, diesAt } = after;
  const isRevived = status === 'RESURRECTED';
  const alive = await tx.machine.update({
    where: { id },
    data: { lastHeartbeatAt: at, diesAt, updatedAt: at, deadAt: null, ...(isRevived && { resurrectedAt: at }) },
  });
  if (isRevived) await tellOfMachines(tx, origin, 'machine.revived', { machine: alive, license });
  return alive;
}
