import { randomBytes } from 'node:crypto';
import { type KeyEncryptionKeys, rewrap, SealError, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/** The secrets under which client secrets are digested, by version; the newest digests new ones. */
export interface Peppers {
  readonly newest: number;
  get(version: number): Buffer | undefined;
}

const purpose = (version: number): string => `pepper|${version}`;

/** Makes a new installation's pepper. */
export async function createFirstPepper(tx: Transaction, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  await tx.pepper.create({ data: { version: 1, sealed: seal(keys, purpose(1), randomBytes(32)), createdAt: now } });
}

/**
 * Opens every pepper.
 * @throws SealError if there is none, or ENCRYPTION_KEYS are not those of this database
 */
export async function loadPeppers(db: Reader, keys: KeyEncryptionKeys): Promise<Peppers> {
  const rows = await db.pepper.findMany({ orderBy: { version: 'desc' } });
  const [newest] = rows;
  if (newest === undefined) {
    throw new SealError(
      'there is no pepper in the database. Restore it from a backup: without it no client secret is recognised.',
    );
  }
  const opened = new Map(rows.map((row) => [row.version, unseal(keys, purpose(row.version), row.sealed)]));
  return { newest: newest.version, get: (version) => opened.get(version) };
}

/** Seals every pepper under the first encryption key. Returns how many were under another. */
export async function rewrapPeppers(tx: Transaction, keys: KeyEncryptionKeys): Promise<number> {
  let count = 0;
  for (const { version, sealed } of await tx.pepper.findMany()) {
    const rewrapped = rewrap(keys, purpose(version), sealed);
    if (rewrapped === sealed) continue;
    count += (await tx.pepper.updateMany({ where: { version, sealed }, data: { sealed: rewrapped } })).count;
  }
  return count;
}
