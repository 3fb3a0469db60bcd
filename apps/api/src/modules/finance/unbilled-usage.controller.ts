import { invoicingSettings } from '@bastionary/billing/actions/invoicing/settings';
import { unbilledUsage } from '@bastionary/billing/actions/revenue/unbilled-usage';
import { DEFINITIONS } from '@bastionary/billing/rules/revenue/definitions';
import {
  type UnbilledUsageQuery,
  type UnbilledUsageRows,
  unbilledUsageQuery,
  unbilledUsageRows,
} from '@bastionary/contracts/finance-money';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Inject, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import type { Column } from './csv.js';
import { CsvAnswer, type CsvQuery, csvQueryOf } from './csv-answer.js';
import { type Asked, type FinanceList, RowAnswers } from './row-answers.js';

type Row = UnbilledUsageRows['data'][number];
const usageCsv = csvQueryOf(unbilledUsageQuery);
const column = (name: string, kind: Column<Row>['kind'], value: Column<Row>['value']): Column<Row> => ({
  name,
  kind,
  value,
});

/** Usage that no finalized invoice holds yet: composed for the question, since no table holds it. */
@ApiTags('finance')
@Controller('api/finance')
export class UnbilledUsageController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly answers: RowAnswers,
  ) {}

  @Get('unbilled-usage')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Metered charges that no finalized invoice holds yet, the largest first' })
  @ApiOkResponse({ standardSchema: unbilledUsageRows })
  async list(@Query({ schema: unbilledUsageQuery }) query: UnbilledUsageQuery): Promise<UnbilledUsageRows> {
    const asked = await this.answers.ask(query);
    const { answer } = await this.answers.page(await this.listOf(asked, query), { ...query, currency: asked.currency });
    return { ...answer, as_of: toInstant(asked.asOf) };
  }

  @Get('unbilled-usage.csv')
  @Needs('revenue:read')
  @CsvAnswer('Unbilled usage')
  async csv(@Query({ schema: usageCsv }) query: CsvQuery<UnbilledUsageQuery>): Promise<StreamableFile> {
    const asked = await this.answers.ask(query);
    return this.answers.csv(await this.listOf(asked, query), { ...query, currency: asked.currency });
  }

  private async listOf(
    { currency, asOf }: Asked,
    { customer_id }: CsvQuery<UnbilledUsageQuery>,
  ): Promise<FinanceList<UnbilledUsageQuery, Row>> {
    const rows = await unbilledUsage(this.db, currency, asOf, invoicingSettings(this.config), customer_id);
    return {
      name: 'unbilled-usage',
      definition: DEFINITIONS.unbilled_usage,
      columns: [
        column('customer_id', 'text', (row) => row.customer_id),
        column('customer_name', 'text', (row) => row.customer_name),
        column('subscription_id', 'text', (row) => row.subscription_id),
        column('plan', 'text', (row) => row.plan),
        column('price', 'text', (row) => row.price),
        column('meter', 'text', (row) => row.meter),
        column('period_start', 'text', (row) => row.period.start),
        column('period_end', 'text', (row) => row.period.end),
        column('quantity', 'number', (row) => row.quantity),
        column('amount', 'money', (row) => row.amount),
      ],
      rows: () => rows,
    };
  }
}
