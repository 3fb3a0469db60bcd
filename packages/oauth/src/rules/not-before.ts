import type { NotBeforeKind } from '@bastionary/contracts/revocations';

/** The instant (ms) before which the tokens of a subject are dead; undefined if it was never cut off. */
export type NotBeforeOf = (kind: NotBeforeKind, subject: string) => number | undefined;

/** What of a token, or of a refresh family, decides whether it is cut off. */
export interface DatedToken {
  /** In ms: to the second, a token from the very second of a revocation could be on either side. */
  readonly issuedAt: number;
  readonly clientId: string;
  readonly credentialId: string | undefined;
  readonly audience: string | readonly string[];
  readonly kid: string | undefined;
  readonly familyId: string | undefined;
}

/**
 * Whether a token was issued before the latest not-before of all it belongs to, and by which; null if not.
 * None stands for another: a later, smaller one never brings a token back (CVE-2026-8922, CVE-2026-18218).
 */
export function isCutOff(notBefore: NotBeforeOf, token: DatedToken): NotBeforeKind | null {
  let latest = token.issuedAt;
  let by: NotBeforeKind | null = null;
  const look = (kind: NotBeforeKind, subject: string | undefined): void => {
    const at = subject === undefined ? undefined : notBefore(kind, subject);
    if (at === undefined || at <= latest) return;
    latest = at;
    by = kind;
  };
  look('installation', '');
  look('client', token.clientId);
  look('credential', token.credentialId);
  if (typeof token.audience === 'string') look('resource', token.audience);
  else for (const resource of token.audience) look('resource', resource);
  look('signing_key', token.kid);
  // A family never comes back: what was just being issued while it ended is dead too.
  const isOver = token.familyId !== undefined && notBefore('family', token.familyId) !== undefined;
  return isOver ? 'family' : by;
}
