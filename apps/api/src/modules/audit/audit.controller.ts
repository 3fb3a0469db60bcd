import { Readable } from 'node:stream';
import {
  type AuditPage,
  type AuditQuery,
  type AuditVerification,
  auditPage,
  auditQuery,
  auditVerification,
} from '@bastionary/contracts/audit';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { exportAudit } from './export-audit.js';
import { knownKeys, verifyNewest } from './verify-newest.js';

@ApiTags('audit')
@Controller('api/audit')
export class AuditController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
  ) {}

  @Get()
  @Needs('audit:read')
  @ApiOperation({ summary: 'Who changed what, the newest first' })
  @ApiOkResponse({ standardSchema: auditPage })
  async list(@Query({ schema: auditQuery }) { limit, cursor, actor, action, target }: AuditQuery): Promise<AuditPage> {
    const rows = await this.db.auditLog.findMany({
      where: { actor, action, target, ...(cursor === undefined ? {} : { seq: { lt: fromCursor(cursor) } }) },
      orderBy: { seq: 'desc' },
      include: { leaf: true },
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => ({
        seq: String(row.seq),
        // A record that was tampered with must not keep the others from being read.
        at: Number.isNaN(row.at.getTime()) ? 'unreadable' : toInstant(row.at),
        actor: row.actor,
        action: row.action,
        target: row.target,
        request_id: row.requestId,
        address: row.address,
        detail: toDetail(row.detail),
        sealed:
          row.leaf === null
            ? null
            : { index: String(row.leaf.idx), chain: Buffer.from(row.leaf.chain).toString('base64url') },
      })),
      next_cursor: last === undefined ? null : String(last.seq),
    };
  }

  @Get('verification')
  @Needs('audit:read')
  @ApiOperation({ summary: 'Whether the newest records and the last checkpoints are what was sealed' })
  @ApiOkResponse({ standardSchema: auditVerification })
  verification(): Promise<AuditVerification> {
    return verifyNewest(this.db, this.config);
  }

  @Get('export')
  @Needs('audit:read')
  @ApiOperation({ summary: 'Every sealed record and every checkpoint as JSON Lines, for npm run audit:verify' })
  @ApiProduces('application/jsonl')
  @ApiOkResponse({ schema: { type: 'string' } })
  export(): StreamableFile {
    const lines = exportAudit(this.db, knownKeys(this.config)?.signer.publicKey ?? null);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'application/jsonl',
      disposition: 'attachment; filename="audit.jsonl"',
    });
  }
}

function toDetail(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { unreadable: text };
  }
}

function fromCursor(cursor: string): bigint {
  if (!/^\d{1,18}$/.test(cursor)) throw invalidCursor();
  return BigInt(cursor);
}
