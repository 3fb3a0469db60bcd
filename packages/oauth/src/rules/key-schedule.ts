/** How long a verifier may keep the JWK Set: the max-age it is served with. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** No key signs before it has been published this long, whatever the settings say, emergencies apart. */
export const PUBLISHED_AT_LEAST_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;

/** In seconds. */
export interface KeyPeriods {
  /** How long a key signs. */
  readonly active: number;
  /** How long it is published before that. */
  readonly publish: number;
  /** How long it is published after that: the longest token life, clock skew, age of a JWK Set, and the time news takes. */
  readonly retain: number;
}

export interface ScheduledKey {
  readonly kid: string;
  /** next, active, retiring or retired */
  readonly state: string;
  readonly publishedAt: Date;
  readonly promoteAt: Date | null;
  readonly activatedAt: Date | null;
  readonly retiringAt: Date | null;
}

export type KeyStep =
  | { readonly step: 'create' }
  /** `kid` signs from now on, `replaces` stops and is retiring. */
  | { readonly step: 'promote'; readonly kid: string; readonly replaces: string }
  | { readonly step: 'retire'; readonly kid: string };

/** What happens to a key next: it begins to sign, stops signing, or stops verifying. */
export interface KeyChange {
  readonly step: 'promote' | 'replace' | 'retire';
  readonly at: Date;
}

export const keyPeriods = (settings: {
  readonly SIGNING_KEY_ACTIVE_SECONDS: number;
  readonly SIGNING_KEY_PUBLISH_SECONDS: number;
  readonly SIGNING_KEY_RETAIN_SECONDS: number;
}): KeyPeriods => ({
  active: settings.SIGNING_KEY_ACTIVE_SECONDS,
  publish: settings.SIGNING_KEY_PUBLISH_SECONDS,
  retain: settings.SIGNING_KEY_RETAIN_SECONDS,
});

const after = (instant: Date, seconds: number): number => instant.getTime() + seconds * 1_000;

/** The earliest instant at which a next key may sign: by then every verifier has fetched it. */
export const promotableAt = (next: ScheduledKey): Date => new Date(after(next.publishedAt, PUBLISHED_AT_LEAST_SECONDS));

/**
 * The steps that are due, in order. There is one active key before and after; taken, they leave none due at that instant.
 * @returns nothing if no key is active: that is a loss, which no schedule mends
 */
export function dueSteps(keys: readonly ScheduledKey[], periods: KeyPeriods, now: Date): KeyStep[] {
  const active = keys.find(({ state }) => state === 'active');
  if (active === undefined) return [];
  const next = keys.find(({ state }) => state === 'next');
  const isDue = next !== undefined && promotionAt(next, active, periods) <= now;
  return [
    ...(isDue ? [{ step: 'promote', kid: next.kid, replaces: active.kid } as const] : []),
    ...(next === undefined || isDue ? [{ step: 'create' } as const] : []),
    ...keys
      .filter((key) => key.state === 'retiring' && (retirementAt(key, periods) ?? Number.POSITIVE_INFINITY) <= now)
      .map(({ kid }) => ({ step: 'retire', kid }) as const),
  ];
}

/** What happens next to one of `keys`, and when; null if nothing does. */
export function nextChange(key: ScheduledKey, keys: readonly ScheduledKey[], periods: KeyPeriods): KeyChange | null {
  if (key.state === 'retired') return null;
  if (key.state === 'retiring') {
    const at = retirementAt(key, periods);
    return at && { step: 'retire', at };
  }
  const active = keys.find(({ state }) => state === 'active');
  const next = keys.find(({ state }) => state === 'next');
  if (active === undefined || next === undefined) return null;
  return { step: key.state === 'next' ? 'promote' : 'replace', at: promotionAt(next, active, periods) };
}

function promotionAt(next: ScheduledKey, active: ScheduledKey, periods: KeyPeriods): Date {
  const scheduled = Math.max(
    after(active.activatedAt ?? active.publishedAt, periods.active),
    after(next.publishedAt, periods.publish),
  );
  const wanted = Math.min(scheduled, next.promoteAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return new Date(Math.max(wanted, promotableAt(next).getTime()));
}

// A key that was made retiring without an instant is kept: nothing proves that its tokens have expired.
const retirementAt = (key: ScheduledKey, periods: KeyPeriods): Date | null =>
  key.retiringAt && new Date(after(key.retiringAt, periods.retain));
