import type { Exchange } from '../exchange.js';
import type { Decided, GrantTools } from './grant-type.js';

/** RFC 6749 §4.4: the client asks for itself. A refresh token comes along only if the client opted in (§4.4.3). */
export const clientCredentials = {
  grantType: 'client_credentials',

  decide(exchange: Exchange, { plans, refreshTokens }: GrantTools): Decided {
    const plan = plans.planFor(exchange);
    if (!exchange.client.grantTypes.has('refresh_token')) return { plan };
    return { plan, redeem: () => refreshTokens.start(exchange, plan) };
  },
};
