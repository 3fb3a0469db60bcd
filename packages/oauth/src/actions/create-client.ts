import type { ClientWithSecret, CreateClientRequest } from '@bastionary/contracts/clients';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { statusAt } from '../rules/client-status.js';
import { clientWarnings, isReservedClientId } from '../rules/client-warnings.js';
import { checkScopesExist } from './check-scopes.js';
import { newSecret } from './credentials.js';
import type { Peppers } from './peppers.js';

/**
 * Registers a client with one secret. The answer is the only place where the secret ever stands.
 * @throws AppError unknown_scope, duplicate_client_id, invalid_request (a reserved id)
 */
export async function createClient(
  tx: Transaction,
  origin: Origin,
  request: CreateClientRequest,
  peppers: Peppers,
  now: Date,
): Promise<ClientWithSecret> {
  const clientId = request.client_id ?? newId('cli');
  if (request.client_id !== undefined) await checkIdIsFree(tx, request.client_id);
  await checkScopesExist(tx, request.scopes);

  const { secret, row } = await newSecret(request.client_secret, peppers, now);
  const expiry = request.expiry ? new Date(request.expiry) : null;
  const client = {
    clientId,
    name: request.name ?? clientId,
    scopes: [...new Set(request.scopes)],
    expiry,
    status: statusAt({ status: 'active', expiry }, now.getTime()),
    createdAt: now,
    updatedAt: now,
  };
  const inserted = await tx.client.createMany({ data: client, skipDuplicates: true });
  if (inserted.count === 0) throw taken(clientId);
  await tx.credential.create({ data: { ...row, clientId } });
  await announce(tx, { kind: 'client', clientId });
  await appendAudit(tx, origin, {
    action: 'client.created',
    target: `client:${clientId}`,
    detail: { name: client.name, scopes: client.scopes, expiry: toInstantOrNull(expiry), credential: row.hint },
  });
  return {
    client_id: clientId,
    client_secret: secret,
    name: client.name,
    scopes: client.scopes,
    expiry: toInstantOrNull(expiry),
    status: client.status as ClientWithSecret['status'],
    created_at: toInstant(now),
    warnings: clientWarnings({ secret: request.client_secret, expiry }, now.getTime()),
  };
}

async function checkIdIsFree(tx: Transaction, clientId: string): Promise<void> {
  if (isReservedClientId(clientId)) {
    const message = 'has the form of an id that this installation makes itself; choose another';
    throw new AppError('invalid_request', `client_id ${message}.`, {
      faults: [{ path: '/client_id', code: 'reserved', message }],
    });
  }
  if ((await tx.client.count({ where: { clientId } })) > 0) throw taken(clientId);
}

const taken = (clientId: string): AppError =>
  new AppError(
    'duplicate_client_id',
    `The client id ${clientId} is taken, or was by a client since deleted. Ids are never used again.`,
    {
      faults: [{ path: '/client_id', code: 'duplicate_client_id', message: 'is taken' }],
    },
  );
