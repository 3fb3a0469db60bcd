import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { LicenseAlgorithm, LicenseKeySet } from '@bastionary/contracts/license-keys';
import { AppError } from '@bastionary/platform/app-error';
import { type KeyEncryptionKeys, rewrap, SealError, seal, unseal } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { publicJwk } from '../rules/formats/trusted-keys.js';

const purpose = (kid: string): string => `license_signing_key|${kid}`;

/** A key that signs, open. */
export interface LicenseSigner {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** The keys in memory: those that sign, one per algorithm, and what is published of all. */
export interface LicenseKeys {
  /** The installation, as it stands in everything that is signed. */
  readonly account: string;
  readonly signers: ReadonlyMap<LicenseAlgorithm, LicenseSigner>;
  readonly published: LicenseKeySet;
}

/** @throws AppError unavailable where that key is still being made */
export function signerFor({ signers }: LicenseKeys, algorithm: LicenseAlgorithm): LicenseSigner {
  const signer = signers.get(algorithm);
  if (signer !== undefined) return signer;
  const message = `The ${algorithm} key is being made; try again.`;
  throw new AppError('unavailable', message, { retryAfterSeconds: 1 });
}

const generate = promisify(generateKeyPair);

/** Makes a key on the thread pool: of RSA that takes a while, so before any transaction. */
export async function makeLicenseKey(algorithm: LicenseAlgorithm): Promise<KeyObject> {
  const pair = {
    ed25519: () => generate('ed25519'),
    'ecdsa-p256': () => generate('ec', { namedCurve: 'P-256' }),
    'rsa-2048': () => generate('rsa', { modulusLength: 2_048 }),
  };
  return (await pair[algorithm]()).privateKey;
}

/** Writes a new key down, sealed. @returns its id */
export async function storeLicenseKey(
  tx: Transaction,
  encryptionKeys: KeyEncryptionKeys,
  use: 'sign' | 'root',
  algorithm: LicenseAlgorithm,
  key: KeyObject,
  now: Date,
): Promise<string> {
  const jwk = publicJwk(key);
  await tx.licenseSigningKey.create({
    data: {
      kid: jwk.kid,
      use,
      algorithm,
      state: 'active',
      publicJwk: jwk,
      privateSealed: seal(encryptionKeys, purpose(jwk.kid), key.export({ type: 'pkcs8', format: 'pem' })),
      createdAt: now,
    },
  });
  return jwk.kid;
}

interface SealedKey {
  readonly kid: string;
  readonly privateSealed: string | null;
}

/** @throws SealError under wrong encryption keys */
export function openLicenseKey(encryptionKeys: KeyEncryptionKeys, { kid, privateSealed }: SealedKey): KeyObject {
  const opened = unseal(encryptionKeys, purpose(kid), privateSealed ?? '');
  const key = createPrivateKey(opened);
  opened.fill(0);
  return key;
}

/** @throws SealError if there are no keys, or under wrong encryption keys */
export async function loadLicenseKeys(db: Reader, encryptionKeys: KeyEncryptionKeys): Promise<LicenseKeys> {
  const { account } = await db.licenseAccount.findUniqueOrThrow({ where: { id: 'default' } });
  const set = await db.licenseKeySet.findFirst({ orderBy: { version: 'desc' } });
  if (set === null) throw noLicenseKeys();
  const active = await db.licenseSigningKey.findMany({ where: { use: 'sign', state: 'active' } });
  return {
    account,
    signers: new Map(
      active.map((row) => [
        row.algorithm as LicenseAlgorithm,
        { kid: row.kid, privateKey: openLicenseKey(encryptionKeys, row) },
      ]),
    ),
    published: JSON.parse(set.body) as LicenseKeySet,
  };
}

export const noLicenseKeys = (): SealError =>
  new SealError(
    'there are no keys in the database that sign licences. Restore them from a backup, or let the first run make them where there never were any.',
  );

/** Seals every private part under the first encryption key. Returns how many were under another. */
export async function rewrapLicenseSigningKeys(tx: Transaction, encryptionKeys: KeyEncryptionKeys): Promise<number> {
  let count = 0;
  for (const { kid, privateSealed } of await tx.licenseSigningKey.findMany({
    where: { privateSealed: { not: null } },
  })) {
    const rewrapped = rewrap(encryptionKeys, purpose(kid), privateSealed ?? '');
    if (rewrapped === privateSealed) continue;
    const where = { kid, privateSealed };
    count += (await tx.licenseSigningKey.updateMany({ where, data: { privateSealed: rewrapped } })).count;
  }
  return count;
}
