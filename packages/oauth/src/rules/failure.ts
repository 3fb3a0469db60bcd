import { clientId } from '@bastionary/contracts/identifiers';
import { isScope } from './scope.js';

/** A refusal at an OAuth2 endpoint, as whoever refused tells it. */
export interface Refusal {
  readonly traceId: string;
  readonly at: number;
  readonly endpoint: string;
  /** What the request claimed to be. Anything may stand in it: nothing is proven. */
  readonly clientId: string | undefined;
  /** The scope it asked for. */
  readonly scope: string | undefined;
  readonly error: string;
  readonly reasonCode: string;
  readonly reason: string;
  readonly address: string | undefined;
}

const REASON_LENGTH_MAX = 500;
const SCOPE_LENGTH_MAX = 1_000;
// Secrets and tokens of our own making; and JWTs, which are assertions or access tokens.
const SECRET = /bst_(secret|access|refresh)_[0-9A-Za-z]+|eyJ[\w-]*\.[\w-]+\.?[\w-]*/g;

/** What was claimed, if it may be shown: it has the form of a client id and is not a secret put in the wrong field. */
export function showableClientId(claimed: string | undefined): string | undefined {
  if (claimed === undefined || !clientId.safeParse(claimed).success) return undefined;
  return claimed.search(SECRET) === -1 ? claimed : undefined;
}

/** What was asked for, if it may be shown: it has the form of a scope, of bounded length, and holds no secret. */
export function showableScope(asked: string | undefined): string | undefined {
  if (asked === undefined || asked.length > SCOPE_LENGTH_MAX || !isScope(asked)) return undefined;
  return asked.search(SECRET) === -1 ? asked : undefined;
}

/** The reason as it may be stored and shown: well-formed, of bounded length, without secrets and without a claim that is no id. */
export function showableReason(reason: string, claimed: string | undefined): string {
  const isHidden = claimed !== undefined && claimed !== '' && showableClientId(claimed) === undefined;
  const told = isHidden ? reason.replaceAll(claimed, '…') : reason;
  // A cut must not leave half of a secret that would have been recognised whole.
  const clean = told.replaceAll(SECRET, '…').replaceAll(/\p{C}/gu, '\u{fffd}');
  return clean.length > REASON_LENGTH_MAX ? `${clean.slice(0, REASON_LENGTH_MAX - 1).toWellFormed()}…` : clean;
}
