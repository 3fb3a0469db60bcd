import {
  bulkEvaluation,
  evaluation,
  evaluationFailure,
  evaluationRequest,
  flagdDefinitions,
} from '@bastionary/contracts/ofrep';
import { Controller, Get, HttpCode, Inject, Options, Post, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiBody,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../platform/access.js';
import { CONFIG, type Config } from '../../../platform/providers.js';
import { commonHeaders } from '../../../platform/request-hooks.js';
import { CROSS_ORIGIN, PREFLIGHT } from './cross-origin.js';
import { FlagDoor } from './flag-door.js';
import { FlagStreams } from './flag-streams.js';

/** The ordinary way to the door of flags; most requests take the lane (flag-lane.ts). */
@ApiTags('flag evaluation')
@Controller()
export class OfrepController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly door: FlagDoor,
    private readonly streams: FlagStreams,
  ) {}

  @Post('ofrep/v1/evaluate/flags/:key')
  @HttpCode(200)
  @Public()
  @ApiBearerAuth()
  @ApiSecurity('flag_key')
  @ApiOperation({ summary: 'Evaluate one flag (OFREP 0.3.0)' })
  @ApiParam({ name: 'key', type: String })
  @ApiBody({ standardSchema: evaluationRequest } as never)
  @ApiOkResponse({ standardSchema: evaluation })
  @ApiBadRequestResponse({ standardSchema: evaluationFailure })
  @ApiNotFoundResponse({ standardSchema: evaluationFailure })
  one(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Post('ofrep/v1/evaluate/flags')
  @HttpCode(200)
  @Public()
  @ApiBearerAuth()
  @ApiSecurity('flag_key')
  @ApiOperation({ summary: 'Evaluate all flags of the environment (OFREP 0.3.0). Its ETag goes into If-None-Match' })
  @ApiBody({ standardSchema: evaluationRequest } as never)
  @ApiOkResponse({ standardSchema: bulkEvaluation })
  @ApiBadRequestResponse({ standardSchema: evaluationFailure })
  bulk(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Get('flags/v1/flagd.json')
  @Public()
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'The flags of the environment as flagd defines them, for programs that evaluate by themselves',
  })
  @ApiOkResponse({ standardSchema: flagdDefinitions })
  definitions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pass(request, reply);
  }

  @Get('ofrep/v1/streams')
  @Public()
  @ApiOperation({ summary: 'Server-sent events that say when to evaluate again; the address stands in a bulk answer' })
  @ApiQuery({ name: 'ticket', type: String })
  async stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { ticket } = request.query as { ticket?: unknown };
    const headers = { ...commonHeaders(this.config.ISSUER_URL), ...CROSS_ORIGIN, 'x-request-id': request.id };
    reply.hijack();
    const refused = await this.streams.listen(reply.raw, typeof ticket === 'string' ? ticket : '', headers);
    if (refused === null) return;
    reply.raw.writeHead(refused, {
      ...headers,
      'cache-control': 'no-store',
      ...(refused === 503 && { 'retry-after': '5' }),
    });
    reply.raw.end();
  }

  @Options(['ofrep/v1/evaluate/flags', 'ofrep/v1/evaluate/flags/:key', 'ofrep/v1/streams', 'flags/v1/flagd.json'])
  @HttpCode(204)
  @Public()
  @ApiOperation({ summary: 'What browsers ask before they ask' })
  preflight(@Res() reply: FastifyReply): void {
    reply.status(204).headers(PREFLIGHT).send();
  }

  private async pass(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [path = '', query] = request.url.split('?', 2);
    const { status, headers, text } = await this.door.answer({
      method: request.method,
      path,
      query: query === undefined ? null : new URLSearchParams(query),
      headers: request.headers,
      body: typeof request.body === 'string' ? request.body : '',
      address: request.ip,
    });
    reply.status(status).headers({ ...CROSS_ORIGIN, ...headers });
    if (text === '') reply.send();
    else reply.send(text);
  }
}
