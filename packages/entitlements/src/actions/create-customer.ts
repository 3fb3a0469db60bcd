import type { CreateCustomerRequest } from '@bastionary/contracts/customers';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { customerEvent } from '../rules/customer-event.js';
import { type CustomerRow, getCustomer, toCustomer } from './find-customer.js';
import { type Causes, refreshEntitlements } from './refresh-entitlements.js';

/**
 * Registers a customer, with the first epoch of its snapshot: from here on there is an answer to what it may do.
 * @throws AppError duplicate_external_id
 */
export async function createCustomer(
  tx: Transaction,
  origin: Origin,
  request: CreateCustomerRequest,
  { now, followers }: Pick<Causes, 'now' | 'followers'>,
): Promise<CustomerRow> {
  const id = newId('cus');
  const { count } = await tx.customer.createMany({
    data: {
      id,
      name: request.name,
      email: request.email,
      currency: request.currency,
      country: request.country ?? null,
      timeZone: request.time_zone ?? 'UTC',
      taxId: request.tax_id ?? null,
      externalId: request.external_id ?? null,
      metadata: request.metadata ?? {},
      createdAt: now,
      updatedAt: now,
    },
    skipDuplicates: true,
  });
  if (count === 0) throw takenExternalId(request.external_id);
  const made = await getCustomer(tx, id);
  const { id: _, created_at, updated_at, ...detail } = toCustomer(made);
  await appendAudit(tx, origin, { action: 'customer.created', target: `customer:${id}`, detail });
  await appendEvent(tx, customerEvent('customer.created', id, detail));
  await refreshEntitlements(tx, id, { cause: 'customer.created', now, followers });
  return made;
}

export const takenExternalId = (externalId: string | null | undefined): AppError =>
  new AppError('duplicate_external_id', `Another customer has the external id ${externalId}. Search for it.`, {
    faults: [{ path: '/external_id', code: 'duplicate_external_id', message: 'is taken' }],
  });
