import { createHmac } from 'node:crypto';
import { formatOwn } from './own-form.js';

/** A refresh token as it is stored, with its family. */
export interface StoredRefresh {
  readonly clientId: string;
  readonly familyCreatedAt: number;
  readonly familyExpiresAt: number;
  readonly familyRevokedAt: number | null;
  readonly usedAt: number | null;
  readonly retries: number;
}

export interface Grace {
  /** A retry this long after the first use still gets the same successor. */
  readonly graceMs: number;
  readonly retriesMax: number;
}

export type RefreshVerdict =
  | { readonly kind: 'redeem' }
  /** The answer to its first use may have been lost: the same successor again. */
  | { readonly kind: 'retry' }
  /** Used, and not by accident: whoever has it has stolen it, or was stolen from. The family must die. */
  | { readonly kind: 'reuse'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly code: string; readonly reason: string };

/**
 * Decides on a presented refresh token (RFC 6749 §6, RFC 9700 §4.14.2). The grace is counted from the first use and
 * never slides; past its count a retry is refused, but takes nobody down: a burst is no theft.
 */
export function judgeRefresh(
  stored: StoredRefresh | undefined,
  clientId: string,
  now: number,
  { graceMs, retriesMax }: Grace,
): RefreshVerdict {
  if (stored === undefined) return invalid('refresh_unknown', 'the refresh token is unknown');
  if (stored.clientId !== clientId) {
    return invalid('refresh_foreign', `the refresh token belongs to client ${stored.clientId}`);
  }
  if (stored.familyRevokedAt !== null) {
    return invalid('refresh_revoked', `the family was revoked ${ago(stored.familyRevokedAt, now)}`);
  }
  if (stored.familyExpiresAt <= now) {
    return invalid('refresh_expired', `the family expired ${ago(stored.familyExpiresAt, now)}`);
  }
  if (stored.usedAt === null) return { kind: 'redeem' };
  if (now - stored.usedAt > graceMs) {
    return { kind: 'reuse', reason: `the refresh token was used ${ago(stored.usedAt, now)}, and again now` };
  }
  if (stored.retries >= retriesMax) {
    return invalid('refresh_retries', `the refresh token was presented more than ${retriesMax} times after its use`);
  }
  return { kind: 'retry' };
}

const invalid = (code: string, reason: string): RefreshVerdict => ({ kind: 'invalid', code, reason });

const ago = (then: number, now: number): string => `${Math.max(0, Math.round((now - then) / 1_000))} s ago`;

/**
 * The one successor of a refresh token. It follows from the token and a secret of the installation, so that any number of
 * requests at once, in any number of processes, come to the same one, and nothing that could be read is stored.
 */
export const successorOf = (pepper: Buffer, refreshToken: string): string =>
  formatOwn('refresh', createHmac('sha256', pepper).update(`refresh successor|${refreshToken}`).digest());
