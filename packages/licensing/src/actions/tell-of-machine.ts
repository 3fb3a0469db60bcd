import type { EventType } from '@bastionary/contracts/events';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import type { MachineRow } from './find-machine.js';

type MachineEvent = Extract<EventType, `machine.${string}`>;
interface Told {
  readonly machine: Pick<MachineRow, 'id' | 'fingerprint' | 'name'>;
  readonly license: { readonly id: string; readonly customerId: string | null };
  readonly detail?: Record<string, unknown>;
}

/** Tells of what became of machines: in the audit log, and to whoever subscribed, in the order of their licence. */
export async function tellOfMachines(
  tx: Transaction,
  origin: Origin,
  action: MachineEvent,
  ...told: readonly Told[]
): Promise<void> {
  const facts = told.map(({ machine, license, detail }) => ({
    license,
    data: {
      machine: machine.id,
      license: license.id,
      customer: license.customerId,
      fingerprint: machine.fingerprint,
      name: machine.name,
      ...detail,
    },
  }));
  await appendAudit(
    tx,
    origin,
    ...facts.map(({ license, data }) => ({ action, target: `license:${license.id}`, detail: data })),
  );
  await appendEvent(
    tx,
    ...facts.map(({ license, data }) => ({
      type: action,
      key: `license:${license.id}`,
      customerId: license.customerId,
      data,
    })),
  );
}
