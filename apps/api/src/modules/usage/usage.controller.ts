import { forecastUsage } from '@bastionary/billing/actions/metering/forecast-usage';
import { queryUsage } from '@bastionary/billing/actions/metering/query-usage';
import {
  type Forecast,
  type ForecastQuery,
  forecast,
  forecastQuery,
  type Usage,
  type UsageQuery,
  usage,
  usageQuery,
} from '@bastionary/contracts/usage-queries';
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('usage')
@Controller('api/usage')
export class UsageController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
  ) {}

  @Get()
  @Needs('usage:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Usage of a meter over time, by window and group, up to the last event' })
  @ApiOkResponse({ standardSchema: usage })
  query(@Query({ schema: usageQuery }) query: UsageQuery, @Req() request: FastifyRequest): Promise<Usage> {
    return queryUsage(this.db, customerOf(request), query, this.config.USAGE_WINDOWS_MAX, new Date());
  }

  @Get('forecast')
  @Needs('usage:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'What usage of a customer will be at the end of its billing period' })
  @ApiOkResponse({ standardSchema: forecast })
  forecast(@Query({ schema: forecastQuery }) query: ForecastQuery, @Req() request: FastifyRequest): Promise<Forecast> {
    return forecastUsage(this.db, customerOf(request), query, new Date());
  }
}
