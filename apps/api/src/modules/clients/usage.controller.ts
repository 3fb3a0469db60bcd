import {
  clientParams,
  type TokensPerHour,
  tokensPerHour,
  type UsageQuery,
  usageQuery,
} from '@bastionary/contracts/clients';
import { getClient } from '@bastionary/oauth/actions/find-client';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { recentHours } from './recent-hours.js';

@ApiTags('clients')
@Controller('api/clients/:client_id/tokens-per-hour')
export class UsageController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'Tokens issued to a client per hour, oldest hour first' })
  @ApiOkResponse({ standardSchema: tokensPerHour })
  async read(
    @Param({ schema: clientParams }) params: { client_id: string },
    @Query({ schema: usageQuery }) query: UsageQuery,
  ): Promise<TokensPerHour> {
    await getClient(this.db, params.client_id);
    return { data: await recentHours(this.db, params.client_id, query.hours, Date.now()) };
  }
}
