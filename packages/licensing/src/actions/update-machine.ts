import type { ActivateMachineRequest } from '@bastionary/contracts/licenses';
import type { Origin } from '@bastionary/platform/audit';
import type { Json, Transaction } from '@bastionary/prisma/client';
import { usedOf } from '../rules/leasing.js';
import { effectiveLimits, refusedLimit } from '../rules/limits.js';
import { getMachine, type MachineRow } from './find-machine.js';
import { limitsOf, machineSeats } from './license-facts.js';
import { lockLicense } from './lock-license.js';
import { beyondLimit, refuseUnlessGiving } from './seat-check.js';
import { tellOfMachines } from './tell-of-machine.js';

/** What may become different about a machine. Null takes it away; what is absent stays. */
export type MachineChanges = Partial<
  Pick<ActivateMachineRequest, 'name' | 'hostname' | 'platform' | 'ip' | 'cores' | 'memory' | 'disk'>
> & { readonly metadata?: Record<string, unknown> | null | undefined };

const SIZES = ['cores', 'memory', 'disk'] as const;

/**
 * Changes what is known of a machine. More cores, memory or disk must fit into what its licence allows.
 * @throws AppError not_found, license_conflict, machine_limit_exceeded
 */
export async function updateMachine(
  tx: Transaction,
  origin: Origin,
  licenseId: string,
  machineId: string,
  { metadata, ...changes }: MachineChanges,
): Promise<MachineRow> {
  const locked = await lockLicense(tx, licenseId);
  const { license, terms, at } = locked;
  await refuseUnlessGiving(tx, locked, at);
  const machine = await getMachine(tx, licenseId, machineId);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const growth = (size: (typeof SIZES)[number]): number =>
    Math.max(0, Number(size in given ? (given[size] ?? 0) : (machine[size] ?? 0)) - Number(machine[size] ?? 0));
  const more = { max_cores: growth('cores'), max_memory: growth('memory'), max_disk: growth('disk') };
  const limits = effectiveLimits(terms, limitsOf(license));
  const used = usedOf(terms, await machineSeats(tx, licenseId, at), { users: 0, uses: 0 }, { userId: machine.userId });
  const name = Object.values(more).some((amount) => amount > 0)
    ? refusedLimit(limits, terms.overage_strategy, used, more)
    : null;
  if (name !== null) throw beyondLimit(name, limits, locked, used[name], more[name as keyof typeof more]);
  const changed = await tx.machine.update({
    where: { id: machine.id },
    data: { ...given, ...(metadata !== undefined && { metadata: (metadata ?? {}) as Json }), updatedAt: at },
  });
  const detail = { changed: [...Object.keys(given), ...(metadata === undefined ? [] : ['metadata'])] };
  await tellOfMachines(tx, origin, 'machine.updated', { machine: changed, license, detail });
  return changed;
}
