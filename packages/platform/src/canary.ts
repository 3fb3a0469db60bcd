import type { Reader, Transaction } from '@bastionary/prisma/client';
import { type KeyEncryptionKeys, rewrap, SealError, seal, unseal } from './seal.js';

const ID = 1;
const PURPOSE = 'encryption_canary|1';

/** Makes the canary, unless there is one. */
export async function ensureCanary(tx: Transaction, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  if ((await tx.encryptionCanary.count()) > 0) return;
  await tx.encryptionCanary.create({ data: { id: ID, sealed: seal(keys, PURPOSE, 'canary'), createdAt: now } });
}

/**
 * Opens the canary: the first thing a program does with the database.
 * @throws SealError if ENCRYPTION_KEYS are not those of this database, or the first run never happened
 */
export async function checkCanary(db: Reader, keys: KeyEncryptionKeys): Promise<void> {
  const canary = await db.encryptionCanary.findUnique({ where: { id: ID } });
  if (canary === null) throw new SealError('this database has no encryption canary yet: run the first run before it');
  try {
    unseal(keys, PURPOSE, canary.sealed);
  } catch (cause) {
    throw new SealError(
      `ENCRYPTION_KEYS are not those of this database: ${(cause as Error).message}. Restore the keys that belong to it; nothing was changed.`,
      { cause },
    );
  }
}

/** Seals the canary under the first key. Returns how many were under another: 1 or 0. */
export async function rewrapCanary(tx: Transaction, keys: KeyEncryptionKeys): Promise<number> {
  const { sealed } = await tx.encryptionCanary.findUniqueOrThrow({ where: { id: ID } });
  const rewrapped = rewrap(keys, PURPOSE, sealed);
  if (rewrapped === sealed) return 0;
  return (await tx.encryptionCanary.updateMany({ where: { id: ID, sealed }, data: { sealed: rewrapped } })).count;
}
