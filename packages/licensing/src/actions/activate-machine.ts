import type { ActivateMachineRequest, Machine } from '@bastionary/contracts/licenses';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Json, Transaction } from '@bastionary/prisma/client';
import { expiryAfter } from '../rules/expiry.js';
import { firstDeadline, holdsSeat } from '../rules/heartbeat.js';
import { usedOf } from '../rules/leasing.js';
import { effectiveLimits, refusedLimit } from '../rules/limits.js';
import { checkFingerprints } from './check-fingerprints.js';
import { freeDeadSeats } from './cull-machines.js';
import { getMachine, type MachineRow } from './find-machine.js';
import { limitsOf, type MachineSeat, machineSeats } from './license-facts.js';
import { type LockedLicense, lockLicense } from './lock-license.js';
import { invalidField } from './refusals.js';
import { beyondLimit, refuseUnlessGiving } from './seat-check.js';
import { tellOfMachines } from './tell-of-machine.js';

export interface Activated {
  readonly machine: MachineRow;
  /** False: that fingerprint had its seat already, and keeps it as it is. */
  readonly isNew: boolean;
  /** Of a new one. */
  readonly components: Machine['components'];
  readonly locked: LockedLicense;
}

/**
 * Takes a seat for a machine. The licence's row is the lock: whoever has it knows exactly which seats are taken, and a
 * machine that died before, by the clock of the database, has none any more. The same fingerprint again gets its machine.
 * @throws AppError not_found, license_conflict, machine_limit_exceeded, fingerprint_taken, invalid_request
 */
export async function activateMachine(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  request: ActivateMachineRequest,
): Promise<Activated> {
  const locked = await lockLicense(tx, licenseId);
  const { license, terms, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const before = await machineSeats(tx, licenseId, at);
  const same = before.find(({ fingerprint }) => fingerprint === request.fingerprint);
  if (same !== undefined && holdsSeat(terms, same, at)) {
    return { machine: await getMachine(tx, licenseId, same.id), isNew: false, components: [], locked };
  }
  const userId = await userOf(tx, licenseId, request.user ?? null);
  await checkFingerprints(tx, locked, request);
  const seats = await freeDeadSeats(tx, origin, locked, before, same === undefined ? [] : [same.id]);
  checkRoom(locked, seats, request, userId);
  const id = newId('mch', at.getTime());
  const machine = await tx.machine.create({
    data: {
      id,
      licenseId,
      fingerprint: request.fingerprint,
      name: request.name ?? null,
      hostname: request.hostname ?? null,
      platform: request.platform ?? null,
      ip: request.ip ?? null,
      cores: request.cores ?? null,
      memory: request.memory ?? null,
      disk: request.disk ?? null,
      userId,
      metadata: (request.metadata ?? {}) as Json,
      diesAt: firstDeadline(terms, at),
      createdAt: at,
      updatedAt: at,
    },
  });
  const components = request.components
    .map(({ fingerprint, name }) => ({ id: newId('cmp', at.getTime()), fingerprint, name }))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  if (components.length > 0) {
    await tx.machineComponent.createMany({
      data: components.map((one) => ({ ...one, machineId: id, licenseId, createdAt: at })),
    });
  }
  const expiresAt = expiryAfter('activation', terms, license.expiresAt, at);
  if (expiresAt !== license.expiresAt) await tx.license.update({ where: { id: licenseId }, data: { expiresAt } });
  await tellOfMachines(tx, origin, 'machine.activated', { machine, license });
  return { machine, isNew: true, components, locked };
}

async function userOf(tx: Transaction, licenseId: string, user: string | null): Promise<string | null> {
  if (user === null) return null;
  const email = user.toLowerCase();
  const found = await tx.licenseUser.findFirst({ where: { licenseId, OR: [{ id: user }, { email }] } });
  if (found === null) throw invalidField('/user', 'is no user of this licence');
  return found.id;
}

function checkRoom(
  locked: LockedLicense,
  seats: readonly MachineSeat[],
  request: ActivateMachineRequest,
  userId: string | null,
): void {
  const { license, terms } = locked;
  const limits = effectiveLimits(terms, limitsOf(license));
  // Dead machines that are still there could come back: their seats are not free, or they would be gone.
  const used = usedOf(terms, seats, { users: 0, uses: 0 }, { userId });
  const more = {
    max_machines: 1,
    max_cores: request.cores ?? 0,
    max_memory: request.memory ?? 0,
    max_disk: request.disk ?? 0,
  };
  const name = refusedLimit(limits, terms.overage_strategy, used, more);
  if (name !== null) throw beyondLimit(name, limits, locked, used[name], more[name as keyof typeof more]);
}
