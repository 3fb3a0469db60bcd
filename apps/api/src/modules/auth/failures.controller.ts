import { type FailurePage, type FailureQuery, failurePage, failureQuery } from '@bastionary/contracts/failures';
import { toInstant } from '@bastionary/contracts/text';
import { listFailures } from '@bastionary/oauth/actions/failures';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { DATABASE, type Database } from '../../platform/providers.js';

interface Position {
  readonly at: Date;
  readonly id: string;
}

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
      after: query.cursor === undefined ? undefined : fromCursor(query.cursor),
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

const toCursor = ({ at, id }: Position): string => Buffer.from(`${at.getTime()} ${id}`).toString('base64url');

/** @throws AppError invalid_request if the text is no cursor of this list */
function fromCursor(cursor: string): Position {
  const [, time, id] = /^(\d{1,15}) (flr_[0-9a-z]{26})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) throw invalidCursor();
  return { at: new Date(Number(time)), id };
}
