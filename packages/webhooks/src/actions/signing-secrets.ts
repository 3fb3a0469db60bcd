import { randomBytes } from 'node:crypto';
import { newId } from '@bastionary/platform/ids';
import { type KeyEncryptionKeys, rewrap, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { SECRET_PREFIX } from '../rules/signed-event.js';

const BYTES = 32;
const purpose = (id: string): string => `webhook_secret|${id}`;

/** Gives an endpoint a new signing secret. @returns it, to be shown once */
export async function addSecret(
  tx: Transaction,
  endpointId: string,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<string> {
  const id = newId('whs');
  const secret = `${SECRET_PREFIX}${randomBytes(BYTES).toString('base64')}`;
  await tx.webhookSecret.create({ data: { id, endpointId, sealed: seal(keys, purpose(id), secret), createdAt: now } });
  return secret;
}

/** Ends the newest secret at `end`, and those before it now: two at most are alive. */
export async function endSecrets(tx: Transaction, endpointId: string, end: Date, now: Date): Promise<void> {
  const held = { endpointId };
  await tx.webhookSecret.deleteMany({
    where: end <= now ? held : { ...held, expiresAt: { not: null } },
  });
  await tx.webhookSecret.updateMany({ where: { ...held, expiresAt: null }, data: { expiresAt: end } });
}

/** The secrets that are alive, by endpoint, the newest first. */
export async function openSecrets(
  db: Reader,
  endpointIds: readonly string[],
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<Map<string, string[]>> {
  const rows = await db.webhookSecret.findMany({
    where: { endpointId: { in: [...endpointIds] }, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    orderBy: { id: 'desc' },
  });
  const opened = new Map<string, string[]>();
  for (const { id, endpointId, sealed } of rows) {
    opened.set(endpointId, [...(opened.get(endpointId) ?? []), unseal(keys, purpose(id), sealed).toString()]);
  }
  return opened;
}

/** Seals every secret under the first encryption key. Returns how many were under another. */
export async function rewrapSecrets(tx: Transaction, keys: KeyEncryptionKeys): Promise<number> {
  let count = 0;
  for (const { id, sealed } of await tx.webhookSecret.findMany()) {
    const rewrapped = rewrap(keys, purpose(id), sealed);
    if (rewrapped === sealed) continue;
    count += (await tx.webhookSecret.updateMany({ where: { id, sealed }, data: { sealed: rewrapped } })).count;
  }
  return count;
}
