import { constants, sign as cryptoSign, verify as cryptoVerify, type KeyObject } from 'node:crypto';

/** How bytes are signed. */
export const SIGNATURE_ALGORITHMS = ['ed25519', 'ecdsa-p256', 'rsa-pss-sha256', 'rsa-sha256'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** What kind of key an installation has: one of RSA serves both ways of signing with it. */
export type KeyAlgorithm = 'ed25519' | 'ecdsa-p256' | 'rsa-2048';

export const KEY_FOR: Readonly<Record<SignatureAlgorithm, KeyAlgorithm>> = {
  ed25519: 'ed25519',
  'ecdsa-p256': 'ecdsa-p256',
  'rsa-pss-sha256': 'rsa-2048',
  'rsa-sha256': 'rsa-2048',
};

const RSA_BITS_MIN = 2_048;

/** The algorithm of that exact name, or null: an unknown one is refused before anything else is looked at. */
export const signatureAlgorithmNamed = (name: unknown): SignatureAlgorithm | null =>
  SIGNATURE_ALGORITHMS.find((known) => known === name) ?? null;

/** What a key is good for; null: for nothing here. */
export function keyAlgorithmOf(key: KeyObject): KeyAlgorithm | null {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec') return details?.namedCurve === 'prime256v1' ? 'ecdsa-p256' : null;
  if (key.asymmetricKeyType === 'rsa') return (details?.modulusLength ?? 0) >= RSA_BITS_MIN ? 'rsa-2048' : null;
  return null;
}

/**
 * Signs bytes. ECDSA signatures are ASN.1 DER, as the clients of the protocol read them; the salt of RSA-PSS is the
 * longest that fits, and SHA-256 is the digest of everything but Ed25519.
 * @throws {TypeError} if the key is of another kind
 */
export function sign(algorithm: SignatureAlgorithm, privateKey: KeyObject, bytes: Uint8Array): Buffer {
  if (keyAlgorithmOf(privateKey) !== KEY_FOR[algorithm]) {
    throw new TypeError(`${algorithm} needs a key of ${KEY_FOR[algorithm]}.`);
  }
  const saltLength = constants.RSA_PSS_SALTLEN_MAX_SIGN;
  return cryptoSign(digest(algorithm), bytes, { key: privateKey, ...padding(algorithm, saltLength) });
}

/** Whether the signature is that key's over these bytes. A key of another kind has signed nothing. */
export function verify(
  algorithm: SignatureAlgorithm,
  publicKey: KeyObject,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (keyAlgorithmOf(publicKey) !== KEY_FOR[algorithm]) return false;
  const options = { key: publicKey, ...padding(algorithm, constants.RSA_PSS_SALTLEN_AUTO) };
  return cryptoVerify(digest(algorithm), bytes, options, signature);
}

const digest = (algorithm: SignatureAlgorithm): 'sha256' | null => (algorithm === 'ed25519' ? null : 'sha256');

function padding(algorithm: SignatureAlgorithm, saltLength: number): object {
  if (algorithm === 'rsa-pss-sha256') return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  if (algorithm === 'rsa-sha256') return { padding: constants.RSA_PKCS1_PADDING };
  return algorithm === 'ecdsa-p256' ? { dsaEncoding: 'der' } : {};
}
