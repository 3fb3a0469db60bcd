import type { StaleListPolicy } from '@bastionary/licensing/rules/formats/file-meta';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import {
  isStale,
  type RevocableSubject,
  refuseByRevocation,
} from '@bastionary/licensing/rules/formats/revocation-list';
import type { RevocationList } from './inputs.js';

export interface RevocationOptions {
  /** The newest list the program has. Null or absent: none. */
  readonly revocationList?: RevocationList | null;
  /** What to do without a fresh list, if the licence is not stricter. Default: ALLOW. */
  readonly staleRevocationList?: StaleListPolicy;
}

/** Whether a licence is dead, or whether too little is known to say so. */
export function refuseByList(
  list: RevocationList | null,
  policy: StaleListPolicy,
  subject: RevocableSubject,
  now: number,
): Refusal | null {
  const revoked = list && refuseByRevocation(list.verified, subject);
  if (revoked || policy === 'ALLOW') return revoked;
  if (!list) return refuse('list_missing', 'This license may not be used without a revocation list.');
  if (!isStale(list.verified, now)) return null;
  return refuse('list_stale', `The revocation list was good until ${list.nextUpdate}.`);
}
