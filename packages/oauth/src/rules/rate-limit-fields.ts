/** What a policy allows, and how much of it is left. */
export interface ServiceLimit {
  /** Name of the policy: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Requests per window. */
  readonly quota: number;
  readonly windowSeconds: number;
  /** Requests at once, where that is another number. */
  readonly burst?: number;
  readonly remaining: number;
  /** Milliseconds within which no more than `remaining` may be used. */
  readonly resetMs: number;
}

/**
 * The `RateLimit-Policy` and `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-11 §3, §4; structured fields of
 * RFC 9651). `t` is in whole seconds, rounded up, so that `Retry-After` can be the same (§6: never an earlier moment).
 * A burst stands as a parameter of our own (§3.1).
 */
export function rateLimitFields(limits: readonly ServiceLimit[]): Record<'ratelimit-policy' | 'ratelimit', string> {
  return {
    'ratelimit-policy': limits.map(policyItem).join(', '),
    ratelimit: limits
      .map(({ name, remaining, resetMs }) => `"${name}";r=${whole(remaining)};t=${seconds(resetMs)}`)
      .join(', '),
  };
}

/** Milliseconds as the delay-seconds of RFC 9110 §10.2.3, at least 1. */
export const seconds = (milliseconds: number): number => Math.max(1, whole(Math.ceil(milliseconds / 1_000)));

function policyItem({ name, quota, windowSeconds, burst }: ServiceLimit): string {
  const extra = burst === undefined || burst === quota ? '' : `;bastionary-burst=${whole(burst)}`;
  return `"${name}";q=${whole(quota)};w=${seconds(windowSeconds * 1_000)}${extra}`;
}

// RFC 9651 §3.3.1: an Integer has at most 15 digits.
const whole = (value: number): number => Math.min(Math.max(0, Math.floor(value)), 999_999_999_999_999);
