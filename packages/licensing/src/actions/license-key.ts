import { randomBytes } from 'node:crypto';
import type { LicenseAlgorithm } from '@bastionary/contracts/license-keys';
import type { LicenseScheme } from '@bastionary/contracts/license-policies';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { type KeyEncryptionKeys, rewrap, seal } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { KEY_FOR } from '../rules/formats/algorithms.js';
import { formatRandomKey, RANDOM_KEY_BYTES } from '../rules/formats/random-key.js';
import { ALGORITHM_OF_SCHEME, makeSignedKey } from '../rules/formats/signed-key.js';
import { digestOf, keyPurpose, type LicenseRow } from './find-license.js';
import { type PolicyRow, termsOf } from './find-policy.js';
import { type LicenseKeys, signerFor } from './signing-keys.js';

/** The key that the keys of a scheme are signed with. */
export const keyAlgorithmOf = (scheme: LicenseScheme): LicenseAlgorithm => KEY_FOR[ALGORITHM_OF_SCHEME[scheme]];

/** A new key as the policy wants it: random, or saying what it is for and signed. */
export function makeKey(
  signing: LicenseKeys,
  policy: PolicyRow,
  license: Pick<LicenseRow, 'id' | 'createdAt' | 'expiresAt'>,
  now: Date,
): string {
  const scheme = policy.scheme as LicenseScheme | null;
  if (scheme === null) return formatRandomKey(randomBytes(RANDOM_KEY_BYTES));
  const signer = signerFor(signing, keyAlgorithmOf(scheme));
  const dataset = {
    account: { id: signing.account },
    product: { id: policy.productId },
    policy: { id: policy.id, duration: termsOf(policy).duration },
    user: null,
    license: { id: license.id, created: toInstant(license.createdAt), expiry: toInstantOrNull(license.expiresAt) },
    issued: toInstant(now),
  };
  return makeSignedKey(dataset, { scheme, ...signer });
}

/** How a key is stored: sealed, found by its digest, recognised by its end. */
export const sealedKey = (encryptionKeys: KeyEncryptionKeys, licenseId: string, key: string) => ({
  keySealed: seal(encryptionKeys, keyPurpose(licenseId), key),
  keyDigest: digestOf(key),
  keyHint: key.slice(-HINT_LENGTH),
});

const HINT_LENGTH = 6;
const REWRAPPED_AT_ONCE = 1_000;

/** Seals keys under the first encryption key, so many at most. Returns how many were under another. */
export async function rewrapLicenseKeys(tx: Transaction, encryptionKeys: KeyEncryptionKeys): Promise<number> {
  const [first] = encryptionKeys.keys();
  const rows = await tx.license.findMany({
    where: { NOT: { keySealed: { startsWith: `v1.${first}.` } } },
    take: REWRAPPED_AT_ONCE,
    select: { id: true, keySealed: true },
  });
  const rewrapped = rows.map(({ id, keySealed }) => ({
    id,
    old: keySealed,
    sealed: rewrap(encryptionKeys, keyPurpose(id), keySealed),
  }));
  // Only if it is still that one: a key may have been reissued meanwhile.
  return tx.$executeRaw`
    UPDATE license l SET key_sealed = r.sealed
    FROM json_to_recordset(${JSON.stringify(rewrapped)}::json) AS r(id text, old text, sealed text)
    WHERE l.id = r.id AND l.key_sealed = r.old`;
}
