import type { KeyObject } from 'node:crypto';
import { keyAlgorithmOf, verify } from './algorithms.js';
import { readList, signList } from './compact-list.js';
import { instantOf } from './machine-clock.js';
import { type Refusal, refuse } from './refusal.js';
import { type PublishedKey, publicJwk, type TrustedKey, trustedKeys } from './trusted-keys.js';

/** Every key that signs or has signed, as the root signs it. Times are RFC 3339. */
export interface KeySetPayload {
  readonly account: string;
  /** Only grows. */
  readonly version: number;
  readonly issued_at: string;
  readonly keys: readonly PublishedKey[];
}

/** `/.well-known/license-keys.json`: what stands in it for readers of JWK sets, and the same signed by the root. */
export interface PublishedKeySet extends KeySetPayload {
  readonly root: { readonly kty: string; readonly kid: string; readonly [member: string]: string };
  /** A compact JWS; the only part that verifiers believe. */
  readonly signed: string;
}

/** @throws {TypeError} unless the root is a private key of Ed25519 */
export function publishKeySet(payload: KeySetPayload, rootKey: KeyObject): PublishedKeySet {
  const root = publicJwk(rootKey);
  return { ...payload, root, signed: signList('license-keys', payload, { kid: root.kid, privateKey: rootKey }) };
}

export interface VerifiedKeySet {
  readonly ok: true;
  readonly account: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly keys: readonly TrustedKey[];
}

/**
 * Verifies that a key set is the root's, and no older than the last one known. The key set of one version may be read
 * again and again.
 * @param signed the compact JWS
 * @param lastVersion of the newest key set ever seen; null: none was
 */
export function readKeySet(signed: string, rootKey: KeyObject, lastVersion: number | null): VerifiedKeySet | Refusal {
  const list = readList('license-keys', signed);
  if (!list.ok) return list;
  if (keyAlgorithmOf(rootKey) !== 'ed25519') return refuse('wrong_root', 'The root key given is not one of Ed25519.');
  if (list.kid !== publicJwk(rootKey).kid) return refuse('wrong_root', 'Another root key signed it.');
  if (!verify('ed25519', rootKey, list.bytes, list.signature)) {
    return refuse('bad_signature', 'The signature is not that of the root key.');
  }
  const { account, version, issued_at, keys } = list.payload;
  const issuedAt = instantOf(issued_at);
  if (typeof account !== 'string' || !isCount(version) || issuedAt === null || !Array.isArray(keys)) {
    return refuse('malformed', 'The key set lacks its account, version, time or keys.');
  }
  if (lastVersion !== null && version < lastVersion) {
    return refuse('key_set_rolled_back', `It is version ${version}; version ${lastVersion} is known here.`);
  }
  return { ok: true, account, version, issuedAt, keys: trustedKeys(keys) };
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
