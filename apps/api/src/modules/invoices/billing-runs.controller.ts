import { listBillingRuns, startBillingRun } from '@bastionary/billing/actions/invoicing/billing-runs';
import {
  type BillingRun,
  type BillingRunListQuery,
  type BillingRunPage,
  billingRun,
  billingRunListQuery,
  billingRunPage,
  startBillingRunRequest,
} from '@bastionary/contracts/billing-terms';
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

const IDS = /^brn_[0-9a-z]{26}$/;

@ApiTags('billing runs')
@Controller('api/billing-runs')
export class BillingRunsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('billing:read')
  @ApiOperation({ summary: 'Runs that did something, the newest first, and how far the one under way is' })
  @ApiOkResponse({ standardSchema: billingRunPage })
  async list(@Query({ schema: billingRunListQuery }) { limit, cursor }: BillingRunListQuery): Promise<BillingRunPage> {
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const runs = await listBillingRuns(this.db, limit, after, new Date());
    const shown = runs.slice(0, limit);
    const last = runs.length > limit ? shown.at(-1)?.row : undefined;
    return {
      data: shown.map(({ view }) => view),
      next_cursor: last === undefined ? null : toCursor({ at: last.startedAt, id: last.id }),
    };
  }

  @Post()
  @HttpCode(202)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Ask for a run now. One is under way at most: whoever asks meanwhile asks for that one' })
  @ApiAcceptedResponse({ standardSchema: billingRun })
  start(@Body({ schema: startBillingRunRequest }) _body: object, @Req() request: FastifyRequest): Promise<BillingRun> {
    return this.writer.writeOnce(request, (tx) => startBillingRun(tx, originOf(request), new Date()));
  }
}
