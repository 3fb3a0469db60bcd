import type { ClientKey } from '@bastionary/oauth/rules/jwk-set';
import { reachableAddresses } from '@bastionary/platform/reachable-addresses';
import { FetchFault } from '@bastionary/platform/safe-fetch';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../../platform/providers.js';
import { type FetchSettings, fetchJwkSet } from './fetch-jwk-set.js';

type Settings = Pick<
  Config,
  | 'CLIENT_CACHE_SIZE'
  | 'JWKS_URI_ALLOW_PRIVATE'
  | 'JWKS_URI_TIMEOUT_MS'
  | 'JWKS_URI_LIMIT_BYTES'
  | 'JWKS_URI_CACHE_SECONDS'
  | 'JWKS_URI_COOLDOWN_SECONDS'
  | 'JWKS_URI_STALE_SECONDS'
>;

/** What surrounds a process, given in tests. */
interface Surroundings {
  readonly ca?: string;
  readonly resolve?: NonNullable<FetchSettings['resolve']>;
  readonly now?: () => number;
}

export interface RemoteKeySet {
  readonly keys: readonly ClientKey[];
  /** Why there are none, or none fresher; null if all is well. */
  readonly problem: string | null;
}

interface Remembered {
  keys: readonly ClientKey[];
  /** Milliseconds, as all here. */
  freshUntil: number;
  usableUntil: number;
  failedAt: number;
  forcedAt: number;
  problem: string | null;
  fetching: Promise<void> | null;
}

const CACHE_SECONDS_MIN = 300;
const CACHE_SECONDS_MAX = 86_400;
const FAILURE_REMEMBERED_MS = 10_000;

/**
 * The keys that clients publish at their `jwks_uri`, in memory. Whatever is asked, a URI is fetched at most once at a time,
 * not again within ten seconds of a failure, and for the sake of an unknown key once in JWKS_URI_COOLDOWN_SECONDS.
 */
export class RemoteKeys {
  private readonly remembered: LRUCache<string, Remembered>;
  private readonly fetchSettings: FetchSettings;
  private readonly now: () => number;

  constructor(
    private readonly settings: Settings,
    { ca, resolve, now }: Surroundings = {},
  ) {
    this.remembered = new LRUCache({ max: settings.CLIENT_CACHE_SIZE });
    this.now = now ?? Date.now;
    this.fetchSettings = {
      isReachable: reachableAddresses(settings.JWKS_URI_ALLOW_PRIVATE),
      allowedBy: 'JWKS_URI_ALLOW_PRIVATE',
      timeoutMs: settings.JWKS_URI_TIMEOUT_MS,
      limitBytes: settings.JWKS_URI_LIMIT_BYTES,
      ...(resolve && { resolve }),
      ...(ca !== undefined && { ca }),
    };
  }

  /** The keys at that URI. With `wantedKid`, they are fetched anew if it is not among those in memory. Never rejects. */
  async keysOf(uri: string, wantedKid?: string): Promise<RemoteKeySet> {
    const known = this.remembered.get(uri) ?? this.remember(uri);
    if (this.mustFetch(known, wantedKid)) {
      known.fetching ??= this.refresh(uri, known).finally(() => {
        known.fetching = null;
      });
      await known.fetching;
    }
    return { keys: this.now() < known.usableUntil ? known.keys : [], problem: known.problem };
  }

  private mustFetch(known: Remembered, wantedKid: string | undefined): boolean {
    const now = this.now();
    if (now >= known.freshUntil) return now >= known.failedAt + FAILURE_REMEMBERED_MS;
    if (wantedKid === undefined || known.keys.some((key) => (key.kid ?? key.thumbprint) === wantedKid)) return false;
    // Who comes while one fetches waits for the same answer.
    if (known.fetching !== null) return true;
    if (now < known.forcedAt + this.settings.JWKS_URI_COOLDOWN_SECONDS * 1_000) return false;
    known.forcedAt = now;
    return true;
  }

  private async refresh(uri: string, known: Remembered): Promise<void> {
    try {
      const { keys, maxAgeSeconds } = await fetchJwkSet(uri, this.fetchSettings);
      const asked = maxAgeSeconds ?? this.settings.JWKS_URI_CACHE_SECONDS;
      const seconds = Math.min(Math.max(asked, CACHE_SECONDS_MIN), CACHE_SECONDS_MAX);
      known.keys = keys;
      known.freshUntil = this.now() + seconds * 1_000;
      known.usableUntil = known.freshUntil + this.settings.JWKS_URI_STALE_SECONDS * 1_000;
      known.problem = keys.length === 0 ? 'the JWK Set at jwks_uri has no key that can be used' : null;
    } catch (error) {
      const reason = error instanceof FetchFault ? error.message : 'something failed on our side';
      known.failedAt = this.now();
      known.problem = `jwks_uri could not be fetched: ${reason}`;
    }
  }

  private remember(uri: string): Remembered {
    const never = Number.NEGATIVE_INFINITY;
    const known: Remembered = {
      keys: [],
      freshUntil: never,
      usableUntil: never,
      failedAt: never,
      forcedAt: never,
      problem: null,
      fetching: null,
    };
    this.remembered.set(uri, known);
    return known;
  }
}
