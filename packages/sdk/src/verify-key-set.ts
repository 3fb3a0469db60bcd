import { isJsonObject, jsonObjectFrom } from '@bastionary/licensing/rules/formats/base64';
import { readKeySet } from '@bastionary/licensing/rules/formats/key-set';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import { publicKeyFrom } from '@bastionary/licensing/rules/formats/trusted-keys';
import { type KeySet, rfc3339, withoutThrowing } from './inputs.js';

export interface KeySetOptions {
  /** The issuer's root key, built into the program: its JWK, or its 32 bytes in base64url or hexadecimal. */
  readonly root: string | Readonly<Record<string, unknown>>;
  /** `version` of the newest key set this program ever saw. Null or absent: it saw none. */
  readonly lastVersion?: number | null;
  /** If the program knows whose it must be: the issuer's account. */
  readonly account?: string | null;
}

/**
 * Verifies the keys of an issuer: what `/.well-known/license-keys.json` answers (as text or read), or the `signed` in it.
 * Never throws.
 */
export function verifyKeySet(document: string | object, options: KeySetOptions): KeySet | Refusal {
  return withoutThrowing(() => {
    const text = signedPart(document);
    if (text === null) return refuse('malformed', 'It is neither a key set with a member "signed" nor that member.');
    const root = rootKey(options.root);
    if (root === null) return refuse('wrong_root', 'The root key given is not a public key of Ed25519.');
    const verified = readKeySet(text, root, options.lastVersion ?? null);
    if (!verified.ok) return verified;
    const { account, version, issuedAt } = verified;
    if ((options.account ?? account) !== account) {
      return refuse('wrong_account', 'The key set is that of another account.');
    }
    return { ok: true, account, version, issuedAt: rfc3339(issuedAt), text, verified };
  });
}

function signedPart(document: unknown): string | null {
  if (typeof document === 'string' && !document.trimStart().startsWith('{')) return document.trim();
  const read = typeof document === 'string' ? jsonObjectFrom(Buffer.from(document)) : document;
  return isJsonObject(read) && typeof read.signed === 'string' ? read.signed : null;
}

function rootKey(root: KeySetOptions['root']) {
  if (typeof root !== 'string') return publicKeyFrom(root);
  const x = /^[0-9a-f]{64}$/i.test(root) ? Buffer.from(root, 'hex').toString('base64url') : root;
  return publicKeyFrom({ kty: 'OKP', crv: 'Ed25519', x });
}
