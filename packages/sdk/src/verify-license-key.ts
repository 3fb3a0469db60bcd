import type { JsonObject } from '@bastionary/licensing/rules/formats/base64';
import { highWaterMark, refuseByClock } from '@bastionary/licensing/rules/formats/machine-clock';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import { keyDigest, readSignedKey, type SignedKeyScheme } from '@bastionary/licensing/rules/formats/signed-key';
import {
  type ClockOptions,
  givenKeySet,
  type KeySet,
  type Refused,
  readClock,
  rfc3339,
  rfc3339OrNull,
  withoutThrowing,
} from './inputs.js';
import { type RevocationOptions, refuseByList } from './revocation.js';

export interface LicenseKeyOptions extends ClockOptions, RevocationOptions {
  readonly keySet: KeySet;
  /** If the program knows it; narrows what the signature may be. */
  readonly scheme?: SignedKeyScheme | null;
}

export interface VerifiedKey {
  readonly ok: true;
  /** What the key says, as it was signed. */
  readonly dataset: JsonObject;
  readonly licenseId: string | null;
  readonly issuedAt: string | null;
  /** As it was when the key was made: a renewed licence may end later, which its licence file says. */
  readonly expiresAt: string | null;
  readonly keyId: string;
  /** To be kept, and passed as `lastSeen` the next time. */
  readonly lastSeen: string;
}

/** Verifies a signed licence key (`key/…`) without a network. Never throws. */
export function verifyLicenseKey(key: string, options: LicenseKeyOptions): VerifiedKey | Refused {
  const answer = withoutThrowing(() => judge(key.trim(), options));
  return 'lastSeen' in answer ? answer : { ...answer, lastSeen: options?.lastSeen ?? null };
}

function judge(key: string, options: LicenseKeyOptions): VerifiedKey | Refused | Refusal {
  const clock = readClock(options);
  const keySet = givenKeySet(options.keySet);
  const read = readSignedKey(key, keySet.keys, options.scheme ?? null);
  if (!read.ok) return read;
  const { dataset, licenseId, signedAt, expiresAt } = read;
  const facts = { ...clock, signedAt: [keySet.issuedAt, ...(signedAt === null ? [] : [signedAt])] };
  const lastSeen = rfc3339(highWaterMark(facts));
  const subject = { licenseId, keyDigest: keyDigest(key), signedAt };
  const list = options.revocationList ?? null;
  const refusal =
    refuseByClock(facts) ??
    refuseByList(list, options.staleRevocationList ?? 'ALLOW', subject, clock.now) ??
    (expiresAt !== null && clock.now > expiresAt ? refuse('expired', `It expired at ${rfc3339(expiresAt)}.`) : null);
  if (refusal) return { ...refusal, lastSeen };
  const times = { issuedAt: rfc3339OrNull(signedAt), expiresAt: rfc3339OrNull(expiresAt), lastSeen };
  return { ok: true, dataset, licenseId, keyId: read.key.kid, ...times };
}
