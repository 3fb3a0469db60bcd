import {
  type ReceivableInvoicesQuery,
  type ReceivableRows,
  type RevenueLineRows,
  type RevenueLinesQuery,
  receivableInvoicesQuery,
  receivableRows,
  revenueLineRows,
  revenueLinesQuery,
} from '@bastionary/contracts/finance';
import {
  type CashQuery,
  type CashRows,
  cashQuery,
  cashRows,
  type FailedPaymentRows,
  type FailedPaymentsQuery,
  failedPaymentRows,
  failedPaymentsQuery,
  type WalletCustomerRows,
  type WalletCustomersQuery,
  walletCustomerRows,
  walletCustomersQuery,
} from '@bastionary/contracts/finance-money';
import { toInstant } from '@bastionary/contracts/text';
import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { CsvAnswer, type CsvQuery, csvQueryOf } from './csv-answer.js';
import { CASH, FAILED_PAYMENTS, RECEIVABLE_INVOICES, REVENUE_LINES, WALLET_CUSTOMERS } from './lists.js';
import { RowAnswers } from './row-answers.js';

const linesCsv = csvQueryOf(revenueLinesQuery);
const receivablesCsv = csvQueryOf(receivableInvoicesQuery);
const cashCsv = csvQueryOf(cashQuery);
const failedCsv = csvQueryOf(failedPaymentsQuery);
const walletsCsv = csvQueryOf(walletCustomersQuery);

/** The rows behind revenue, receivables, cash, failed payments and wallets; as CSV with `.csv`. */
@ApiTags('finance')
@Controller('api/finance')
export class MoneyListsController {
  constructor(private readonly answers: RowAnswers) {}

  @Get('revenue/lines')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Lines of invoices finalized, voided and credited, net; the newest first' })
  @ApiOkResponse({ standardSchema: revenueLineRows })
  async lines(@Query({ schema: revenueLinesQuery }) query: RevenueLinesQuery): Promise<RevenueLineRows> {
    return (await this.answers.page(REVENUE_LINES, query)).answer;
  }

  @Get('revenue/lines.csv')
  @Needs('revenue:read')
  @CsvAnswer('Lines behind revenue')
  linesCsv(@Query({ schema: linesCsv }) query: CsvQuery<RevenueLinesQuery>): Promise<StreamableFile> {
    return this.answers.csv(REVENUE_LINES, query);
  }

  @Get('receivables/invoices')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Invoices that were open at an instant, the longest overdue first' })
  @ApiOkResponse({ standardSchema: receivableRows })
  async receivables(
    @Query({ schema: receivableInvoicesQuery }) query: ReceivableInvoicesQuery,
  ): Promise<ReceivableRows> {
    const { asked, answer } = await this.answers.page(RECEIVABLE_INVOICES, query);
    return { ...answer, as_of: toInstant(asked.asOf) };
  }

  @Get('receivables/invoices.csv')
  @Needs('revenue:read')
  @CsvAnswer('Open invoices at an instant')
  receivablesCsv(@Query({ schema: receivablesCsv }) query: CsvQuery<ReceivableInvoicesQuery>): Promise<StreamableFile> {
    return this.answers.csv(RECEIVABLE_INVOICES, query);
  }

  @Get('cash')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Payments and refunds, the newest first' })
  @ApiOkResponse({ standardSchema: cashRows })
  async cash(@Query({ schema: cashQuery }) query: CashQuery): Promise<CashRows> {
    return (await this.answers.page(CASH, query)).answer;
  }

  @Get('cash.csv')
  @Needs('revenue:read')
  @CsvAnswer('Payments and refunds')
  cashCsv(@Query({ schema: cashCsv }) query: CsvQuery<CashQuery>): Promise<StreamableFile> {
    return this.answers.csv(CASH, query);
  }

  @Get('failed-payments')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Attempts to collect that failed, the newest first' })
  @ApiOkResponse({ standardSchema: failedPaymentRows })
  async failed(@Query({ schema: failedPaymentsQuery }) query: FailedPaymentsQuery): Promise<FailedPaymentRows> {
    return (await this.answers.page(FAILED_PAYMENTS, query)).answer;
  }

  @Get('failed-payments.csv')
  @Needs('revenue:read')
  @CsvAnswer('Attempts to collect that failed')
  failedCsv(@Query({ schema: failedCsv }) query: CsvQuery<FailedPaymentsQuery>): Promise<StreamableFile> {
    return this.answers.csv(FAILED_PAYMENTS, query);
  }

  @Get('wallets/customers')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'Who has how much in the wallet, the most first' })
  @ApiOkResponse({ standardSchema: walletCustomerRows })
  async wallets(@Query({ schema: walletCustomersQuery }) query: WalletCustomersQuery): Promise<WalletCustomerRows> {
    return (await this.answers.page(WALLET_CUSTOMERS, query)).answer;
  }

  @Get('wallets/customers.csv')
  @Needs('revenue:read')
  @CsvAnswer('Wallets')
  walletsCsv(@Query({ schema: walletsCsv }) query: CsvQuery<WalletCustomersQuery>): Promise<StreamableFile> {
    return this.answers.csv(WALLET_CUSTOMERS, query);
  }
}
