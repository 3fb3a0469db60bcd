import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { getFlag } from './find-flag.js';
import { lockEnvironments, move } from './lock-environments.js';

/** Removes an archived flag with its history and its use; its key is free again. @throws AppError not_found, flag_conflict */
export async function deleteFlag(tx: Transaction, origin: Origin, key: string): Promise<void> {
  const environments = await lockEnvironments(tx);
  const flag = await getFlag(tx, key);
  if (flag.archivedAt === null)
    throw new AppError('flag_conflict', `The flag ${key} is not archived. Archive it first; programs may ask for it.`);
  const where = { flag: key };
  await tx.flagSetting.deleteMany({ where });
  await tx.flagRevision.deleteMany({ where });
  await tx.flagChange.deleteMany({ where });
  await tx.flagUse.deleteMany({ where });
  await tx.flag.delete({ where: { key } });
  await move(tx, environments);
  await appendAudit(tx, origin, { action: 'flag.deleted', target: `flag:${key}` });
}
