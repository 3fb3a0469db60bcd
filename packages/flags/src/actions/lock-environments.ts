import { announce } from '@bastionary/platform/changes';
import type { Transaction } from '@bastionary/prisma/client';
import { noSuchEnvironment } from './refusals.js';

/** Waits for other changes of what is served in an environment, so that each sees what the one before left. @throws AppError not_found */
export async function lockEnvironment(tx: Transaction, key: string): Promise<void> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT 1 FROM flag_environment WHERE key = ${key} FOR UPDATE`;
  if (rows.length === 0) throw noSuchEnvironment(key);
}

/** The same for all of them, before a change of what all of them share. @returns their keys */
export async function lockEnvironments(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<{ key: string }[]>`SELECT key FROM flag_environment ORDER BY key FOR UPDATE`;
  return rows.map(({ key }) => key);
}

/** What is served there is something else from this commit on: the next revision, and news for every process. */
export async function move(tx: Transaction, environments: readonly string[]): Promise<void> {
  await tx.flagEnvironment.updateMany({
    where: { key: { in: [...environments] } },
    data: { revision: { increment: 1 } },
  });
  for (const environment of environments) await announce(tx, { kind: 'flags', environment });
}
