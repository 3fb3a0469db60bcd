import type { KeyObject } from 'node:crypto';
import { isJsonObject } from './base64.js';
import { readList, signList } from './compact-list.js';
import { isCount, type VerifiedKeySet } from './key-set.js';
import { instantOf, spoken } from './machine-clock.js';
import { type Refusal, refuse } from './refusal.js';
import { findSigner, refuseBySigningTime } from './trusted-keys.js';

/** A key that is dead before its time. `reissued`: the licence lives on under another key. */
export interface Revocation {
  readonly license: string;
  /** SHA-256 of the key, base64url. */
  readonly key_digest: string;
  readonly reason: 'revoked' | 'reissued';
  readonly at: string;
}

/** What a revocation list says. Times are RFC 3339. */
export interface RevocationListPayload {
  readonly account: string;
  /** Only grows: a lower one is older. */
  readonly sequence: number;
  readonly issued_at: string;
  /** There is a newer one then. */
  readonly next_update: string;
  readonly revoked: readonly Revocation[];
}

/** The list as a compact JWS by a signing key of Ed25519. */
export const makeRevocationList = (
  payload: RevocationListPayload,
  signing: { readonly kid: string; readonly privateKey: KeyObject },
): string => signList('license-revocations', payload, signing);

export interface VerifiedRevocationList {
  readonly ok: true;
  readonly account: string;
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly nextUpdate: number;
  readonly revoked: readonly Revocation[];
}

/**
 * Verifies that a list is the issuer's and no older than the last one known; being stale does not unmake it.
 * @param lastSequence of the newest list ever seen; null: none was
 */
export function readRevocationList(
  text: string,
  keySet: Pick<VerifiedKeySet, 'account' | 'keys'>,
  lastSequence: number | null,
): VerifiedRevocationList | Refusal {
  const list = readList('license-revocations', text);
  if (!list.ok) return list;
  const { kid, bytes, signature } = list;
  const signer = findSigner(keySet.keys, { kid, algorithm: 'ed25519', bytes, signature });
  if (!signer.ok) return signer;
  const { account, sequence, issued_at, next_update, revoked } = list.payload;
  const [issuedAt, nextUpdate] = [instantOf(issued_at), instantOf(next_update)];
  if (!isCount(sequence) || issuedAt === null || nextUpdate === null || !Array.isArray(revoked)) {
    return refuse('malformed', 'The revocation list lacks its sequence, times or entries.');
  }
  const faulty = refuseBySigningTime(signer.key, issuedAt);
  if (faulty) return faulty;
  if (account !== keySet.account) return refuse('wrong_account', 'The revocation list is that of another issuer.');
  if (lastSequence !== null && sequence < lastSequence) {
    return refuse('list_rolled_back', `It is number ${sequence}; number ${lastSequence} is known here.`);
  }
  return { ok: true, account: keySet.account, sequence, issuedAt, nextUpdate, revoked: revoked.filter(isRevocation) };
}

const isRevocation = (entry: unknown): entry is Revocation =>
  isJsonObject(entry) && typeof entry.license === 'string' && typeof entry.key_digest === 'string';

/** Whether there should be a newer list by now. */
export const isStale = (list: VerifiedRevocationList, now: number): boolean => now > list.nextUpdate;

/** Whose key or file it is; null: it does not say. */
export interface RevocableSubject {
  readonly licenseId: string | null;
  readonly keyDigest: string | null;
  /** Milliseconds since 1970. */
  readonly signedAt: number | null;
}

/** Whether the list says that this is dead. */
export function refuseByRevocation(list: VerifiedRevocationList, subject: RevocableSubject): Refusal<'revoked'> | null {
  const entry = list.revoked.find((one) => concerns(one, subject));
  if (!entry) return null;
  const when = spoken(instantOf(entry.at) ?? Number.NaN);
  return entry.reason === 'reissued'
    ? refuse('revoked', `The license has had another key since ${when}; this one is dead.`)
    : refuse('revoked', `The license was revoked at ${when}.`);
}

function concerns(entry: Revocation, { licenseId, keyDigest, signedAt }: RevocableSubject): boolean {
  if (entry.key_digest === keyDigest) return true;
  if (entry.license !== licenseId) return false;
  if (entry.reason !== 'reissued') return true;
  // What does not say its key and is older than the new one belongs to the old one.
  return keyDigest === null && (signedAt === null || signedAt < (instantOf(entry.at) ?? Number.POSITIVE_INFINITY));
}
