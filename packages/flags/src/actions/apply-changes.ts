import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { SettingsPatch } from '@bastionary/contracts/flags';
import type { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Transaction } from '@bastionary/prisma/client';
import { patched } from '../rules/settings-at.js';
import { changeSettings } from './change-settings.js';
import { lockEnvironment } from './lock-environments.js';

/** A change that was arranged and is due. */
export interface DueChange {
  readonly id: string;
  readonly environment: string;
  readonly flag: string;
}

/** What is due, the earliest first. What is served has it already: documents know the instant. */
export const dueChanges = (tx: Transaction, now: Date, limit: number): Promise<DueChange[]> =>
  tx.flagChange.findMany({
    where: { state: 'pending', at: { lte: now } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { id: true, environment: true, flag: true },
  });

/**
 * Makes a change that is due a revision, in the name of whoever arranged it. Two at once: the second finds it done.
 * @returns what became of it; null: somebody else was faster
 */
export async function applyChange(tx: Transaction, due: DueChange, now: Date): Promise<'applied' | 'failed' | null> {
  const { id, environment, flag } = due;
  await lockEnvironment(tx, environment);
  const row = await tx.flagChange.findUnique({ where: { id } });
  if (row?.state !== 'pending') return null;
  // No longer pending before it is applied: the settings that are checked are those after it.
  await tx.flagChange.update({ where: { id }, data: { state: 'applied', endedAt: now } });
  const origin: Origin = { actor: row.actor, requestId: null, address: null };
  const change = row.change as SettingsPatch;
  const wanted = (before: FlagSettings): FlagSettings => patched(before, change);
  await changeSettings(tx, origin, { environment, flag }, wanted, {
    comment: row.comment,
    cause: 'scheduled',
    now: row.at,
  });
  return 'applied';
}

/** Notes that a change could not be made, and tells of it. */
export async function failChange(tx: Transaction, due: DueChange, error: AppError, now: Date): Promise<void> {
  const { id, environment, flag } = due;
  const reason = error.message;
  const { count } = await tx.flagChange.updateMany({
    where: { id, state: 'pending' },
    data: { state: 'failed', reason, endedAt: now },
  });
  if (count === 0) return;
  const origin: Origin = { actor: 'system:worker', requestId: null, address: null };
  const detail = { environment, change: id, reason };
  await appendAudit(tx, origin, { action: 'flag.change_failed', target: `flag:${flag}`, detail });
  await appendEvent(tx, { type: 'flag.change_failed', key: `flag:${flag}`, data: { flag, ...detail } });
}
