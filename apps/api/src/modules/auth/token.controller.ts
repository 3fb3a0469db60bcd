import { type TokenResponse, tokenResponse } from '@bastionary/contracts/tokens';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { rateLimitFields } from '@bastionary/oauth/rules/rate-limit-fields';
import { Controller, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAuthenticated } from '../../platform/access.js';
import { TokenQuotas } from '../../platform/limits/token-quotas.js';
import { Dpop } from './dpop.js';
import { type Exchange, exchangeOf } from './exchange.js';
import type { GrantTools, GrantType } from './grants/grant-type.js';
import { GRANTS } from './grants/grants.js';
import type { KnownClient, TokenPlan } from './known-client.js';
import { RefreshTokens } from './refresh-tokens.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenPlans } from './token-plans.js';

@ApiTags('oauth2')
@Controller('oauth2/token')
export class TokenController {
  private readonly tools: GrantTools;

  constructor(
    plans: TokenPlans,
    refreshTokens: RefreshTokens,
    private readonly dpop: Dpop,
    private readonly issuer: TokenIssuer,
    private readonly quotas: TokenQuotas,
  ) {
    this.tools = { plans, refreshTokens };
  }

  @Post()
  @HttpCode(200)
  @ClientAuthenticated()
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({ summary: 'Token endpoint, RFC 6749 §3.2; DPoP proofs (RFC 9449) in the DPoP header' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['grant_type'],
      properties: {
        grant_type: { type: 'string', enum: [...GRANTS.keys()] },
        scope: { type: 'string', description: 'Space-delimited; default: all scopes of the client' },
        resource: { type: 'string', format: 'uri', description: 'RFC 8707: the audience the token is for' },
        refresh_token: { type: 'string', description: 'With grant_type refresh_token' },
        client_id: { type: 'string', description: 'Instead of HTTP Basic' },
        client_secret: { type: 'string', description: 'Instead of HTTP Basic' },
        client_assertion_type: { type: 'string', description: 'With client_assertion: RFC 7523 §2.2' },
        client_assertion: { type: 'string', description: 'A JWT signed by the client; its aud is the issuer' },
      },
    },
  })
  @ApiOkResponse({ standardSchema: tokenResponse })
  async token(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<TokenResponse> {
    const exchange = exchangeOf(request);
    const answer = await this.answer(exchange);
    reply.headers(exchange.headers);
    return answer;
  }

  async answer(exchange: Exchange): Promise<TokenResponse> {
    try {
      return await this.issueFor(exchange);
    } catch (error) {
      throw error instanceof OAuthFault ? error.about(exchange.client.clientId, exchange.form.get('scope')) : error;
    }
  }

  private async issueFor(exchange: Exchange): Promise<TokenResponse> {
    const grant = grantOf(exchange);
    const { plan, redeem } = await grant.decide(exchange, this.tools);
    const jkt = await this.boundTo(exchange, plan);
    await this.takeFromQuota(exchange);
    const refresh = await redeem?.();
    return this.issuer.issue(exchange, refresh === undefined ? { plan } : { plan, refresh }, jkt);
  }

  // Before a refresh token is spent. The fields stand only where the client has limits of its own: the rest need not pay.
  private async takeFromQuota({ client, left, headers }: Exchange): Promise<void> {
    if (client.tokenQuota === null && left === undefined) return;
    const limits = await this.quotas.admit(client, Date.now());
    if (left !== undefined) limits.unshift(left);
    if (limits.length > 0) Object.assign(headers, rateLimitFields(limits));
  }

  // RFC 9449 §5: whoever shows a proof gets a bound token; whoever must and does not gets none.
  private async boundTo({ client, proof, headers }: Exchange, plan: TokenPlan): Promise<string | undefined> {
    if (proof === undefined && !plan.dpopRequired) return undefined;
    const jkt = await this.dpop.thumbprint(client.clientId, { proof, method: 'POST', path: '/oauth2/token' });
    headers['dpop-nonce'] = this.dpop.nonce;
    return jkt;
  }
}

function grantOf({ client, form }: Pick<Exchange, 'client' | 'form'>): GrantType {
  const name = form.get('grant_type');
  if (name === undefined) throw new OAuthFault('invalid_request', 'grant_type is required');
  const grant = GRANTS.get(name);
  if (grant === undefined) throw new OAuthFault('unsupported_grant_type', 'This grant_type is not supported');
  if (!client.grantTypes.has(name)) throw notRegistered(client, name);
  return grant;
}

const notRegistered = ({ clientId }: KnownClient, name: string): OAuthFault =>
  new OAuthFault('unauthorized_client', 'This client may not use this grant_type', {
    clientId,
    reasonCode: 'grant_not_registered',
    reason: `${name} is not among the client's grant_types`,
  });
