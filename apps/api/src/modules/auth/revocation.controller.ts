import { revokeToken } from '@bastionary/oauth/actions/revocations';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClientAuthenticated } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { LOGGER, type Logger } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { clientOf } from './client.strategy.js';
import { formOf } from './form-of.js';
import { TOKEN_FORM } from './introspection.controller.js';
import { TokenJudge } from './token-judge.js';

@ApiTags('oauth2')
@Controller('oauth2/revoke')
export class RevocationController {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly judge: TokenJudge,
    private readonly writer: Writer,
  ) {}

  @Post()
  @HttpCode(200)
  @ClientAuthenticated()
  @Header('cache-control', 'no-store')
  @Header('pragma', 'no-cache')
  // The body is empty; some clients insist on the type all the same.
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({
    summary: 'Revocation endpoint, RFC 7009',
    description:
      "Effective before the answer. A token that is unknown, expired or not the caller's own is left alone; the answer is 200 all the same.",
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: TOKEN_FORM })
  @ApiOkResponse({ description: 'The token is dead, or was never alive' })
  async revoke(@Req() request: FastifyRequest): Promise<void> {
    const token = formOf(request).get('token');
    if (token === undefined) throw new OAuthFault('invalid_request', 'token is required');
    const verified = this.judge.verify(token);
    if (!verified.ok || verified.claims.exp * 1_000 <= Date.now()) return;
    const { clientId } = clientOf(request);
    if (verified.claims.client_id !== clientId) {
      this.logger.warn(
        { request_id: request.id, client_id: clientId },
        "asked to revoke another client's token; left alone",
      );
      return;
    }
    await this.writer.write((tx) =>
      revokeToken(tx, originOf(request, `client:${clientId}`), verified.claims, new Date()),
    );
  }
}
