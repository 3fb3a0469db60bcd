import { retentionSummary } from '@bastionary/billing/actions/revenue/retention-rows';
import {
  type MovementRows,
  type MovementsQuery,
  type MrrCustomerRows,
  type MrrCustomersQuery,
  movementRows,
  movementsQuery,
  mrrCustomerRows,
  mrrCustomersQuery,
  type RetentionQuery,
  type RetentionRows,
  retentionQuery,
  retentionRows,
} from '@bastionary/contracts/finance';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { CsvAnswer, type CsvQuery, csvQueryOf } from './csv-answer.js';
import { MRR_CUSTOMERS, MRR_MOVEMENTS, RETENTION } from './lists.js';
import { RowAnswers } from './row-answers.js';

const customersCsv = csvQueryOf(mrrCustomersQuery);
const movementsCsv = csvQueryOf(movementsQuery);
const retentionCsv = csvQueryOf(retentionQuery);

/** The rows behind MRR, its movements and retention; as CSV with `.csv`. */
@ApiTags('finance')
@Controller('api/finance')
export class MrrListsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly answers: RowAnswers,
  ) {}

  @Get('mrr/customers')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Customers with MRR just before an instant, the most first' })
  @ApiOkResponse({ standardSchema: mrrCustomerRows })
  async customers(@Query({ schema: mrrCustomersQuery }) query: MrrCustomersQuery): Promise<MrrCustomerRows> {
    return (await this.answers.page(MRR_CUSTOMERS, query)).answer;
  }

  @Get('mrr/customers.csv')
  @Needs('revenue:read')
  @CsvAnswer('Customers with MRR')
  customersCsv(@Query({ schema: customersCsv }) query: CsvQuery<MrrCustomersQuery>): Promise<StreamableFile> {
    return this.answers.csv(MRR_CUSTOMERS, query);
  }

  @Get('mrr/movements')
  @Needs('revenue:read')
  @ApiOperation({
    summary: 'Who began to pay, pays more, less, nothing or again: why, when, how much; the newest first',
  })
  @ApiOkResponse({ standardSchema: movementRows })
  async movements(@Query({ schema: movementsQuery }) query: MovementsQuery): Promise<MovementRows> {
    return (await this.answers.page(MRR_MOVEMENTS, query)).answer;
  }

  @Get('mrr/movements.csv')
  @Needs('revenue:read')
  @CsvAnswer('Movements of MRR')
  movementsCsv(@Query({ schema: movementsCsv }) query: CsvQuery<MovementsQuery>): Promise<StreamableFile> {
    return this.answers.csv(MRR_MOVEMENTS, query);
  }

  @Get('retention')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Whoever had MRR at the start of a span, and what it pays at its end; the most first' })
  @ApiOkResponse({ standardSchema: retentionRows })
  async retention(@Query({ schema: retentionQuery }) query: RetentionQuery): Promise<RetentionRows> {
    const { asked, answer } = await this.answers.page(RETENTION, query);
    const summary = await retentionSummary(this.db, asked);
    return { ...answer, from: toInstant(asked.from), to: toInstant(asked.to), summary };
  }

  @Get('retention.csv')
  @Needs('revenue:read')
  @CsvAnswer('Retention by customer')
  retentionCsv(@Query({ schema: retentionCsv }) query: CsvQuery<RetentionQuery>): Promise<StreamableFile> {
    return this.answers.csv(RETENTION, query);
  }
}
