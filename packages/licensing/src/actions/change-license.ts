import type { EventType } from '@bastionary/contracts/events';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import type { LicenseRow } from './find-license.js';
import type { LicenseKeys } from './signing-keys.js';

/** What surrounds every change of a licence. */
export interface Around {
  readonly now: Date;
  readonly encryptionKeys: KeyEncryptionKeys;
  readonly signing: LicenseKeys;
}

type LicenseEvent = Extract<EventType, `license.${string}`>;

/** Tells of a change of a licence: in the audit log, and to whoever subscribed. Never the key. */
export async function tellOfLicense(
  tx: Transaction,
  origin: Origin,
  license: Pick<LicenseRow, 'id' | 'customerId'>,
  action: LicenseEvent,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, origin, { action, target: `license:${license.id}`, detail });
  // Flags look at the licence of a customer: what is known of the customer is to be learnt anew.
  if (license.customerId !== null) await announce(tx, { kind: 'customer', customerId: license.customerId, epoch: 0 });
  await appendEvent(tx, {
    type: action,
    key: `license:${license.id}`,
    customerId: license.customerId,
    data: { license: license.id, customer: license.customerId, ...detail },
  });
}

/** Writes a change of a licence that the caller has locked, and tells of it. */
export async function changeLicense(
  tx: Transaction,
  origin: Origin,
  license: LicenseRow,
  change: {
    readonly action: LicenseEvent;
    readonly data: Parameters<Transaction['license']['update']>[0]['data'];
    readonly detail: Record<string, unknown>;
  },
  now: Date,
): Promise<LicenseRow> {
  const data = { ...change.data, updatedAt: now, version: { increment: 1 } };
  const changed = await tx.license.update({ where: { id: license.id }, data });
  await tellOfLicense(tx, origin, license, change.action, change.detail);
  return changed;
}
