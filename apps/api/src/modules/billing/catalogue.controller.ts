import { applyCatalogue } from '@bastionary/billing/actions/apply-catalogue';
import { exportCatalogue } from '@bastionary/billing/actions/catalogue';
import { type Catalogue, type CatalogueOutcome, catalogue, catalogueOutcome } from '@bastionary/contracts/catalogue';
import { dryRunQuery } from '@bastionary/contracts/entitlements';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, Get, Inject, Put, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { dryRun } from '../../platform/dry-run.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';

/** A change that reaches every customer takes about a second per 5,000 of them; it may take this long. */
const EVERYBODY_MS = 120_000;

@ApiTags('catalogue')
@Controller('api/catalogue')
export class CatalogueController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('catalogue:read')
  @ApiOperation({ summary: 'The whole catalogue as one document, in the form that PUT takes' })
  @ApiOkResponse({ standardSchema: catalogue })
  export(): Promise<Catalogue> {
    return exportCatalogue(this.db);
  }

  @Put()
  @Needs('catalogue:write')
  @ApiOperation({
    summary:
      'Make the catalogue say what the document says, in one transaction; with dry_run=true only show what would change',
  })
  @ApiOkResponse({ standardSchema: catalogueOutcome })
  apply(
    @Query({ schema: dryRunQuery }) { dry_run }: { dry_run: boolean },
    @Body({ schema: catalogue }) body: Catalogue,
    @Req() request: FastifyRequest,
  ): Promise<CatalogueOutcome> {
    // Longer than other requests may be silent.
    request.raw.socket.setTimeout(EVERYBODY_MS);
    const limits = { features: this.config.FEATURES_MAX, previewed: this.config.PREVIEW_CUSTOMERS_MAX };
    const work = async (tx: Transaction): Promise<CatalogueOutcome> => {
      const around = { now: new Date(), followers: FOLLOWERS };
      return { applied: !dry_run, ...(await applyCatalogue(tx, originOf(request), body, limits, around)) };
    };
    return dry_run ? dryRun(this.writer, work, EVERYBODY_MS) : this.writer.write(work, EVERYBODY_MS);
  }
}
