import type { ClientMetadata } from '@bastionary/contracts/client-metadata';
import type { ClientWithSecret, CreateClientRequest } from '@bastionary/contracts/clients';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { statusAt } from '../rules/client-status.js';
import { clientWarnings, isReservedClientId } from '../rules/client-warnings.js';
import { appendClientEvent } from './append-client-event.js';
import { checkScopesExist, checkScopesForCustomer } from './check-scopes.js';
import { checkMetadata, metadataColumns, metadataOf, replaceKeys } from './client-metadata.js';
import { newSecret } from './credentials.js';
import { type ClientRow, getClient } from './find-client.js';
import type { Peppers } from './peppers.js';

/**
 * Registers a client with one secret, or with public keys if it proves itself by those. The answer is the only place
 * where the secret ever stands.
 * @throws AppError unknown_scope, duplicate_client_id, invalid_request (a reserved id, a scope not for customers)
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
  checkScopesForCustomer(request.scopes, request.customer_id ?? null);
  await checkScopesExist(tx, request.scopes);
  await checkMetadata(tx, request);
  if (request.customer_id) await checkCustomerExists(tx, request.customer_id);
  if (request.token_endpoint_auth_method === 'private_key_jwt') checkProvesByKey(request);

  const first =
    request.token_endpoint_auth_method === 'private_key_jwt'
      ? undefined
      : await newSecret(request.client_secret, peppers, now);
  const expiry = request.expiry ? new Date(request.expiry) : null;
  const client = {
    clientId,
    name: request.name ?? clientId,
    scopes: [...new Set(request.scopes)],
    expiry,
    status: statusAt({ status: 'active', expiry }, now.getTime()),
    createdAt: now,
    updatedAt: now,
    customerId: request.customer_id ?? null,
    ...metadataColumns(request),
  };
  const inserted = await tx.client.createMany({ data: client, skipDuplicates: true });
  if (inserted.count === 0) throw taken(clientId);
  if (first !== undefined) await tx.credential.create({ data: { ...first.row, clientId } });
  await replaceKeys(tx, clientId, request, now);
  const created = await getClient(tx, clientId);
  const named = namedMetadata(request, created);
  await announce(tx, { kind: 'client', clientId });
  await appendAudit(tx, origin, {
    action: 'client.created',
    target: `client:${clientId}`,
    detail: {
      name: client.name,
      scopes: client.scopes,
      expiry: toInstantOrNull(expiry),
      credential: created.credentials.map(({ hint }) => hint).join(', '),
      ...(request.customer_id && { customer_id: request.customer_id }),
      ...named,
    },
  });
  const { name, scopes, status } = client;
  const event = { name, scopes, expiry: toInstantOrNull(expiry), status };
  await appendClientEvent(tx, { type: 'client.created', clientId, data: event });
  return {
    client_id: clientId,
    ...(first !== undefined && { client_secret: first.secret }),
    name: client.name,
    scopes: client.scopes,
    expiry: toInstantOrNull(expiry),
    status: client.status as ClientWithSecret['status'],
    created_at: toInstant(now),
    warnings: clientWarnings({ secret: request.client_secret, ...created }, now.getTime()),
    ...(request.customer_id && { customer_id: request.customer_id }),
    ...named,
  };
}

// RFC 7591 §3.2.1: the answer shows what was registered, of what the request named.
function namedMetadata(request: CreateClientRequest, created: ClientRow): Partial<ClientMetadata> {
  const registered = Object.entries(metadataOf(created));
  return Object.fromEntries(registered.filter(([name]) => Object.hasOwn(request, name)));
}

function checkProvesByKey({ client_secret: secret, jwks, jwks_uri: uri }: CreateClientRequest): void {
  const faults = [];
  if (secret !== undefined) {
    const message = 'is of no use to a client that proves itself by private_key_jwt; leave it out';
    faults.push({ path: '/client_secret', code: 'unused', message });
  }
  if (!jwks && !uri) {
    faults.push({
      path: '/jwks',
      code: 'required',
      message: 'give jwks or jwks_uri: private_key_jwt needs a public key',
    });
  }
  if (faults.length > 0) throw new AppError('invalid_request', 'The client could not prove itself.', { faults });
}

async function checkCustomerExists(tx: Transaction, customerId: string): Promise<void> {
  if ((await tx.customer.count({ where: { id: customerId } })) > 0) return;
  throw new AppError('invalid_request', `There is no customer ${customerId}.`, {
    faults: [{ path: '/customer_id', code: 'unknown_customer', message: 'names no customer' }],
  });
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
