import {
  creditNoteRows,
  invoiceRows,
  journalRows,
  paymentRows,
} from '@bastionary/billing/actions/revenue/document-rows';
import { acceptedEventRows } from '@bastionary/billing/actions/revenue/event-rows';
import type { RowList } from '@bastionary/billing/actions/revenue/row-list';
import {
  type EventsCsvQuery,
  eventsCsvQuery,
  type JournalQuery,
  journalQuery,
} from '@bastionary/contracts/finance-exports';
import {
  type CreditNoteListQuery,
  creditNoteListQuery,
  type InvoiceListQuery,
  invoiceListQuery,
  type PaymentListQuery,
  paymentListQuery,
} from '@bastionary/contracts/invoices';
import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { columnsOf } from './csv.js';
import { CsvAnswer, type CsvQuery, csvQueryOf } from './csv-answer.js';
import { CsvExport } from './csv-export.js';

const invoicesCsv = csvQueryOf(invoiceListQuery);
const paymentsCsv = csvQueryOf(paymentListQuery);
const creditNotesCsv = csvQueryOf(creditNoteListQuery);

type RowOf<List> = List extends RowList<infer Row> ? Row : never;
const currencyOf = ({ currency }: { currency: string }): string => currency;

const INVOICES = columnsOf<RowOf<ReturnType<typeof invoiceRows>>>({
  id: 'text',
  number: 'text',
  status: 'text',
  scope: 'text',
  customer_id: 'text',
  customer_name: 'text',
  country: 'text',
  subscription_id: 'text',
  period_start: 'text',
  period_end: 'text',
  created_at: 'text',
  finalized_at: 'text',
  due_at: 'text',
  paid_at: 'text',
  voided_at: 'text',
  uncollectible_at: 'text',
  dunning_step: 'number',
  subtotal: 'money',
  discount: 'money',
  tax: 'money',
  total: 'money',
  credits_applied: 'money',
  amount_paid: 'money',
  amount_credited: 'money',
  amount_due: 'money',
});
const PAYMENTS = columnsOf<RowOf<ReturnType<typeof paymentRows>>>({
  id: 'text',
  customer_id: 'text',
  customer_name: 'text',
  invoice_id: 'text',
  invoice_number: 'text',
  provider: 'text',
  reference: 'text',
  received_at: 'text',
  created_at: 'text',
  amount: 'money',
  refunded: 'money',
});
const CREDIT_NOTES = columnsOf<RowOf<ReturnType<typeof creditNoteRows>>>({
  id: 'text',
  number: 'text',
  invoice_id: 'text',
  invoice_number: 'text',
  customer_id: 'text',
  customer_name: 'text',
  created_at: 'text',
  reason: 'text',
  subtotal: 'money',
  tax: 'money',
  total: 'money',
  to_invoice: 'money',
  to_refund: 'money',
  to_wallet: 'money',
});
const JOURNAL = columnsOf<RowOf<ReturnType<typeof journalRows>>>({
  entry_id: 'number',
  transaction_id: 'text',
  at: 'text',
  kind: 'text',
  source: 'text',
  account: 'text',
  customer_id: 'text',
  customer_name: 'text',
  invoice_id: 'text',
  invoice_number: 'text',
  amount: 'money',
});
const EVENTS = columnsOf<RowOf<ReturnType<typeof acceptedEventRows>>>({
  time: 'text',
  recorded_at: 'text',
  source: 'text',
  id: 'text',
  type: 'text',
  customer_id: 'text',
  customer_name: 'text',
  subject: 'text',
  client_id: 'text',
  sent_by: 'text',
  data: 'text',
});

/** Documents, the journal and usage as CSV, with the filters of their lists; the newest first. */
@Controller('api')
export class ExportsController {
  constructor(private readonly exports: CsvExport) {}

  @Get('invoices.csv')
  @ApiTags('invoices')
  @Needs('invoices:read')
  @CsvAnswer('Invoices')
  invoices(@Query({ schema: invoicesCsv }) query: CsvQuery<InvoiceListQuery>): StreamableFile {
    return this.exports.answer('invoices', invoiceRows(query, new Date()), INVOICES, currencyOf);
  }

  @Get('payments.csv')
  @ApiTags('invoices')
  @Needs('invoices:read')
  @CsvAnswer('Payments')
  payments(@Query({ schema: paymentsCsv }) query: CsvQuery<PaymentListQuery>): StreamableFile {
    return this.exports.answer('payments', paymentRows(query), PAYMENTS, currencyOf);
  }

  @Get('credit-notes.csv')
  @ApiTags('invoices')
  @Needs('invoices:read')
  @CsvAnswer('Credit notes')
  creditNotes(@Query({ schema: creditNotesCsv }) query: CsvQuery<CreditNoteListQuery>): StreamableFile {
    return this.exports.answer('credit-notes', creditNoteRows(query), CREDIT_NOTES, currencyOf);
  }

  @Get('ledger.csv')
  @ApiTags('finance')
  @Needs('revenue:read')
  @CsvAnswer('The journal: entries of the books, debit positive, credit negative')
  ledger(@Query({ schema: journalQuery }) query: JournalQuery): StreamableFile {
    return this.exports.answer('ledger', journalRows(query), JOURNAL, currencyOf);
  }

  @Get('usage/events.csv')
  @ApiTags('usage')
  @Needs('usage:read')
  @CsvAnswer('Accepted usage events')
  events(@Query({ schema: eventsCsvQuery }) query: EventsCsvQuery): StreamableFile {
    return this.exports.answer('usage-events', acceptedEventRows(query), EVENTS, () => '');
  }
}
