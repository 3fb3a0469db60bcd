import { randomBytes } from 'node:crypto';
import type { CreateClientKeyRequest } from '@bastionary/contracts/environments';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { newId } from '@bastionary/platform/ids';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { getEnvironment } from './environments.js';

/** Public keys of an environment, the newest first, the revoked too. @throws AppError not_found */
export async function listClientKeys(db: Reader, environment: string) {
  await getEnvironment(db, environment);
  return db.flagClientKey.findMany({ where: { environment }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
}

export type ClientKeyRow = Awaited<ReturnType<typeof listClientKeys>>[number];

/** Those that work, of all environments. */
export const loadClientKeys = (db: Reader): Promise<ClientKeyRow[]> =>
  db.flagClientKey.findMany({ where: { revokedAt: null } });

/** @throws AppError not_found */
export async function createClientKey(
  tx: Transaction,
  origin: Origin,
  environment: string,
  { name, origins }: CreateClientKeyRequest,
  now: Date,
): Promise<ClientKeyRow> {
  await getEnvironment(tx, environment);
  const id = newId('fck');
  const key = `pk_${randomBytes(24).toString('base64url')}`;
  const row = await tx.flagClientKey.create({ data: { id, environment, name, key, origins, createdAt: now } });
  await tell(tx, origin, 'flag_client_key.created', row);
  return row;
}

/** @throws AppError not_found */
export async function revokeClientKey(
  tx: Transaction,
  origin: Origin,
  environment: string,
  id: string,
  now: Date,
): Promise<ClientKeyRow> {
  const before = await tx.flagClientKey.findFirst({ where: { id, environment } });
  if (before === null) throw new AppError('not_found', `There is no public key ${id} in ${environment}.`);
  if (before.revokedAt !== null) return before;
  const row = await tx.flagClientKey.update({ where: { id }, data: { revokedAt: now } });
  await tell(tx, origin, 'flag_client_key.revoked', row);
  return row;
}

async function tell(
  tx: Transaction,
  origin: Origin,
  type: 'flag_client_key.created' | 'flag_client_key.revoked',
  { id, environment, name, origins }: ClientKeyRow,
): Promise<void> {
  await announce(tx, { kind: 'flag_client_keys' });
  const detail = { environment, name, origins };
  await appendAudit(tx, origin, { action: type, target: `flag_client_key:${id}`, detail });
  await appendEvent(tx, { type, key: `flag_client_key:${id}`, data: { key: id, ...detail } });
}
