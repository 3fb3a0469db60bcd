import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type AuditEntry, appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { type KeyEncryptionKeys, rewrap, SealError, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { SigningKeyPair } from '../rules/access-token.js';

const purpose = (kid: string): string => `signing_key|${kid}`;

/** Makes a new installation's signing keys: one that signs, and one published to follow it. */
export async function createFirstSigningKeys(
  tx: Transaction,
  origin: Origin,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<void> {
  const made = [await createSigningKey(tx, keys, 'active', now), await createSigningKey(tx, keys, 'next', now)];
  await announce(tx, { kind: 'keys' });
  await appendAudit(tx, origin, ...made);
}

/** Makes a key and publishes it. Returns the audit record, for the end of the transaction. */
export async function createSigningKey(
  tx: Transaction,
  keys: KeyEncryptionKeys,
  state: 'next' | 'active',
  now: Date,
): Promise<AuditEntry> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  await tx.signingKey.create({
    data: {
      kid,
      alg: 'ES256',
      state,
      publicJwk: { ...publicJwk, kid, alg: 'ES256', use: 'sig' },
      privateSealed: seal(keys, purpose(kid), await exportPKCS8(privateKey)),
      createdAt: now,
      publishedAt: now,
      activatedAt: state === 'active' ? now : null,
    },
  });
  return { action: 'signing_key.created', target: `signing_key:${kid}`, detail: { alg: 'ES256', state } };
}

/** The keys in memory: one to sign with, all that may still verify, and the JWK Set (RFC 7517 §5) to publish. */
export interface KeySet {
  readonly active: SigningKeyPair;
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
  /** The active key stands first, for verifiers that look no further. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Of the JWK Set, quoted as in the header */
  readonly etag: string;
}

/** @throws SealError if no key is active, or under wrong encryption keys */
export async function loadKeySet(db: Reader, keys: KeyEncryptionKeys): Promise<KeySet> {
  const rows = await db.signingKey.findMany({ where: { state: { not: 'retired' } }, orderBy: { createdAt: 'asc' } });
  const active = rows.find(({ state }) => state === 'active');
  if (active === undefined) throw noActiveKey();
  for (const row of rows) {
    // Opened now, so that wrong encryption keys show before it has to sign; not kept, so that memory holds one key only.
    if (row.state === 'next') openPrivate(keys, row).fill(0);
  }
  const opened = openPrivate(keys, active);
  const published = [active, ...rows.filter((row) => row !== active)].map((row) => row.publicJwk as JWK);
  const set: KeySet = {
    active: { kid: active.kid, privateKey: createPrivateKey(opened) },
    publicKeys: new Map(rows.map((row) => [row.kid, createPublicKey({ key: row.publicJwk as JWK, format: 'jwk' })])),
    jwks: { keys: published },
    etag: `"${createHash('sha256').update(JSON.stringify(published)).digest('base64url')}"`,
  };
  opened.fill(0);
  return set;
}

export const noActiveKey = (): SealError =>
  new SealError(
    'there is no active signing key in the database. Restore it from a backup; no key is made over data that is there.',
  );

/** Every key there ever was, the newest first, without its private part. */
export async function listSigningKeys(db: Reader) {
  return db.signingKey.findMany({
    orderBy: [{ createdAt: 'desc' }, { activatedAt: { sort: 'desc', nulls: 'first' } }],
    omit: { privateSealed: true },
  });
}

/** Seals every private part under the first encryption key. Returns how many were under another. */
export async function rewrapSigningKeys(tx: Transaction, keys: KeyEncryptionKeys): Promise<number> {
  let count = 0;
  for (const { kid, privateSealed } of await tx.signingKey.findMany({ where: { privateSealed: { not: null } } })) {
    const rewrapped = rewrap(keys, purpose(kid), privateSealed ?? '');
    if (rewrapped === privateSealed) continue;
    // Only if it is still there: a private part that was destroyed meanwhile must not come back.
    const where = { kid, privateSealed };
    count += (await tx.signingKey.updateMany({ where, data: { privateSealed: rewrapped } })).count;
  }
  return count;
}

function openPrivate(keys: KeyEncryptionKeys, { kid, privateSealed }: { kid: string; privateSealed: string | null }) {
  return unseal(keys, purpose(kid), privateSealed ?? '');
}
