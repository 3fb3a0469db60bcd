import { randomBytes } from 'node:crypto';
import { type KeyEncryptionKeys, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/** The secrets under which client secrets are digested, by version; the newest digests new ones. */
export interface Peppers {
  readonly newest: number;
  get(version: number): Buffer | undefined;
}

const purpose = (version: number): string => `pepper|${version}`;

/** Makes the first pepper, unless there is one. */
export async function ensurePepper(tx: Transaction, keys: KeyEncryptionKeys, now: Date): Promise<void> {
  if ((await tx.pepper.count()) > 0) return;
  await tx.pepper.create({ data: { version: 1, sealed: seal(keys, purpose(1), randomBytes(32)), createdAt: now } });
}

/**
 * Opens every pepper. This is also the canary of the installation: it fails under wrong keys before anything else is done.
 * @throws SealError if ENCRYPTION_KEYS are not those of this database; Error if the first run never happened
 */
export async function loadPeppers(db: Reader, keys: KeyEncryptionKeys): Promise<Peppers> {
  const rows = await db.pepper.findMany({ orderBy: { version: 'desc' } });
  const [newest] = rows;
  if (newest === undefined) throw new Error('this database has no pepper yet: run the first run before the api');
  const opened = new Map(rows.map((row) => [row.version, unseal(keys, purpose(row.version), row.sealed)]));
  return { newest: newest.version, get: (version) => opened.get(version) };
}
