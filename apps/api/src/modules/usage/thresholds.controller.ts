import {
  createThreshold,
  deleteThreshold,
  getThreshold,
  listThresholds,
  toThreshold,
} from '@bastionary/billing/actions/metering/thresholds';
import {
  type CreateThresholdRequest,
  createThresholdRequest,
  type Threshold,
  type ThresholdList,
  threshold,
  thresholdList,
  thresholdParams,
  thresholdQuery,
} from '@bastionary/contracts/usage-queries';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

type Params = { threshold_id: string };

@ApiTags('usage')
@Controller('api/usage-thresholds')
export class ThresholdsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('billing:write')
  @ApiOperation({ summary: 'Raise usage.threshold_reached once per window when usage reaches a value' })
  @ApiCreatedResponse({ standardSchema: threshold })
  create(
    @Body({ schema: createThresholdRequest }) body: CreateThresholdRequest,
    @Req() request: FastifyRequest,
  ): Promise<Threshold> {
    const { USAGE_THRESHOLDS_MAX } = this.config;
    return this.writer.writeOnce(request, async (tx) =>
      toThreshold(await createThreshold(tx, originOf(request), body, USAGE_THRESHOLDS_MAX, new Date())),
    );
  }

  @Get()
  @Needs('usage:read')
  @ApiOperation({ summary: 'The thresholds, the oldest first' })
  @ApiOkResponse({ standardSchema: thresholdList })
  async list(
    @Query({ schema: thresholdQuery }) query: { meter?: string | undefined; customer_id?: string | undefined },
  ): Promise<ThresholdList> {
    const rows = await listThresholds(this.db, { meter: query.meter, customerId: query.customer_id });
    return { data: rows.map(toThreshold) };
  }

  @Get(':threshold_id')
  @Needs('usage:read')
  @ApiOperation({ summary: 'One threshold, and where it was reached last' })
  @ApiOkResponse({ standardSchema: threshold })
  async get(@Param({ schema: thresholdParams }) { threshold_id: id }: Params): Promise<Threshold> {
    return toThreshold(await getThreshold(this.db, id));
  }

  @Delete(':threshold_id')
  @HttpCode(204)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Delete a threshold' })
  @ApiNoContentResponse()
  async delete(@Param({ schema: thresholdParams }) { threshold_id: id }: Params, @Req() request: FastifyRequest) {
    await this.writer.write((tx) => deleteThreshold(tx, originOf(request), id));
  }
}
