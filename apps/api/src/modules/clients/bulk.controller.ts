import {
  type BulkExport,
  type BulkFormat,
  type BulkImportRequest,
  type BulkImportResult,
  bulkClient,
  bulkExport,
  bulkExportQuery,
  bulkImportQuery,
  bulkImportRequest,
  bulkImportResult,
} from '@bastionary/contracts/bulk';
import { exportClients } from '@bastionary/oauth/actions/export-clients';
import { type ImportOutcome, type ImportRow, importClients } from '@bastionary/oauth/actions/import-clients';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { faultsOf } from '../../platform/validation.pipe.js';
import { Writer } from '../../platform/writer.js';
import { KeyRing } from '../auth/key-ring.js';
import { fromCsv, toCsv } from './bulk-csv.js';
import { checkWithinOwn } from './within-own-permissions.js';

const MS_PER_ROW = 50;

/** What came of an import that is rolled back: a dry run, or one with a row that failed. */
class NotApplied extends Error {
  constructor(readonly outcome: ImportOutcome) {
    super('the import is not applied');
  }
}

@ApiTags('clients')
@Controller('api/bulk/clients')
export class BulkController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly keys: KeyRing,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('clients:read')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Every client without its secrets, in the form that the import takes' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: bulkExport })
  async export(
    @Query({ schema: bulkExportQuery }) { format }: { format: BulkFormat },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkExport | string> {
    const clients = await exportClients(this.db, this.config.BULK_EXPORT_MAX);
    reply.header('content-disposition', `attachment; filename="clients.${format}"`);
    if (format === 'json') return { clients };
    reply.type('text/csv; charset=utf-8; header=present');
    return toCsv(clients);
  }

  @Post()
  @HttpCode(200)
  @Needs('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Create the clients that do not exist and change those that do: all rows, or none' })
  @ApiConsumes('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: bulkImportResult })
  async import(
    @Query({ schema: bulkImportQuery }) { dry_run }: { dry_run: boolean },
    @Body({ schema: bulkImportRequest }) body: BulkImportRequest,
    @Req() request: FastifyRequest,
  ): Promise<BulkImportResult> {
    const rows = (typeof body === 'string' ? fromCsv(body) : body.clients).map(toRow);
    if (rows.length > this.config.BULK_ROWS_MAX) {
      const message = `There are ${rows.length} rows, and ${this.config.BULK_ROWS_MAX} at most are taken at once. Split them.`;
      throw new AppError('invalid_request', message, { faults: [{ path: '', code: 'too_many_rows', message }] });
    }
    const timeoutMs = 10_000 + rows.length * MS_PER_ROW;
    // Longer than other requests may be silent.
    request.raw.socket.setTimeout(timeoutMs);
    try {
      const work = async (tx: Parameters<typeof importClients>[0]) => {
        await checkWithinOwn(tx, principalOf(request), {
          clientIds: rows.flatMap(({ clientId }) => clientId ?? []),
          scopes: rows.flatMap(({ wanted }) => wanted?.scopes ?? []),
        });
        const outcome = await importClients(tx, originOf(request), rows, this.keys.peppers, new Date());
        if (dry_run || outcome.failed > 0) throw new NotApplied(outcome);
        return { applied: true, ...outcome };
      };
      return await this.writer.writeOnce(request, work, timeoutMs);
    } catch (error) {
      if (!(error instanceof NotApplied)) throw error;
      return { applied: false, ...withoutSecrets(error.outcome) };
    }
  }
}

function toRow(value: unknown, index: number): ImportRow {
  const parsed = bulkClient.safeParse(value);
  const given = (value as { client_id?: unknown } | null)?.client_id;
  return {
    row: index + 1,
    clientId: parsed.success ? parsed.data.client_id : typeof given === 'string' ? given.slice(0, 128) : null,
    wanted: parsed.success ? parsed.data : null,
    faults: parsed.success ? [] : faultsOf(parsed.error.issues, 'body'),
  };
}

// Secrets that were rolled back are none.
const withoutSecrets = (outcome: ImportOutcome): ImportOutcome => ({
  ...outcome,
  results: outcome.results.map(({ client_secret, ...rest }) => rest),
});
