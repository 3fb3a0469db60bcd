import { getDunningPolicy, updateDunningPolicy } from '@bastionary/billing/actions/collection/dunning-policy';
import {
  type DunningPolicy,
  dunningPolicy,
  type UpdateDunningPolicyRequest,
  updateDunningPolicyRequest,
} from '@bastionary/contracts/dunning';
import { Body, Controller, Get, Inject, Put, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';

@ApiTags('invoices')
@Controller('api/dunning-policy')
export class DunningController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('billing:read')
  @ApiOperation({ summary: 'What happens to whoever does not pay, step by step' })
  @ApiOkResponse({ standardSchema: dunningPolicy })
  async get(@Res({ passthrough: true }) reply: FastifyReply): Promise<DunningPolicy> {
    const { version, policy } = await getDunningPolicy(this.db);
    reply.header('etag', toEtag(version));
    return policy;
  }

  @Put()
  @Needs('billing:write')
  @ApiOperation({ summary: 'Replace the steps; an invoice under way goes on with the next of them' })
  @ApiOkResponse({ standardSchema: dunningPolicy })
  async update(
    @Body({ schema: updateDunningPolicyRequest }) body: UpdateDunningPolicyRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DunningPolicy> {
    const ifMatch = ifVersion(request);
    const { version, policy } = await this.writer.write((tx) =>
      updateDunningPolicy(tx, originOf(request), body, ifMatch, new Date()),
    );
    reply.header('etag', toEtag(version));
    return policy;
  }
}
