import type { Exchange } from '../exchange.js';
import type { RefreshTokens } from '../refresh-tokens.js';
import type { Redeemed } from '../token-issuer.js';
import type { TokenPlans } from '../token-plans.js';

/** What grants decide with. */
export interface GrantTools {
  readonly plans: TokenPlans;
  readonly refreshTokens: RefreshTokens;
}

export interface Decided extends Pick<Redeemed, 'plan'> {
  /** Spends what was presented, or makes what is given along. Called once, when all else about the request is right. */
  readonly redeem?: () => Promise<NonNullable<Redeemed['refresh']>>;
}

/** One way to get a token. */
export interface GrantType {
  readonly grantType: string;
  /**
   * Reads what its request must have, and decides, without changing anything.
   * @throws OAuthFault
   */
  decide(exchange: Exchange, tools: GrantTools): Decided | Promise<Decided>;
}
