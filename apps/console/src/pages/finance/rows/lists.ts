import {
  movementRows,
  mrrCustomerRows,
  receivableRows,
  retentionRows,
  revenueLineRows,
} from '@bastionary/contracts/finance';
import {
  cashRows,
  failedPaymentRows,
  unbilledUsageRows,
  walletCustomerRows,
} from '@bastionary/contracts/finance-money';
import type { z } from 'zod';

/** The lists behind the numbers: where the api answers them, and what they are called here. */
const list = <Schema extends z.ZodType>(title: string, path: string, schema: Schema) => ({ title, path, schema });

export const LISTS = {
  'mrr-customers': list('MRR by customer', 'mrr/customers', mrrCustomerRows),
  'mrr-movements': list('MRR movements', 'mrr/movements', movementRows),
  retention: list('Retention', 'retention', retentionRows),
  'revenue-lines': list('Revenue, line by line', 'revenue/lines', revenueLineRows),
  receivables: list('Open invoices', 'receivables/invoices', receivableRows),
  cash: list('Cash', 'cash', cashRows),
  'failed-payments': list('Failed payments', 'failed-payments', failedPaymentRows),
  'unbilled-usage': list('Unbilled usage', 'unbilled-usage', unbilledUsageRows),
  wallets: list('Wallets', 'wallets/customers', walletCustomerRows),
} as const;
export type ListName = keyof typeof LISTS;

export const isListName = (name: string): name is ListName => Object.hasOwn(LISTS, name);

/** The page of the rows that the api names behind a number, `/api/finance/cash?currency=EUR`; null for one not known. */
export const linkToRows = (rows: string): { list: ListName; search: Record<string, string> } | null => {
  const { pathname, searchParams } = new URL(rows, 'http://console.invalid');
  const path = pathname.replace(/^\/api\/finance\//, '');
  const found = Object.entries(LISTS).find(([, each]) => each.path === path);
  return found ? { list: found[0] as ListName, search: Object.fromEntries(searchParams) } : null;
};
