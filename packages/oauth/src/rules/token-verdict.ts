import type { CustomerStatus } from '@bastionary/contracts/customers';
import type { NotBeforeKind } from '@bastionary/contracts/revocations';
import { toInstant } from '@bastionary/contracts/text';
import type { TokenCheck } from '@bastionary/contracts/tokens';
import type { TokenFault, VerifiedToken } from './access-token.js';
import { type Lifecycle, statusAt } from './client-status.js';

export interface TokenState {
  readonly verified: VerifiedToken;
  /** The client the token names; null if there never was one. */
  readonly client: Lifecycle | null;
  readonly revoked: boolean;
  /** By what it was cut off together with others; null if it was not. */
  readonly cutOffBy: NotBeforeKind | null;
  /** The status of the client's customer; null for a client of the installation itself. */
  readonly customerStatus: CustomerStatus | null;
  readonly now: number;
}

/** Whether a token is alive. Cheap: this runs at every introspection and every management request. */
export function isAlive({ verified, client, revoked, cutOffBy, customerStatus, now }: TokenState): boolean {
  return (
    verified.ok &&
    verified.claims.exp * 1_000 > now &&
    !revoked &&
    cutOffBy === null &&
    customerStatus !== 'suspended' &&
    client !== null &&
    statusAt(client, now) === 'active'
  );
}

const FAULTS: Record<TokenFault, string> = {
  malformed: 'The text is not a JWT access token.',
  wrong_type: 'The type in the header is not at+jwt: it is another kind of token.',
  wrong_algorithm: 'The algorithm is not ES256, the only one this issuer signs access tokens with.',
  unknown_key: 'The key id is not one of ours: another issuer signed it, or the key has been retired.',
  bad_signature: 'The signature does not match: a byte was changed or lost, or another key signed it.',
  wrong_issuer: 'The issuer in the token is not this installation.',
  unknown_token: 'No such opaque token is alive: it has expired, or never was one of ours.',
};

const CUT_OFF: Record<NotBeforeKind, string> = {
  installation: 'All tokens of the installation from before its issue were revoked.',
  client: 'All tokens of its client from before its issue were revoked.',
  credential: 'All tokens got with its credential before its issue were revoked.',
  resource: 'All tokens for its resource from before its issue were revoked.',
  signing_key: 'All tokens signed with its key before its issue were revoked.',
  family: 'Its refresh token was revoked, and it with it.',
};

/** The same verdict as a list a person can read: what was looked at, in order, and what was found. */
export function explainToken(state: TokenState): TokenCheck[] {
  const { verified, client, revoked, cutOffBy, customerStatus, now } = state;
  if (!verified.ok) return [{ check: 'signature', ok: false, detail: FAULTS[verified.fault] }];
  const { exp, client_id: clientId } = verified.claims;
  const status = client === null ? 'unknown' : statusAt(client, now);
  const expires = toInstant(new Date(exp * 1_000));
  const minutes = Math.max(1, Math.round(Math.abs(exp * 1_000 - now) / 60_000));
  return [
    verified.kid === undefined
      ? { check: 'signature', ok: true, detail: 'An opaque token of this installation.' }
      : { check: 'signature', ok: true, detail: `Signed by this installation with key ${verified.kid}.` },
    exp * 1_000 > now
      ? { check: 'expiry', ok: true, detail: `Expires at ${expires}, in ${minutes} min.` }
      : { check: 'expiry', ok: false, detail: `Expired at ${expires}, ${minutes} min ago.` },
    revoked || cutOffBy !== null
      ? { check: 'revocation', ok: false, detail: cutOffBy === null ? 'It was revoked.' : CUT_OFF[cutOffBy] }
      : { check: 'revocation', ok: true, detail: 'It was not revoked.' },
    { check: 'client', ok: status === 'active', detail: `Client ${clientId} is ${status}.` },
    ...(customerStatus === null
      ? []
      : [{ check: 'customer', ok: customerStatus === 'active', detail: `Its customer is ${customerStatus}.` }]),
  ];
}
