import { type AuditPage, type AuditQuery, auditPage, auditQuery } from '@bastionary/contracts/audit';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('audit')
@Controller('api/audit')
export class AuditController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('audit:read')
  @ApiOperation({ summary: 'Who changed what, the newest first' })
  @ApiOkResponse({ standardSchema: auditPage })
  async list(@Query({ schema: auditQuery }) { limit, cursor, actor, action, target }: AuditQuery): Promise<AuditPage> {
    const rows = await this.db.auditLog.findMany({
      where: { actor, action, target, ...(cursor === undefined ? {} : { seq: { lt: fromCursor(cursor) } }) },
      orderBy: { seq: 'desc' },
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => ({
        seq: String(row.seq),
        at: toInstant(row.at),
        actor: row.actor,
        action: row.action,
        target: row.target,
        request_id: row.requestId,
        address: row.address,
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      })),
      next_cursor: last === undefined ? null : String(last.seq),
    };
  }
}

function fromCursor(cursor: string): bigint {
  if (!/^\d{1,18}$/.test(cursor)) throw invalidCursor();
  return BigInt(cursor);
}
