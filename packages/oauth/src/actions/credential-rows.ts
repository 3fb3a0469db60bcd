import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import { verifyPassword } from '@bastionary/platform/password-hash';
import { type ClientKey, type PublicJwk, readJwk } from '../rules/jwk-set.js';
import { digestSecret, isGeneratedSecret, parseDigest, sameDigest } from '../rules/secret.js';
import type { ClientRow } from './find-client.js';
import type { Peppers } from './peppers.js';

export type CredentialRow = ClientRow['credentials'][number];

/** The row of a public key. Its hint is its algorithm and the first of its RFC 7638 thumbprint. */
export const publicKeyRow = (key: ClientKey, jwk: PublicJwk, now: Date) => ({
  id: newId('crd'),
  kind: 'public_key' as const,
  jwk,
  hint: `${key.alg} ${key.thumbprint.slice(0, 8)}…`,
  createdAt: now,
});

/** @throws AppError invalid_request if the client has this key already, or another one of this kid */
export function checkKeyIsNew(existing: readonly CredentialRow[], key: ClientKey): void {
  for (const { id, kind, jwk } of existing) {
    const read = kind === 'public_key' ? readJwk(jwk, '') : undefined;
    if (!read?.ok) continue;
    if (read.key.thumbprint === key.thumbprint) throw refused('/jwk', 'duplicate_key', `is the key of ${id} already`);
    if (key.kid !== null && read.key.kid === key.kid) {
      throw refused('/jwk/kid', 'duplicate_kid', `is the kid of ${id} already; give each key its own`);
    }
  }
}

/** @throws AppError invalid_request if the client has this secret already: deleting one of the two would not end it */
export async function checkSecretIsNew(
  existing: readonly CredentialRow[],
  secret: string,
  peppers: Peppers,
): Promise<void> {
  for (const { id, digest } of existing) {
    if (digest !== null && (await isDigestOf(digest, secret, peppers))) {
      throw refused('/secret', 'duplicate_secret', `is the secret of ${id} already`);
    }
  }
}

async function isDigestOf(digest: string, secret: string, peppers: Peppers): Promise<boolean> {
  const stored = parseDigest(digest);
  if (stored.kind === 'argon2id') return !isGeneratedSecret(secret) && verifyPassword(stored.phc, secret);
  const pepper = peppers.get(stored.pepperVersion);
  return pepper !== undefined && sameDigest(stored.digest, digestSecret(pepper, secret));
}

export const refused = (path: string, code: string, message: string): AppError =>
  new AppError('invalid_request', `${path} ${message}.`, { faults: [{ path, code, message }] });
