import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { neededFor } from '../rules/needs.js';
import { type FlagRow, getFlag } from './find-flag.js';
import { loadModel } from './load-model.js';
import { lockEnvironments, move } from './lock-environments.js';
import { refuseNeeded } from './refusals.js';

/** A flag that was asked for within these days is in use. */
export const IN_USE_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Takes a flag out of every environment; its key and its history stay.
 * @param force although programs still ask for it: they get the value in their code
 * @throws AppError not_found, flag_in_use naming the clients, or the flags and segments that need it
 */
export async function archiveFlag(
  tx: Transaction,
  origin: Origin,
  key: string,
  force: boolean,
  now: Date,
): Promise<FlagRow> {
  const environments = await lockEnvironments(tx);
  const before = await getFlag(tx, key);
  if (before.archivedAt !== null) return before;
  for (const environment of environments) {
    const model = await loadModel(tx, environment);
    const needers = model === null ? [] : neededFor(model, `flag ${key}`);
    refuseNeeded('flag_in_use', `In ${environment} the flag ${key}`, needers);
  }
  if (!force) await refuseUsed(tx, key, now);
  await tx.flagChange.updateMany({
    where: { flag: key, state: 'pending' },
    data: { state: 'canceled', reason: 'the flag was archived', endedAt: now },
  });
  await tx.flag.update({ where: { key }, data: { archivedAt: now, updatedAt: now, version: { increment: 1 } } });
  return told(tx, origin, key, 'flag.archived', environments);
}

async function refuseUsed(tx: Transaction, key: string, now: Date): Promise<void> {
  const since = new Date(now.getTime() - IN_USE_DAYS * DAY_MS);
  const uses = await tx.flagUse.findMany({
    where: { flag: key, hour: { gte: since } },
    distinct: ['client', 'environment'],
    orderBy: { lastAt: 'desc' },
    take: 10,
  });
  if (uses.length === 0) return;
  const callers = uses.map(({ client, environment }) => `${client} (${environment})`).join(', ');
  const message = `The flag ${key} was asked for in the last ${IN_USE_DAYS} days by ${callers}. Take it out of their code first, or archive it with force.`;
  throw new AppError('flag_in_use', message);
}

/** Takes a flag back that was archived: it does what it did. @throws AppError not_found */
export async function restoreFlag(tx: Transaction, origin: Origin, key: string, now: Date): Promise<FlagRow> {
  const environments = await lockEnvironments(tx);
  const before = await getFlag(tx, key);
  if (before.archivedAt === null) return before;
  await tx.flag.update({ where: { key }, data: { archivedAt: null, updatedAt: now, version: { increment: 1 } } });
  return told(tx, origin, key, 'flag.restored', environments);
}

async function told(
  tx: Transaction,
  origin: Origin,
  key: string,
  action: 'flag.archived' | 'flag.restored',
  environments: readonly string[],
): Promise<FlagRow> {
  await move(tx, environments);
  await appendAudit(tx, origin, { action, target: `flag:${key}` });
  await appendEvent(tx, { type: action, key: `flag:${key}`, data: { flag: key } });
  return getFlag(tx, key);
}
