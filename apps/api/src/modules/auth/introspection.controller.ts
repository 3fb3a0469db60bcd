import type { Entitlements } from '@bastionary/contracts/entitlements';
import { type Introspection, introspection } from '@bastionary/contracts/tokens';
import type { AccessTokenClaims } from '@bastionary/oauth/rules/access-token';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClientAuthenticated } from '../../platform/access.js';
import { type Exchange, exchangeOf } from './exchange.js';
import type { KnownClient } from './known-client.js';
import { ScopeCatalogue } from './scope-catalogue.js';
import { TokenJudge } from './token-judge.js';

const INACTIVE: Introspection = { active: false };
const SEE_ALL = 'tokens:introspect';

const told = ({ epoch, hash, features }: Entitlements) => ({ epoch, hash, features });

export const TOKEN_FORM = {
  type: 'object',
  required: ['token'],
  properties: { token: { type: 'string' }, token_type_hint: { type: 'string' } },
};

@ApiTags('oauth2')
@Controller('oauth2/introspect')
export class IntrospectionController {
  constructor(
    private readonly judge: TokenJudge,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Post()
  @HttpCode(200)
  @ClientAuthenticated()
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({
    summary: 'Introspection endpoint, RFC 7662',
    description: `A client sees its own tokens, and those for a resource that names it as introspection client; one that has the scope ${SEE_ALL} sees all. Anything else is inactive.`,
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: TOKEN_FORM })
  @ApiOkResponse({ standardSchema: introspection })
  introspect(@Req() request: FastifyRequest): Promise<Introspection> {
    return this.answer(exchangeOf(request));
  }

  async answer({ client, form }: Exchange): Promise<Introspection> {
    const token = form.get('token');
    if (token === undefined) throw new OAuthFault('invalid_request', 'token is required');
    const live = await this.judge.live(token);
    // RFC 7662 §4: a caller must not find out about tokens that are none of its business.
    if (live === null || !this.maySee(client, live.claims)) return INACTIVE;
    const { claims, customer } = live;
    const { iss, sub, aud, client_id, scope, iat, exp, jti, cnf } = claims;
    return {
      active: true,
      iss,
      sub,
      aud: aud as string | string[],
      client_id,
      scope,
      iat,
      exp,
      jti,
      token_type: cnf === undefined ? 'Bearer' : 'DPoP',
      ...(cnf !== undefined && { cnf }),
      // As it is now, whatever the token was issued with.
      ...(customer !== null && { entitlements: told(customer.entitlements) }),
    };
  }

  private maySee({ clientId, scopes }: KnownClient, { client_id, aud }: AccessTokenClaims): boolean {
    if (client_id === clientId || scopes.has(SEE_ALL)) return true;
    return [aud].flat().some((identifier) => this.catalogue.resourceOf(identifier)?.introspectors.has(clientId));
  }
}
