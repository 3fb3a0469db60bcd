import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { type KeyEncryptionKeys, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { SigningKeyPair } from '../rules/access-token.js';

const purpose = (kid: string): string => `signing_key|${kid}`;

/** Makes the installation's first signing key, unless there is one. */
export async function ensureSigningKey(
  tx: Transaction,
  origin: Origin,
  keys: KeyEncryptionKeys,
  now: Date,
): Promise<void> {
  if ((await tx.signingKey.count()) > 0) return;
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  await tx.signingKey.create({
    data: {
      kid,
      alg: 'ES256',
      state: 'active',
      publicJwk: { ...publicJwk, kid, alg: 'ES256', use: 'sig' },
      privateSealed: seal(keys, purpose(kid), await exportPKCS8(privateKey)),
      createdAt: now,
      activatedAt: now,
    },
  });
  await announce(tx, { kind: 'keys' });
  await appendAudit(tx, origin, {
    action: 'signing_key.created',
    target: `signing_key:${kid}`,
    detail: { alg: 'ES256' },
  });
}

/** The keys in memory: one to sign with, all that may still verify, and the JWK Set (RFC 7517 §5) to publish. */
export interface KeySet {
  readonly active: SigningKeyPair;
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
  readonly jwks: { readonly keys: readonly JWK[] };
}

/** @throws Error if no key is active; SealError under wrong encryption keys */
export async function loadKeySet(db: Reader, keys: KeyEncryptionKeys): Promise<KeySet> {
  const rows = await db.signingKey.findMany({ where: { state: { not: 'retired' } }, orderBy: { createdAt: 'asc' } });
  const active = rows.find((row) => row.state === 'active');
  if (active === undefined) throw new Error('there is no active signing key: run the first run before the api');
  const published = rows.map((row) => row.publicJwk as JWK);
  return {
    active: {
      kid: active.kid,
      privateKey: createPrivateKey(unseal(keys, purpose(active.kid), active.privateSealed).toString()),
    },
    publicKeys: new Map(rows.map((row) => [row.kid, createPublicKey({ key: row.publicJwk as JWK, format: 'jwk' })])),
    jwks: { keys: published },
  };
}

/** Every key there ever was, the newest first, without its private part. */
export async function listSigningKeys(db: Reader) {
  return db.signingKey.findMany({ orderBy: { createdAt: 'desc' }, omit: { privateSealed: true } });
}
