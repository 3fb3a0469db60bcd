import type { JwkSet } from '@bastionary/contracts/client-metadata';

type Jwk = Record<string, unknown>;

const isObject = (value: unknown): value is Jwk => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members that only a private or a symmetric key has: RFC 7518 §6. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Public keys from what was pasted: one JWK or a JWK Set. A private key is refused before it leaves the browser.
 * @returns what is wrong as a sentence, or the keys
 */
export const readKeys = (pasted: string): JwkSet | string => {
  let value: unknown;
  try {
    value = JSON.parse(pasted);
  } catch {
    return 'This is not JSON. Paste a JWK, {"kty":…}, or a JWK Set, {"keys":[…]}.';
  }
  const keys = isObject(value) && Array.isArray(value.keys) ? value.keys : [value];
  if (keys.length === 0) return 'The set holds no key.';
  for (const key of keys) {
    if (!isObject(key) || typeof key.kty !== 'string') return 'A JWK has a member "kty". Paste the public key as JWK.';
    const secret = SECRET_MEMBERS.find((member) => member in key);
    if (secret) {
      return `This is a private key: it has the member "${secret}". Paste the public half only; nothing was sent.`;
    }
  }
  return { keys: keys as Jwk[] };
};
