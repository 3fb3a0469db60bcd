import { refuseByClock } from '@bastionary/licensing/rules/formats/machine-clock';
import type { Refusal } from '@bastionary/licensing/rules/formats/refusal';
import { isStale, readRevocationList } from '@bastionary/licensing/rules/formats/revocation-list';
import {
  type ClockOptions,
  type ClockReading,
  givenKeySet,
  type KeySet,
  type RevocationList,
  readClock,
  rfc3339,
  withoutThrowing,
} from './inputs.js';

export interface RevocationListOptions extends ClockOptions {
  readonly keySet: KeySet;
  /** `sequence` of the newest list this program ever saw. Null or absent: it saw none. */
  readonly lastSequence?: number | null;
}

/**
 * Verifies a revocation list: what `/.well-known/license-revocations.jws` answers, or a file with the same in it. An older
 * one than the last is refused; a stale one is answered with `stale`, and the policy of the licence says what follows.
 * Never throws.
 */
export function verifyRevocationList(text: string, options: RevocationListOptions): RevocationList | Refusal {
  return withoutThrowing(() => {
    const clock = readClock(options);
    const answer = verifiedList(text.trim(), options.keySet, options.lastSequence ?? null, clock);
    if (!answer.ok) return answer;
    return refuseByClock({ ...clock, signedAt: [answer.verified.issuedAt] }) ?? answer;
  });
}

export function verifiedList(
  text: string,
  keySet: KeySet,
  lastSequence: number | null,
  { now }: ClockReading,
): RevocationList | Refusal {
  const verified = readRevocationList(text, givenKeySet(keySet), lastSequence);
  if (!verified.ok) return verified;
  const { sequence, issuedAt, nextUpdate } = verified;
  const times = { issuedAt: rfc3339(issuedAt), nextUpdate: rfc3339(nextUpdate) };
  return { ok: true, sequence, ...times, stale: isStale(verified, now), text, verified };
}
