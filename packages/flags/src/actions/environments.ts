import type { CreateEnvironmentRequest } from '@bastionary/contracts/environments';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { initialSettings } from './create-flag.js';
import { lockEnvironments } from './lock-environments.js';
import { noSuchEnvironment } from './refusals.js';

/** @throws AppError not_found */
export async function getEnvironment(db: Reader, key: string) {
  const row = await db.flagEnvironment.findUnique({ where: { key } });
  if (row === null) throw noSuchEnvironment(key);
  return row;
}

export type EnvironmentRow = Awaited<ReturnType<typeof getEnvironment>>;

/** Environments, the oldest first, and how many clients evaluate in each. */
export async function listEnvironments(db: Reader): Promise<(EnvironmentRow & { clients: number })[]> {
  const rows = await db.flagEnvironment.findMany({ orderBy: [{ createdAt: 'asc' }, { key: 'asc' }] });
  const counts = await db.client.groupBy({
    by: ['environment'],
    where: { environment: { not: null }, status: { not: 'deleted' } },
    _count: true,
  });
  const clients = new Map(counts.map(({ environment, _count }) => [environment, _count]));
  return rows.map((row) => ({ ...row, clients: clients.get(row.key) ?? 0 }));
}

/**
 * Makes an environment, in which every flag does nothing, or what it does in another. Revisions of one that was deleted never
 * come again: those of a new one begin with the time.
 * @throws AppError duplicate_environment, not_found (copy_from)
 */
export async function createEnvironment(
  tx: Transaction,
  origin: Origin,
  { key, name = key, copy_from }: CreateEnvironmentRequest,
  now: Date,
): Promise<EnvironmentRow> {
  await lockEnvironments(tx);
  if ((await tx.flagEnvironment.count({ where: { key } })) > 0)
    throw new AppError('duplicate_environment', `There is an environment ${key} already.`);
  if (copy_from !== undefined) await getEnvironment(tx, copy_from);
  await tx.flagEnvironment.create({ data: { key, name, revision: now.getTime(), createdAt: now, updatedAt: now } });
  const flags = await tx.flag.findMany({ select: { key: true } });
  const copied = copy_from === undefined ? [] : await tx.flagSetting.findMany({ where: { environment: copy_from } });
  const settingsOf = new Map(copied.map(({ flag, settings }) => [flag, settings as object]));
  const rows = flags.map(({ key: flag }) => ({
    environment: key,
    flag,
    settings: settingsOf.get(flag) ?? (initialSettings(flag) as object),
  }));
  const cause = copy_from === undefined ? 'created' : 'copied';
  await tx.flagSetting.createMany({ data: rows.map((row) => ({ ...row, updatedAt: now })) });
  await tx.flagRevision.createMany({
    data: rows.map((row) => ({ ...row, number: 1, actor: origin.actor, cause, at: now })),
  });
  await tell(tx, origin, 'environment.created', key, { name, copy_from: copy_from ?? null });
  return getEnvironment(tx, key);
}

/** @throws AppError not_found */
export async function renameEnvironment(
  tx: Transaction,
  origin: Origin,
  key: string,
  name: string,
  now: Date,
): Promise<EnvironmentRow> {
  const before = await getEnvironment(tx, key);
  if (before.name === name) return before;
  await tx.flagEnvironment.update({ where: { key }, data: { name, updatedAt: now } });
  await tell(tx, origin, 'environment.updated', key, { name: { from: before.name, to: name } });
  return getEnvironment(tx, key);
}

/**
 * Deletes an environment with what flags did there. Audit log and events keep what happened.
 * @throws AppError not_found, environment_in_use (clients name it, or there is no other)
 */
export async function deleteEnvironment(tx: Transaction, origin: Origin, key: string): Promise<void> {
  const all = await lockEnvironments(tx);
  await getEnvironment(tx, key);
  const clients = await tx.client.findMany({
    where: { environment: key, status: { not: 'deleted' } },
    select: { clientId: true },
    take: 10,
  });
  if (clients.length > 0) {
    const names = clients.map(({ clientId }) => clientId).join(', ');
    throw new AppError(
      'environment_in_use',
      `Clients evaluate in ${key}: ${names}. Give them another environment first.`,
    );
  }
  if (all.length === 1) throw new AppError('environment_in_use', `${key} is the only environment. There must be one.`);
  const where = { environment: key };
  await tx.flagSetting.deleteMany({ where });
  await tx.flagRevision.deleteMany({ where });
  await tx.flagChange.deleteMany({ where });
  await tx.flagClientKey.deleteMany({ where });
  await tx.flagEnvironment.delete({ where: { key } });
  await announce(tx, { kind: 'flag_client_keys' });
  await tell(tx, origin, 'environment.deleted', key, {});
}

async function tell(
  tx: Transaction,
  origin: Origin,
  type: 'environment.created' | 'environment.updated' | 'environment.deleted',
  key: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await announce(tx, { kind: 'flags', environment: key });
  await appendAudit(tx, origin, { action: type, target: `environment:${key}`, detail });
  await appendEvent(tx, { type, key: `environment:${key}`, data: { environment: key, ...detail } });
}
