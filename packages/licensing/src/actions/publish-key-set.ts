import type { KeyObject } from 'node:crypto';
import type { LicenseAlgorithm } from '@bastionary/contracts/license-keys';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { publishKeySet } from '../rules/formats/key-set.js';
import type { PublishedKey } from '../rules/formats/trusted-keys.js';
import { invalidField } from './refusals.js';
import { makeLicenseKey, noLicenseKeys, openLicenseKey, storeLicenseKey } from './signing-keys.js';

const LOCK = 1_846_203_977;

/** What surrounds every change of the keys. */
export interface KeyChange {
  readonly origin: Origin;
  readonly encryptionKeys: KeyEncryptionKeys;
  readonly now: Date;
}

// One at a time: versions only grow, and of each algorithm one key signs.
const lockKeys = (tx: Transaction): Promise<unknown> => tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;

/**
 * Makes the root and the quick ones of a new installation's keys; that of RSA takes a while and is made when it is needed.
 * Where there are keys, or ever were, nothing is made.
 */
export async function ensureFirstLicenseKeys(tx: Transaction, change: KeyChange): Promise<void> {
  await lockKeys(tx);
  if ((await tx.licenseKeySet.count()) > 0 || (await tx.licenseSigningKey.count()) > 0) return;
  const { origin, encryptionKeys, now } = change;
  const made = [];
  for (const [use, algorithm] of [
    ['root', 'ed25519'],
    ['sign', 'ed25519'],
    ['sign', 'ecdsa-p256'],
  ] as const) {
    const kid = await storeLicenseKey(tx, encryptionKeys, use, algorithm, await makeLicenseKey(algorithm), now);
    made.push(createdEntry(kid, use, algorithm));
  }
  await publish(tx, change);
  await appendAudit(tx, origin, ...made);
}

/** Lets a key sign unless another of its algorithm does already. @returns whether it does */
export async function addLicenseKey(
  tx: Transaction,
  algorithm: LicenseAlgorithm,
  key: KeyObject,
  change: KeyChange,
): Promise<boolean> {
  await lockKeys(tx);
  if ((await tx.licenseSigningKey.count({ where: { use: 'sign', state: 'active', algorithm } })) > 0) return false;
  const kid = await storeLicenseKey(tx, change.encryptionKeys, 'sign', algorithm, key, change.now);
  await publish(tx, change);
  await appendAudit(tx, change.origin, createdEntry(kid, 'sign', algorithm));
  return true;
}

const createdEntry = (kid: string, use: string, algorithm: LicenseAlgorithm) => ({
  action: 'license_key.created',
  target: `license_key:${kid}`,
  detail: { use, algorithm },
});

/**
 * Lets a new key sign from now on. What the old one signed still counts; if it is compromised, only what it signed before.
 * @param key the new one, made before: see makeLicenseKey
 * @throws AppError invalid_request (compromised in the future)
 */
export async function rotateLicenseKey(
  tx: Transaction,
  { algorithm, compromisedFrom, key }: { algorithm: LicenseAlgorithm; compromisedFrom: Date | null; key: KeyObject },
  change: KeyChange,
): Promise<void> {
  const { origin, encryptionKeys, now } = change;
  if (compromisedFrom !== null && compromisedFrom > now) {
    throw invalidField('/compromised_from', 'must not lie in the future: the old key signs no more anyway');
  }
  await lockKeys(tx);
  const state = compromisedFrom === null ? 'retired' : 'compromised';
  // Its private part has done its work; what is not kept cannot be stolen.
  const retired = await tx.licenseSigningKey.updateManyAndReturn({
    where: { use: 'sign', state: 'active', algorithm },
    data: { state, retiredAt: now, compromisedFrom, privateSealed: null },
    select: { kid: true },
  });
  const kid = await storeLicenseKey(tx, encryptionKeys, 'sign', algorithm, key, now);
  const version = await publish(tx, change);
  const detail = {
    algorithm,
    replaces: retired.map((one) => one.kid),
    compromised_from: toInstantOrNull(compromisedFrom),
    version,
  };
  await appendAudit(tx, origin, { action: 'license_key.rotated', target: `license_key:${kid}`, detail });
  await appendEvent(tx, { type: 'license_key.rotated', key: 'license_keys', data: { kid, ...detail } });
}

/** Publishes the keys there are as a further version, signed by the root. @returns the version */
async function publish(tx: Transaction, { encryptionKeys, now }: KeyChange): Promise<number> {
  const root = await tx.licenseSigningKey.findFirst({ where: { use: 'root', state: 'active' } });
  if (root === null) throw noLicenseKeys();
  const rows = await tx.licenseSigningKey.findMany({
    where: { use: 'sign' },
    orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }],
  });
  const { account } = await tx.licenseAccount.findUniqueOrThrow({ where: { id: 'default' } });
  const { _max } = await tx.licenseKeySet.aggregate({ _max: { version: true } });
  const version = (_max.version ?? 0) + 1;
  const keys = rows.map((row) => ({
    ...(row.publicJwk as object),
    state: row.state,
    created_at: toInstant(row.createdAt),
    retired_at: toInstantOrNull(row.retiredAt),
    compromised_from: toInstantOrNull(row.compromisedFrom),
  })) as PublishedKey[];
  // Those that sign stand first, for readers that look no further.
  keys.sort((one, other) => Number(other.state === 'active') - Number(one.state === 'active'));
  const set = publishKeySet(
    { account, version, issued_at: toInstant(now), keys },
    openLicenseKey(encryptionKeys, root),
  );
  await tx.licenseKeySet.create({ data: { version, body: JSON.stringify(set), createdAt: now } });
  await announce(tx, { kind: 'license_keys' });
  return version;
}
