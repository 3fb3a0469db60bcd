import { revokeFamily } from '@bastionary/oauth/actions/refresh-tokens';
import { revokeToken } from '@bastionary/oauth/actions/revocations';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { Controller, Header, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ClientAuthenticated } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { LOGGER, type Logger } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { exchangeOf } from './exchange.js';
import { TOKEN_FORM } from './introspection.controller.js';
import { RefreshTokens } from './refresh-tokens.js';
import { TokenJudge } from './token-judge.js';

@ApiTags('oauth2')
@Controller('oauth2/revoke')
export class RevocationController {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly judge: TokenJudge,
    private readonly refreshTokens: RefreshTokens,
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
      "Effective before the answer. A refresh token takes with it all that came from it. A token that is unknown, expired or not the caller's own is left alone; the answer is 200 all the same.",
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: TOKEN_FORM })
  @ApiOkResponse({ description: 'The token is dead, or was never alive' })
  async revoke(@Req() request: FastifyRequest): Promise<void> {
    const exchange = exchangeOf(request);
    const token = exchange.form.get('token');
    if (token === undefined) throw new OAuthFault('invalid_request', 'token is required');
    const { clientId } = exchange.client;
    const found = await this.find(token);
    if (found === undefined) return;
    if (found.clientId !== clientId) {
      this.logger.warn(
        { request_id: request.id, client_id: clientId },
        "asked to revoke another client's token; left alone",
      );
      return;
    }
    await this.writer.write((tx) => found.revoke(tx, originOf(request, `client:${clientId}`)));
  }

  // RFC 7009 §2.1: the hint may be wrong, so it is never needed: a token shows its own kind.
  private async find(token: string): Promise<Revocable | undefined> {
    const refresh = await this.refreshTokens.find(token);
    if (refresh !== undefined) {
      const { clientId, familyId } = refresh;
      return { clientId, revoke: (tx, origin) => revokeFamily(tx, origin, familyId, 'revoked', new Date()) };
    }
    const verified = await this.judge.verify(token);
    if (!verified.ok || verified.claims.exp * 1_000 <= Date.now()) return undefined;
    const { claims } = verified;
    return { clientId: claims.client_id, revoke: (tx, origin) => revokeToken(tx, origin, claims, new Date()) };
  }
}

interface Revocable {
  readonly clientId: string;
  revoke(tx: Transaction, origin: Origin): Promise<boolean>;
}
