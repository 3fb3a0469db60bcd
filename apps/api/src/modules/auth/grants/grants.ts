import type { Exchange } from '../exchange.js';
import type { RefreshTokens } from '../refresh-tokens.js';
import type { Redeemed } from '../token-issuer.js';
import type { TokenPlans } from '../token-plans.js';
import { clientCredentials } from './client-credentials.js';
import { refreshToken } from './refresh-token.js';

/** What grants decide with. */
export interface GrantTools {
  readonly plans: TokenPlans;
  readonly refreshTokens: RefreshTokens;
}

/** One way to get a token. */
export interface GrantType {
  readonly grantType: string;
  /**
   * Reads what its request must have, and decides, without changing anything. What it returns is then used:
   * only after everything else about the request has been found right.
   * @throws OAuthFault
   */
  decide(exchange: Exchange, tools: GrantTools): Decided | Promise<Decided>;
}

export interface Decided extends Pick<Redeemed, 'plan'> {
  /** Spends what was presented, if that is good for one use. Undefined if there is nothing to spend. */
  readonly redeem?: () => Promise<NonNullable<Redeemed['refresh']>>;
}

/** To add a grant: one file beside this one, one entry here. */
export const GRANTS: ReadonlyMap<string, GrantType> = new Map(
  [clientCredentials, refreshToken].map((grant) => [grant.grantType, grant]),
);
