import { type TokenResponse, tokenResponse } from '@bastionary/contracts/tokens';
import type { Form } from '@bastionary/oauth/rules/form';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClientAuthenticated } from '../../platform/access.js';
import { clientOf } from './client.strategy.js';
import type { KnownClient } from './client-directory.js';
import { formOf } from './form-of.js';
import { GRANTS } from './grants/grants.js';
import { ScopeCatalogue } from './scope-catalogue.js';
import { TokenIssuer } from './token-issuer.js';

@ApiTags('oauth2')
@Controller('oauth2/token')
export class TokenController {
  constructor(
    private readonly catalogue: ScopeCatalogue,
    private readonly issuer: TokenIssuer,
  ) {}

  @Post()
  @HttpCode(200)
  @ClientAuthenticated()
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  @ApiOperation({ summary: 'Token endpoint, RFC 6749 §3.2' })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['grant_type'],
      properties: {
        grant_type: { type: 'string', enum: [...GRANTS.keys()] },
        scope: { type: 'string', description: 'Space-delimited; default: all scopes of the client' },
        resource: { type: 'string', format: 'uri', description: 'RFC 8707: the audience the token is for' },
        client_id: { type: 'string', description: 'Instead of HTTP Basic' },
        client_secret: { type: 'string', description: 'Instead of HTTP Basic' },
      },
    },
  })
  @ApiOkResponse({ standardSchema: tokenResponse })
  token(@Req() request: FastifyRequest): Promise<TokenResponse> {
    return this.answer(clientOf(request), formOf(request));
  }

  answer(client: KnownClient, form: Form): Promise<TokenResponse> {
    const grantType = form.get('grant_type');
    if (grantType === undefined) throw new OAuthFault('invalid_request', 'grant_type is required');
    const grant = GRANTS.get(grantType);
    if (grant === undefined) throw new OAuthFault('unsupported_grant_type', 'This grant_type is not supported');
    return this.issuer.issue(client, grant.redeem(client, form, this.catalogue));
  }
}
