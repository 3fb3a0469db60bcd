import type { Customer, UpdateCustomerRequest } from '@bastionary/contracts/customers';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { customerEvent } from '../rules/customer-event.js';
import { takenExternalId } from './create-customer.js';
import { differences } from './differences.js';
import { type CustomerRow, getCustomer, toCustomer } from './find-customer.js';
import { type Causes, refreshEntitlements, settleEntitlements } from './refresh-entitlements.js';

/**
 * Changes a customer; suspending and resuming change its snapshot too. What stays the same is not written, and leaves no
 * record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @throws AppError not_found, version_mismatch, duplicate_external_id
 */
export async function updateCustomer(
  tx: Transaction,
  origin: Origin,
  customerId: string,
  change: UpdateCustomerRequest,
  ifVersion: number | undefined,
  { now, followers }: Pick<Causes, 'now' | 'followers'>,
): Promise<CustomerRow> {
  await settleEntitlements(tx, customerId, { now, followers });
  const before = await getCustomer(tx, customerId);
  if (ifVersion !== undefined && ifVersion !== before.version) {
    const message = 'Somebody changed this customer since you read it. Read it again and repeat the change.';
    throw new AppError('version_mismatch', message);
  }
  const old = toCustomer(before);
  // An absent field stays; null empties it.
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const wanted = { ...old, ...Object.fromEntries(given) } as Customer;
  const changes = differences(old, wanted);
  if (Object.keys(changes).length === 0) return before;

  await write(tx, customerId, wanted, now);
  await announce(tx, { kind: 'customer', customerId, epoch: 0 });
  const cause = causeOf(old.status, wanted.status);
  await appendAudit(tx, origin, { action: cause, target: `customer:${customerId}`, detail: changes });
  await appendEvent(tx, customerEvent(cause, customerId, { changes }));
  await refreshEntitlements(tx, customerId, { cause, now, followers });
  return getCustomer(tx, customerId);
}

async function write(tx: Transaction, id: string, wanted: Customer, now: Date): Promise<void> {
  const { external_id: externalId } = wanted;
  if (externalId !== null && (await tx.customer.count({ where: { externalId, id: { not: id } } })) > 0) {
    throw takenExternalId(externalId);
  }
  const data = {
    name: wanted.name,
    email: wanted.email,
    country: wanted.country,
    timeZone: wanted.time_zone,
    taxId: wanted.tax_id,
    externalId,
    metadata: wanted.metadata,
    status: wanted.status,
    updatedAt: now,
    version: { increment: 1 },
  };
  try {
    await tx.customer.update({ where: { id }, data });
  } catch (error) {
    // Somebody took it a moment ago.
    if ((error as { code?: string }).code === 'P2002') throw takenExternalId(externalId);
    throw error;
  }
}

function causeOf(from: string, to: string): 'customer.updated' | 'customer.suspended' | 'customer.resumed' {
  if (from === to) return 'customer.updated';
  return to === 'suspended' ? 'customer.suspended' : 'customer.resumed';
}
