import {
  type RevocationRequest,
  type RevocationResult,
  revocationQuery,
  revocationRequest,
  revocationResult,
} from '@bastionary/contracts/revocations';
import { toInstant } from '@bastionary/contracts/text';
import { type BulkRevocation, previewRevocation, revokeBefore } from '@bastionary/oauth/actions/bulk-revocation';
import { Body, Controller, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, StepUp } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

@ApiTags('tokens')
@Controller('api/revocations')
export class BulkRevocationsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('revocations:write')
  @StepUp(({ by }) => by === 'installation')
  @ApiOperation({
    summary: 'Revoke every token issued before an instant, by what it belongs to; with dry_run, only say how many',
  })
  @ApiOkResponse({ standardSchema: revocationResult })
  async revoke(
    @Query({ schema: revocationQuery }) { dry_run: isDryRun }: { dry_run: boolean },
    @Body({ schema: revocationRequest }) body: RevocationRequest,
    @Req() request: FastifyRequest,
  ): Promise<RevocationResult> {
    if (isDryRun) return toResult(await previewRevocation(this.db, body, new Date()), false);
    return this.writer.writeOnce(request, async (tx) =>
      toResult(await revokeBefore(tx, originOf(request), body, new Date()), true),
    );
  }
}

const toResult = ({ hits, notBefore }: BulkRevocation, applied: boolean): RevocationResult => ({
  hits: String(hits),
  not_before: toInstant(notBefore),
  applied,
});
