import { isJsonObject, type JsonObject } from './base64.js';
import { instantOf } from './machine-clock.js';

/** What a program does while its revocation list is older than it should be. */
export type StaleListPolicy = 'ALLOW' | 'REFUSE';

/** What a licence or machine file says of itself, besides its `kid`. Times are RFC 3339, UTC. */
export interface FileMeta {
  readonly issued: string;
  /** Null: it does not expire. */
  readonly expiry: string | null;
  /** From issued to expiry in seconds; null: it does not expire. */
  readonly ttl: number | null;
  /** When the licence stops working, grace apart; null: never. */
  readonly license_expiry: string | null;
  readonly grace_ends_at: string | null;
  readonly stale_revocation_list: StaleListPolicy;
  /** Of the revocation list. */
  readonly sequence: number;
  /** The revocation list of that moment, a compact JWS. */
  readonly revocations: string;
}

/** Times are milliseconds since 1970. */
export interface FileTerms {
  readonly issuedAt: number;
  /** Seconds, exactly so many; null: as long as the licence. */
  readonly ttl: number | null;
  /** The instant after which the licence does not work any more, grace apart; null: never, or not for being expired. */
  readonly licenseExpiresAt: number | null;
  readonly graceEndsAt: number | null;
  readonly staleRevocationList: StaleListPolicy;
  readonly revocations: { readonly sequence: number; readonly text: string };
}

/** What stands in `meta`. A file never outlives its licence, grace included. */
export function fileMeta(terms: FileTerms): FileMeta {
  const { issuedAt, ttl, licenseExpiresAt, graceEndsAt } = terms;
  const ends = [ttl === null ? null : issuedAt + ttl * 1_000, later(licenseExpiresAt, graceEndsAt)];
  const known = ends.filter((end) => end !== null);
  const expiresAt = known.length > 0 ? Math.min(...known) : null;
  return {
    issued: new Date(issuedAt).toISOString(),
    expiry: rfc3339(expiresAt),
    // Clients of the protocol take a ttl of 0 for one that never ends.
    ttl: expiresAt === null ? null : Math.max(1, Math.ceil((expiresAt - issuedAt) / 1_000)),
    license_expiry: rfc3339(licenseExpiresAt),
    grace_ends_at: rfc3339(graceEndsAt),
    stale_revocation_list: terms.staleRevocationList,
    sequence: terms.revocations.sequence,
    revocations: terms.revocations.text,
  };
}

/** What a verified file says about time. Milliseconds since 1970; null: never. */
export interface FileTimes {
  readonly issuedAt: number;
  /** The earlier of the file's end and the licence's, grace included. */
  readonly expiresAt: number | null;
  readonly licenseExpiresAt: number | null;
  readonly graceEndsAt: number | null;
}

/**
 * Reads the times of a file. `licenseExpiry` is what the licence in it says, which counts for files of other issuers:
 * they may outlive the licence. Null: the file does not say when it was issued, or a time in it cannot be read.
 */
export function fileTimes(meta: unknown, licenseExpiry: unknown): FileTimes | null {
  if (!isJsonObject(meta)) return null;
  const issuedAt = instantOf(meta.issued);
  const stated = [meta.expiry, licenseExpiryOf(meta, licenseExpiry), meta.grace_ends_at].map((time) => time ?? null);
  const [fileEnd = null, licenseExpiresAt = null, graceEndsAt = null] = stated.map(instantOf);
  const isUnreadable = stated.some(
    (time, index) => time !== null && [fileEnd, licenseExpiresAt, graceEndsAt][index] === null,
  );
  if (issuedAt === null || isUnreadable) return null;
  const ends = [fileEnd, later(licenseExpiresAt, graceEndsAt)].filter((end) => end !== null);
  return { issuedAt, expiresAt: ends.length > 0 ? Math.min(...ends) : null, licenseExpiresAt, graceEndsAt };
}

const licenseExpiryOf = (meta: JsonObject, licenseExpiry: unknown): unknown =>
  Object.hasOwn(meta, 'license_expiry') ? meta.license_expiry : licenseExpiry;

// Grace without an end of the licence is none.
const later = (expiresAt: number | null, graceEndsAt: number | null): number | null =>
  expiresAt === null ? null : Math.max(expiresAt, graceEndsAt ?? expiresAt);

const rfc3339 = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());
