import type { Peppers } from '@bastionary/oauth/actions/peppers';
import { digestSecret, isGeneratedSecret, sameDigest } from '@bastionary/oauth/rules/secret';
import { UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';
import type { KnownSecret } from './known-client.js';

/**
 * The secret among a client's that was presented, or undefined. Which hash is tried depends on the form of the secret
 * alone, and one is tried in any case: time must not tell whether there is such a client, or what it has. Secrets that
 * are not valid now match too: the doorman refuses them, and knows why.
 */
export function matchingSecret(
  secrets: readonly KnownSecret[],
  presented: string,
  peppers: Peppers,
): KnownSecret | undefined | Promise<KnownSecret | undefined> {
  return isGeneratedSecret(presented) ? amongPeppered(secrets, presented, peppers) : amongSlow(secrets, presented);
}

function amongPeppered(secrets: readonly KnownSecret[], presented: string, peppers: Peppers): KnownSecret | undefined {
  const digests = new Map<number, Buffer>();
  const digestUnder = (version: number): Buffer | undefined => {
    const pepper = peppers.get(version);
    if (pepper !== undefined && !digests.has(version)) digests.set(version, digestSecret(pepper, presented));
    return digests.get(version);
  };
  // Also for a client that has none, or does not exist.
  digestUnder(peppers.newest);
  let match: KnownSecret | undefined;
  for (const secret of secrets) {
    if (secret.digest.kind !== 'hmac') continue;
    const digest = digestUnder(secret.digest.pepperVersion);
    if (digest !== undefined && sameDigest(secret.digest.digest, digest)) match ??= secret;
  }
  return match;
}

async function amongSlow(secrets: readonly KnownSecret[], presented: string): Promise<KnownSecret | undefined> {
  let tried = false;
  for (const secret of secrets) {
    if (secret.digest.kind !== 'argon2id') continue;
    tried = true;
    if (await verifyPassword(secret.digest.phc, presented)) return secret;
  }
  if (!tried) await verifyPassword(UNMATCHABLE_HASH, presented);
  return undefined;
}
