import { invoicingSettings } from '@bastionary/billing/actions/invoicing/settings';
import { mrrBars } from '@bastionary/billing/actions/revenue/mrr-rows';
import { ageing, dunningBoard } from '@bastionary/billing/actions/revenue/receivable-rows';
import { revenueBy } from '@bastionary/billing/actions/revenue/revenue-rows';
import { totalOf } from '@bastionary/billing/actions/revenue/row-list';
import { currenciesOf } from '@bastionary/billing/actions/revenue/spans';
import { expiringSoon, walletCustomers, walletMovements } from '@bastionary/billing/actions/revenue/wallet-rows';
import { DEFINITIONS } from '@bastionary/billing/rules/revenue/definitions';
import {
  type DunningBoard,
  type DunningQuery,
  dunningBoard as dunningBoardBody,
  dunningQuery,
  type FinanceOverview,
  financeOverview,
  type MrrQuery,
  type MrrSeries,
  movementKind,
  mrrQuery,
  mrrSeries,
  type OverviewQuery,
  overviewQuery,
  type Receivables,
  type ReceivablesQuery,
  type RevenueQuery,
  type RevenueTable,
  receivables,
  receivablesQuery,
  revenueQuery,
  revenueTable,
} from '@bastionary/contracts/finance';
import {
  type WalletsSummary,
  type WalletsSummaryQuery,
  walletsSummary,
  walletsSummaryQuery,
} from '@bastionary/contracts/finance-money';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { overviewTiles } from './overview.js';
import { type Asked, RowAnswers } from './row-answers.js';

/** Summaries; the lists behind them have a door of their own. */
@ApiTags('finance')
@Controller('api/finance')
export class FinanceController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly answers: RowAnswers,
  ) {}

  @Get('overview')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'The numbers of a currency, each with its definition and the list behind it' })
  @ApiOkResponse({ standardSchema: financeOverview })
  async overview(@Query({ schema: overviewQuery }) query: OverviewQuery): Promise<FinanceOverview> {
    const asked = await this.answers.ask(query);
    const [currencies, tiles] = await Promise.all([
      currenciesOf(this.db),
      overviewTiles(this.db, asked, asked.now, invoicingSettings(this.config)),
    ]);
    return { currency: asked.currency, currencies, ...toSpan(asked), tiles };
  }

  @Get('mrr')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Monthly recurring revenue by window: start, movements, end' })
  @ApiOkResponse({ standardSchema: mrrSeries })
  async mrr(@Query({ schema: mrrQuery }) query: MrrQuery): Promise<MrrSeries> {
    const asked = await this.answers.ask(query);
    const bars = await mrrBars(this.db, asked, query.window);
    return {
      currency: asked.currency,
      definition: DEFINITIONS.mrr,
      definitions: Object.fromEntries(
        movementKind.options.map((kind) => [kind, DEFINITIONS[kind]]),
      ) as MrrSeries['definitions'],
      ...toSpan(asked),
      window: query.window,
      data: bars.map(({ from, to, customers, ...amounts }) => ({
        from: toInstant(from),
        to: toInstant(to),
        start: String(amounts.start),
        new: String(amounts.new),
        expansion: String(amounts.expansion),
        contraction: String(amounts.contraction),
        churn: String(amounts.churn),
        reactivation: String(amounts.reactivation),
        end: String(amounts.end),
        customers,
      })),
    };
  }

  @Get('revenue')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'What was invoiced, net, by plan, country, customer or month' })
  @ApiOkResponse({ standardSchema: revenueTable })
  async revenue(@Query({ schema: revenueQuery }) query: RevenueQuery): Promise<RevenueTable> {
    const asked = await this.answers.ask(query);
    const data = await revenueBy(this.db, asked, query.by);
    const sum = (of: 'invoiced' | 'taken_back' | 'amount'): string =>
      String(data.reduce((total, row) => total + BigInt(row[of]), 0n));
    return {
      currency: asked.currency,
      definition: DEFINITIONS.revenue,
      ...toSpan(asked),
      by: query.by,
      total: { invoiced: sum('invoiced'), taken_back: sum('taken_back'), amount: sum('amount') },
      data,
    };
  }

  @Get('receivables')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'What was open of invoices at an instant, by days overdue' })
  @ApiOkResponse({ standardSchema: receivables })
  async receivables(@Query({ schema: receivablesQuery }) query: ReceivablesQuery): Promise<Receivables> {
    const { currency, asOf } = await this.answers.ask(query);
    const ages = await ageing(this.db, currency, asOf);
    return { currency, definition: DEFINITIONS.receivables, as_of: toInstant(asOf), ...ages };
  }

  @Get('dunning')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Overdue invoices by step of dunning' })
  @ApiOkResponse({ standardSchema: dunningBoardBody })
  async dunning(@Query({ schema: dunningQuery }) query: DunningQuery): Promise<DunningBoard> {
    const { currency, asOf } = await this.answers.ask(query);
    return { currency, definition: DEFINITIONS.dunning, ...(await dunningBoard(this.db, currency, asOf)) };
  }

  @Get('wallets')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Prepaid money owed to customers, and how it is used up' })
  @ApiOkResponse({ standardSchema: walletsSummary })
  async wallets(@Query({ schema: walletsSummaryQuery }) query: WalletsSummaryQuery): Promise<WalletsSummary> {
    const asked = await this.answers.ask(query);
    const list = walletCustomers(asked.currency, asked.to);
    const [{ rows, amount }, expiring, data] = await Promise.all([
      totalOf(list, this.db),
      expiringSoon(this.db, asked.currency, asked.to),
      walletMovements(this.db, asked, query.window),
    ]);
    return {
      currency: asked.currency,
      definition: DEFINITIONS.wallet_liability,
      ...toSpan(asked),
      balance: String(amount),
      expiring: String(expiring),
      customers: rows,
      data,
    };
  }
}

const toSpan = ({ from, to }: Asked) => ({ from: toInstant(from), to: toInstant(to) });
