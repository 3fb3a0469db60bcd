import { type ExplainRequest, type Explanation, explainRequest, explanation } from '@bastionary/contracts/explain';
import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { CurrentEntitlements } from '../customers/current-entitlements.js';
import { explain, subjectOf } from './explain.js';

@ApiTags('explain')
@Controller('api/explain')
export class ExplainController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly current: CurrentEntitlements,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('explain:read')
  @OpenToCustomers('body')
  @ApiOperation({
    summary: 'Why a token, a feature or a part of a limit would be given or refused, and what would turn a no',
  })
  @ApiOkResponse({ standardSchema: explanation })
  async explain(
    @Body({ schema: explainRequest }) body: ExplainRequest,
    @Req() request: FastifyRequest,
  ): Promise<Explanation> {
    const subject = await subjectOf(this.db, body, customerOf(request));
    // What fell due takes effect first, whether or not the worker has come: then every surface says the same.
    if (subject.customerId !== null) await this.current.now(subject.customerId);
    // One state of the database: a change in between must not make half of the chain.
    return this.db.$transaction((tx) => explain(tx, body, subject, new Date()), { isolationLevel: 'RepeatableRead' });
  }
}
