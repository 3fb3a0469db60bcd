import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { Exchange } from '../exchange.js';
import type { Decided, GrantTools } from './grant-type.js';

/** RFC 6749 §6: the successor of a refresh token, and an access token for what was granted, or for less. */
export const refreshToken = {
  grantType: 'refresh_token',

  async decide(exchange: Exchange, { plans, refreshTokens }: GrantTools): Promise<Decided> {
    const token = exchange.form.get('refresh_token');
    if (token === undefined) throw new OAuthFault('invalid_request', 'refresh_token is required');
    const known = await refreshTokens.judge(exchange, token);
    return {
      plan: plans.planWithin(exchange, known),
      redeem: async () => ({
        token: await refreshTokens.redeem(known, token),
        familyId: known.familyId,
        expiresAt: new Date(known.familyExpiresAt),
      }),
    };
  },
};
