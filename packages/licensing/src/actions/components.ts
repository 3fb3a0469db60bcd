import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { checkFingerprints } from './check-fingerprints.js';
import { getMachine } from './find-machine.js';
import { lockLicense } from './lock-license.js';
import { refused } from './refusals.js';
import { refuseUnlessGiving } from './seat-check.js';
import { tellOfMachines } from './tell-of-machine.js';

/** @throws AppError not_found */
export async function getComponent(db: Reader, id: string) {
  const row = await db.machineComponent.findUnique({ where: { id } });
  if (row === null) throw new AppError('not_found', `There is no component ${id}.`);
  return row;
}

export type ComponentRow = Awaited<ReturnType<typeof getComponent>>;

/** One more part by which a machine is recognised. @throws AppError not_found, license_conflict, fingerprint_taken */
export async function addComponent(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  machineId: string,
  { fingerprint, name }: { readonly fingerprint: string; readonly name: string },
): Promise<ComponentRow> {
  const locked = await lockLicense(tx, licenseId);
  const { license, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const machine = await getMachine(tx, licenseId, machineId);
  if ((await tx.machineComponent.count({ where: { machineId: machine.id, fingerprint } })) > 0) {
    const message = `The machine ${machine.id} has the component ${fingerprint} already.`;
    throw refused('fingerprint_taken', 'fingerprint_taken', message, '/fingerprint');
  }
  await checkFingerprints(tx, locked, { fingerprint: machine.fingerprint, components: [{ fingerprint, name }] });
  const id = newId('cmp', at.getTime());
  const component = await tx.machineComponent.create({
    data: { id, machineId: machine.id, licenseId, fingerprint, name, createdAt: at },
  });
  const detail = { component: { added: fingerprint, name } };
  await tellOfMachines(tx, origin, 'machine.updated', { machine, license, detail });
  return component;
}

/** @throws AppError not_found */
export async function removeComponent(tx: Transaction, origin: Origin, id: string): Promise<void> {
  const { licenseId } = await getComponent(tx, id);
  const { license } = await lockLicense(tx, licenseId);
  const { machineId, fingerprint } = await getComponent(tx, id);
  const machine = await getMachine(tx, licenseId, machineId);
  await tx.machineComponent.delete({ where: { id } });
  const detail = { component: { removed: fingerprint } };
  await tellOfMachines(tx, origin, 'machine.updated', { machine, license, detail });
}
