import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { getMachine } from './find-machine.js';
import { lockLicense } from './lock-license.js';
import { removeMachines } from './remove-machines.js';
import { tellOfMachines } from './tell-of-machine.js';

/**
 * Gives the seat of a machine back.
 * @param idOrFingerprint of a machine of that licence
 * @throws AppError not_found
 */
export async function deactivateMachine(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  idOrFingerprint: string,
): Promise<void> {
  const { license } = await lockLicense(tx, licenseId);
  const machine = await getMachine(tx, licenseId, idOrFingerprint);
  await removeMachines(tx, [machine.id]);
  await tellOfMachines(tx, origin, 'machine.deactivated', { machine, license });
}
