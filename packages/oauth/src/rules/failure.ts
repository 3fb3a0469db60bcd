import { clientId } from '@bastionary/contracts/identifiers';

/** A refusal at an OAuth2 endpoint, as whoever refused tells it. */
export interface Refusal {
  readonly traceId: string;
  readonly at: number;
  readonly endpoint: string;
  /** What the request claimed to be. Anything may stand in it: nothing is proven. */
  readonly clientId: string | undefined;
  /** What was asked for, as it was written; undefined if nothing was, or nobody was proven to ask. */
  readonly scope: string | undefined;
  readonly error: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly address: string | undefined;
}

const REASON_LENGTH_MAX = 500;
// RFC 6749 §3.3: names of printable ASCII, one space between them.
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;
// Secrets and tokens of our own making; and JWTs, which are assertions or access tokens.
const SECRET = /bst_(secret|access|refresh)_[0-9A-Za-z]+|eyJ[\w-]*\.[\w-]+\.?[\w-]*/g;

/** What was claimed, if it may be shown: it has the form of a client id and is not a secret put in the wrong field. */
export function showableClientId(claimed: string | undefined): string | undefined {
  if (claimed === undefined || !clientId.safeParse(claimed).success) return undefined;
  return claimed.search(SECRET) === -1 ? claimed : undefined;
}

/** The scope that was asked for, if it may be shown: names of scopes, of bounded length, and no secret put in the wrong field. */
export function showableScope(scope: string | undefined): string | null {
  if (scope === undefined || scope.length > REASON_LENGTH_MAX || scope.search(SECRET) !== -1) return null;
  return SCOPE.test(scope) ? scope : null;
}

/** The reason as it may be stored and shown: well-formed, of bounded length, without secrets and without a claim that is no id. */
export function showableReason(reason: string, claimed: string | undefined): string {
  const isHidden = claimed !== undefined && claimed !== '' && showableClientId(claimed) === undefined;
  const told = isHidden ? reason.replaceAll(claimed, '…') : reason;
  // A cut must not leave half of a secret that would have been recognised whole.
  const clean = told.replaceAll(SECRET, '…').replaceAll(/\p{C}/gu, '\u{fffd}');
  return clean.length > REASON_LENGTH_MAX ? `${clean.slice(0, REASON_LENGTH_MAX - 1).toWellFormed()}…` : clean;
}
