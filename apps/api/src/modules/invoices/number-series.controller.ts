import { verifySeries } from '@bastionary/billing/actions/documents/verify-documents';
import { type DocumentVerification, documentVerification, seriesParams } from '@bastionary/contracts/invoices';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('invoices')
@Controller('api/number-series')
export class NumberSeriesController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get(':series/verification')
  @Needs('invoices:read')
  @ApiOperation({ summary: 'Whether the documents of a series follow each other without gap, and unchanged' })
  @ApiOkResponse({ standardSchema: documentVerification })
  verify(@Param({ schema: seriesParams }) { series }: { series: string }): Promise<DocumentVerification> {
    return verifySeries(this.db, series);
  }
}
