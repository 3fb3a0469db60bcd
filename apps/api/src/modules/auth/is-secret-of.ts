import type { Peppers } from '@bastionary/oauth/actions/peppers';
import { digestSecret, isGeneratedSecret, type StoredDigest, sameDigest } from '@bastionary/oauth/rules/secret';
import { UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';

/**
 * Whether a presented secret is one of a client's. Which hash is tried depends on the form of the secret alone, and one
 * is tried in any case: time must not tell whether there is such a client, or what it has.
 */
export async function isSecretOf(digests: readonly StoredDigest[], secret: string, peppers: Peppers): Promise<boolean> {
  return isGeneratedSecret(secret) ? isAmongPeppered(digests, secret, peppers) : isAmongSlow(digests, secret);
}

function isAmongPeppered(digests: readonly StoredDigest[], secret: string, peppers: Peppers): boolean {
  const stored = digests.flatMap((digest) => (digest.kind === 'hmac' ? [digest] : []));
  let right = false;
  for (const version of new Set([peppers.newest, ...stored.map(({ pepperVersion }) => pepperVersion)])) {
    const pepper = peppers.get(version);
    if (pepper === undefined) continue;
    const presented = digestSecret(pepper, secret);
    for (const { pepperVersion, digest } of stored) {
      if (pepperVersion === version && sameDigest(digest, presented)) right = true;
    }
  }
  return right;
}

async function isAmongSlow(digests: readonly StoredDigest[], secret: string): Promise<boolean> {
  const stored = digests.flatMap((digest) => (digest.kind === 'argon2id' ? [digest.phc] : []));
  for (const phc of stored.length > 0 ? stored : [UNMATCHABLE_HASH]) {
    if (await verifyPassword(phc, secret)) return true;
  }
  return false;
}
