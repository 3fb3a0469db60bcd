import { toInstant } from '@bastionary/contracts/text';
import { credentialStatusAt, type Validity } from './credential-status.js';
import { span } from './duration.js';

/** What is known when somebody asks whether a credential can go. Times are milliseconds unless they are dates. */
export interface RetirementFacts {
  readonly credential: Validity & { readonly createdAt: Date };
  readonly lastUsedAt: Date | null;
  /** The latest use of any other credential of the client that is still usable; null if there was none. */
  readonly othersLastUsedAt: Date | null;
  readonly otherUsableCredentials: number;
  /** The longest pause between two of its uses that is known of. */
  readonly longestPause: number;
  /** Silence that is believed even where no pause is known (CREDENTIAL_SILENCE_SECONDS). */
  readonly silence: number;
  /** How late a use may reach the database. */
  readonly lag: number;
  readonly now: number;
}

export interface RetirementVerdict {
  readonly safe: boolean;
  /** One sentence. */
  readonly reason: string;
  /** Milliseconds since the last use; null if there was none. */
  readonly silentFor: number | null;
}

// Who runs once a night does not run to the second: a pause must be outdone, not equalled.
const BEYOND_PAUSE = 1.25;

/**
 * Whether a credential can be deleted without anybody noticing. It can if it proves nothing any more; or if its client
 * has another one, and it has been silent for longer than its users ever paused, and for the silence that is believed.
 */
export function decideRetirement(facts: RetirementFacts): RetirementVerdict {
  const { credential, lastUsedAt, now, lag } = facts;
  const silentFor = lastUsedAt === null ? null : Math.max(0, now - lastUsedAt.getTime());
  const verdict = (safe: boolean, reason: string): RetirementVerdict => ({ safe, reason, silentFor });

  const status = credentialStatusAt(credential, now);
  if (status === 'expired' && credential.expiresAt !== null) {
    return verdict(true, `It expired at ${toInstant(credential.expiresAt)} and proves nothing any more.`);
  }
  if (facts.otherUsableCredentials === 0) {
    return verdict(false, 'The client has no other usable credential: without this one it gets no token.');
  }
  if (status === 'not_yet_valid' && credential.notBefore !== null) {
    const from = toInstant(credential.notBefore);
    return verdict(false, `It becomes valid at ${from}: whoever holds it may count on it from then.`);
  }
  const needed = Math.max(facts.silence, facts.longestPause * BEYOND_PAUSE) + lag;
  if (silentFor === null) {
    const age = Math.max(0, now - credential.createdAt.getTime());
    if (age < needed) {
      return verdict(false, `It was made ${span(age)} ago: who got it may not have begun to use it.`);
    }
    return verdict(true, `It has not been used once in the ${span(age)} since it was made.`);
  }
  if (silentFor < needed) {
    return verdict(false, `It was last used ${span(silentFor)} ago; ${neededBecause(facts, needed)}.`);
  }
  const moved = facts.othersLastUsedAt !== null && facts.othersLastUsedAt.getTime() > (lastUsedAt?.getTime() ?? 0);
  return verdict(
    true,
    moved
      ? `It has been silent for ${span(silentFor)}, while the client used another credential.`
      : `It has been silent for ${span(silentFor)}, as has the whole client.`,
  );
}

function neededBecause({ silence, longestPause }: RetirementFacts, needed: number): string {
  return longestPause * BEYOND_PAUSE > silence
    ? `its users have paused for ${span(longestPause)} before, so only ${span(needed)} of silence tells`
    : `only ${span(needed)} of silence tells`;
}
