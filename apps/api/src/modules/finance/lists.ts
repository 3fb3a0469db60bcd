import { cashRows, failedPayments } from '@bastionary/billing/actions/revenue/cash-rows';
import { mrrCustomers, mrrMovements } from '@bastionary/billing/actions/revenue/mrr-rows';
import { receivableInvoices } from '@bastionary/billing/actions/revenue/receivable-rows';
import { retention } from '@bastionary/billing/actions/revenue/retention-rows';
import { revenueLines } from '@bastionary/billing/actions/revenue/revenue-rows';
import { walletCustomers } from '@bastionary/billing/actions/revenue/wallet-rows';
import { DEFINITIONS } from '@bastionary/billing/rules/revenue/definitions';
import type {
  MovementRows,
  MovementsQuery,
  MrrCustomerRows,
  MrrCustomersQuery,
  ReceivableInvoicesQuery,
  ReceivableRows,
  RetentionQuery,
  RetentionRows,
  RevenueLineRows,
  RevenueLinesQuery,
} from '@bastionary/contracts/finance';
import type {
  CashQuery,
  CashRows,
  FailedPaymentRows,
  FailedPaymentsQuery,
  WalletCustomerRows,
  WalletCustomersQuery,
} from '@bastionary/contracts/finance-money';
import { columnsOf } from './csv.js';
import type { FinanceList } from './row-answers.js';

type RowOf<Rows extends { data: unknown[] }> = Rows['data'][number];

export const MRR_CUSTOMERS: FinanceList<MrrCustomersQuery, RowOf<MrrCustomerRows>> = {
  name: 'mrr-customers',
  definition: DEFINITIONS.mrr,
  columns: columnsOf({
    customer_id: 'text',
    customer_name: 'text',
    country: 'text',
    subscriptions: 'number',
    terms: 'text',
    amount: 'money',
  }),
  rows: ({ currency, asOf }) => mrrCustomers(currency, asOf),
};

export const MRR_MOVEMENTS: FinanceList<MovementsQuery, RowOf<MovementRows>> = {
  name: 'mrr-movements',
  definition: DEFINITIONS.net_new_mrr,
  columns: columnsOf({
    at: 'text',
    recorded_at: 'text',
    kind: 'text',
    customer_id: 'text',
    customer_name: 'text',
    subscription_id: 'text',
    reason: 'text',
    terms: 'text',
    before: 'money',
    after: 'money',
    amount: 'money',
  }),
  rows: (asked, { kind, customer_id: customerId }) => mrrMovements(asked, { kind, customerId }),
};

export const RETENTION: FinanceList<RetentionQuery, RowOf<RetentionRows>> = {
  name: 'retention',
  definition: DEFINITIONS.net_retention,
  columns: columnsOf({
    customer_id: 'text',
    customer_name: 'text',
    outcome: 'text',
    start: 'money',
    end: 'money',
    amount: 'money',
  }),
  rows: (asked, { outcome }) => retention(asked, outcome),
};

export const REVENUE_LINES: FinanceList<RevenueLinesQuery, RowOf<RevenueLineRows>> = {
  name: 'revenue-lines',
  definition: DEFINITIONS.revenue,
  columns: columnsOf({
    at: 'text',
    kind: 'text',
    number: 'text',
    invoice_id: 'text',
    customer_id: 'text',
    customer_name: 'text',
    country: 'text',
    plan: 'text',
    price: 'text',
    description: 'text',
    amount: 'money',
  }),
  rows: (asked, { plan, country, customer_id: customerId }) => revenueLines(asked, { plan, country, customerId }),
};

export const RECEIVABLE_INVOICES: FinanceList<ReceivableInvoicesQuery, RowOf<ReceivableRows>> = {
  name: 'receivables',
  definition: DEFINITIONS.receivables,
  columns: columnsOf({
    invoice_id: 'text',
    number: 'text',
    customer_id: 'text',
    customer_name: 'text',
    finalized_at: 'text',
    due_at: 'text',
    days_overdue: 'number',
    bucket: 'text',
    dunning_step: 'number',
    total: 'money',
    amount: 'money',
  }),
  rows: ({ currency, asOf }, { bucket, overdue, dunning_step: dunningStep, customer_id: customerId }) =>
    receivableInvoices(currency, asOf, { bucket, overdue, dunningStep, customerId }),
};

export const CASH: FinanceList<CashQuery, RowOf<CashRows>> = {
  name: 'cash',
  definition: DEFINITIONS.cash,
  columns: columnsOf({
    id: 'text',
    at: 'text',
    kind: 'text',
    customer_id: 'text',
    customer_name: 'text',
    invoice_id: 'text',
    invoice_number: 'text',
    provider: 'text',
    reference: 'text',
    amount: 'money',
  }),
  rows: (asked, { kind, customer_id: customerId }) => cashRows(asked, { kind, customerId }),
};

export const FAILED_PAYMENTS: FinanceList<FailedPaymentsQuery, RowOf<FailedPaymentRows>> = {
  name: 'failed-payments',
  definition: DEFINITIONS.failed_payments,
  columns: columnsOf({
    at: 'text',
    customer_id: 'text',
    customer_name: 'text',
    invoice_id: 'text',
    invoice_number: 'text',
    provider: 'text',
    reason: 'text',
    status: 'text',
    amount: 'money',
  }),
  rows: (asked, { customer_id: customerId }) => failedPayments(asked, customerId),
};

export const WALLET_CUSTOMERS: FinanceList<WalletCustomersQuery, RowOf<WalletCustomerRows>> = {
  name: 'wallets',
  definition: DEFINITIONS.wallet_liability,
  columns: columnsOf({
    customer_id: 'text',
    customer_name: 'text',
    next_expiry: 'text',
    expiring: 'money',
    amount: 'money',
  }),
  rows: ({ currency, asOf }) => walletCustomers(currency, asOf),
};
