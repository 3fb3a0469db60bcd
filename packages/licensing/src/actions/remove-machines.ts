import type { Transaction } from '@bastionary/prisma/client';
import type { MachineRow } from './find-machine.js';

/**
 * Removes machines with what is on them.
 * @param deadAt only those that are dead then; undefined: dead or not. A heartbeat that came first keeps its machine
 * @returns those that are gone
 */
export async function removeMachines(tx: Transaction, ids: readonly string[], deadAt?: Date): Promise<MachineRow[]> {
  if (ids.length === 0) return [];
  // Locked first: a heartbeat under way is waited for, and then looked at.
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM machine WHERE id = ANY(${[...ids]}) AND (${deadAt ?? null}::timestamptz IS NULL OR dies_at < ${deadAt ?? null})
    ORDER BY id FOR UPDATE`;
  const those = { in: locked.map(({ id }) => id) };
  const gone = await tx.machine.findMany({ where: { id: those } });
  await tx.machineProcess.deleteMany({ where: { machineId: those } });
  await tx.machineComponent.deleteMany({ where: { machineId: those } });
  await tx.machine.deleteMany({ where: { id: those } });
  return gone;
}
