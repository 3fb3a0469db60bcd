import { type FailurePage, type FailureQuery, failurePage, failureQuery } from '@bastionary/contracts/failures';
import { toInstant } from '@bastionary/contracts/text';
import { listFailures } from '@bastionary/oauth/actions/failures';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { DATABASE, type Database } from '../../platform/providers.js';

const IDS = /^flr_[0-9a-z]{26}$/;

@ApiTags('failures')
@Controller('api/failures')
export class FailuresController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('failures:read')
  @ApiOperation({ summary: 'Why requests at the OAuth2 endpoints were refused, the newest first' })
  @ApiOkResponse({ standardSchema: failurePage })
  async list(@Query({ schema: failureQuery }) query: FailureQuery): Promise<FailurePage> {
    const rows = await listFailures(this.db, {
      limit: query.limit,
      after: query.cursor === undefined ? undefined : fromCursor(query.cursor, IDS),
      clientId: query.client_id,
      traceId: query.trace_id,
    });
    const shown = rows.slice(0, query.limit);
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => ({
        id: row.id,
        trace_id: row.traceId,
        at: toInstant(row.at),
        endpoint: row.endpoint,
        client_id: row.clientId,
        scope: row.scope,
        error: row.error,
        reason_code: row.reasonCode,
        reason: row.reason,
        address: row.address,
      })),
      next_cursor: last === undefined ? null : toCursor(last),
    };
  }
}
