/** So many requests in so many seconds on average, and at most `burst` of them at once. */
export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
  readonly burst: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** What to keep: when the bucket will be full again, in the same milliseconds as `now`. Unchanged by a refusal. */
  readonly fullAt: number;
  /** Whole requests left at once. */
  readonly remaining: number;
  /** Milliseconds until as many can be taken as were asked for; 0 if they were. */
  readonly retryAfterMs: number;
  /** Milliseconds until the bucket is full again. */
  readonly resetMs: number;
}

/** Milliseconds in which one request more becomes possible. */
export const intervalOf = ({ requests, perSeconds }: RateLimit): number => (perSeconds * 1_000) / requests;

// A millionth of a request: what adding fractions of milliseconds loses must not cost a whole one.
const ROUNDING = 1e-6;

/**
 * Takes `count` requests from a token bucket. All that is kept of a bucket is the moment it will be full again (the
 * theoretical arrival time of the generic cell rate algorithm, ITU-T I.371): in any span of t seconds no more than
 * burst + requests × t / perSeconds are allowed.
 * @param fullAt what the last call answered; undefined for a full bucket
 * @param now milliseconds of any clock that does not run backwards
 */
export function take(fullAt: number | undefined, limit: RateLimit, now: number, count = 1): Taken {
  const interval = intervalOf(limit);
  const capacity = limit.burst * interval;
  const from = fullAt === undefined || fullAt < now ? now : fullAt;
  const next = from + count * interval;
  const excess = next - now - capacity;
  if (excess > interval * ROUNDING) {
    return { allowed: false, fullAt: from, remaining: left(from), retryAfterMs: excess, resetMs: from - now };
  }
  return { allowed: true, fullAt: next, remaining: left(next), retryAfterMs: 0, resetMs: next - now };

  function left(until: number): number {
    return Math.max(0, Math.floor((capacity - (until - now)) / interval + ROUNDING));
  }
}

/** The same without asking: what was allowed elsewhere is counted here. @returns what to keep */
export const charge = (fullAt: number, limit: RateLimit, now: number): number =>
  Math.max(fullAt, now) + intervalOf(limit);
