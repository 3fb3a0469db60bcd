import type { VerifiedKeySet } from '@bastionary/licensing/rules/formats/key-set';
import { instantOf } from '@bastionary/licensing/rules/formats/machine-clock';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import type { VerifiedRevocationList } from '@bastionary/licensing/rules/formats/revocation-list';

/** The keys of an issuer, as `verifyKeySet` answers them. */
export interface KeySet {
  readonly ok: true;
  readonly account: string;
  /** To be kept, and passed as `lastVersion` the next time. */
  readonly version: number;
  readonly issuedAt: string;
  /** What to keep of it: it verifies again as it is. */
  readonly text: string;
  /** For the other functions here. */
  readonly verified: VerifiedKeySet;
}

/** A revocation list, as `verifyRevocationList` answers it. */
export interface RevocationList {
  readonly ok: true;
  /** To be kept, and passed as `lastSequence` the next time. */
  readonly sequence: number;
  readonly issuedAt: string;
  readonly nextUpdate: string;
  /** There should be a newer one by now. */
  readonly stale: boolean;
  /** What to keep of it: it verifies again as it is. */
  readonly text: string;
  /** For the other functions here. */
  readonly verified: VerifiedRevocationList;
}

export interface ClockOptions {
  /** Default: this machine's clock. */
  readonly now?: Date;
  /** What the last answer said to keep, so that a clock turned back is noticed. Null or absent: the first run. */
  readonly lastSeen?: string | null;
}

/** A refusal, with the high-water mark to keep. */
export type Refused = Refusal & { readonly lastSeen: string | null };

export interface ClockReading {
  readonly now: number;
  readonly lastSeen: number | null;
}

/** @throws {TypeError} if what is given is no time; see `withoutThrowing` */
export function readClock({ now = new Date(), lastSeen = null }: ClockOptions): ClockReading {
  const seen = lastSeen === null ? null : instantOf(lastSeen);
  if (Number.isNaN(now.getTime())) throw new TypeError('now is not a time.');
  if (lastSeen !== null && seen === null) throw new TypeError('lastSeen is not a time that an earlier answer gave.');
  return { now: now.getTime(), lastSeen: seen };
}

/** The verified keys. @throws {TypeError} if none were passed; see `withoutThrowing` */
export function givenKeySet(keySet: KeySet): VerifiedKeySet {
  if (keySet?.verified?.ok !== true) throw new TypeError('keySet is not what verifyKeySet answered.');
  return keySet.verified;
}

/** An answer whatever happens: a program that checks its licence never stops because of it. */
export function withoutThrowing<Answer>(decide: () => Answer): Answer | Refusal {
  try {
    return decide();
  } catch (error) {
    return refuse('malformed', error instanceof Error ? error.message : 'It could not be read.');
  }
}

export const rfc3339 = (instant: number): string => new Date(instant).toISOString();

export const rfc3339OrNull = (instant: number | null): string | null => (instant === null ? null : rfc3339(instant));
