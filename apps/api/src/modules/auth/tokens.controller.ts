import { toInstantOrNull } from '@bastionary/contracts/text';
import {
  type TokenInspection,
  type TokenRevocation,
  tokenInspection,
  tokenRequest,
  tokenRevocation,
} from '@bastionary/contracts/tokens';
import { findRevocation, revokeToken } from '@bastionary/oauth/actions/revocations';
import { decodeObject } from '@bastionary/oauth/rules/access-token';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import { explainToken } from '@bastionary/oauth/rules/token-verdict';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { TokenJudge } from './token-judge.js';

@ApiTags('tokens')
@Controller('api/tokens')
export class TokensController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly judge: TokenJudge,
    private readonly writer: Writer,
  ) {}

  @Post('inspect')
  @HttpCode(200)
  @Needs('tokens:read')
  @ApiOperation({ summary: 'Decode a token and say why it is valid or not' })
  @ApiOkResponse({ standardSchema: tokenInspection })
  async inspect(@Body({ schema: tokenRequest }) { token }: { token: string }): Promise<TokenInspection> {
    const verified = await this.judge.verify(token.trim());
    const state = await this.judge.stateOf(verified);
    const revocation = verified.ok ? await findRevocation(this.db, verified.claims.jti) : null;
    const checks = explainToken({ ...state, revoked: revocation !== null });
    const [header, claims] = token.trim().split('.');
    const { client, now } = state;
    return {
      active: checks.every(({ ok }) => ok),
      header: decodeObject(header),
      // An opaque token says nothing itself: what is kept of it stands here.
      claims: verified.ok && verified.kid === undefined ? { ...verified.claims } : decodeObject(claims),
      checks,
      client: client && { client_id: client.clientId, name: client.name, status: statusAt(client, now) },
      revoked_at: toInstantOrNull(revocation?.revokedAt ?? null),
    };
  }

  @Post('revoke')
  @HttpCode(200)
  @Needs('tokens:write')
  @ApiOperation({ summary: 'Revoke a token of any client, effective before the answer' })
  @ApiOkResponse({ standardSchema: tokenRevocation })
  async revoke(
    @Body({ schema: tokenRequest }) { token }: { token: string },
    @Req() request: FastifyRequest,
  ): Promise<TokenRevocation> {
    const verified = await this.judge.verify(token.trim());
    if (!verified.ok)
      return { revoked: false, detail: 'This is not an access token of this installation; nothing was changed.' };
    if (verified.claims.exp * 1_000 <= Date.now())
      return { revoked: false, detail: 'The token had expired already; nothing was changed.' };
    const fresh = await this.writer.write((tx) => revokeToken(tx, originOf(request), verified.claims, new Date()));
    return {
      revoked: true,
      detail: fresh ? 'The token is dead from now on.' : 'The token had been revoked already; nothing was changed.',
    };
  }
}
