import {
  type DunningQuery,
  dunningBoard,
  financeOverview,
  type MrrQuery,
  mrrSeries,
  type OverviewQuery,
  type ReceivablesQuery,
  type RevenueQuery,
  receivables,
  revenueTable,
} from '@bastionary/contracts/finance';
import type { JournalQuery } from '@bastionary/contracts/finance-exports';
import { type WalletsSummaryQuery, walletsSummary } from '@bastionary/contracts/finance-money';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import { fetchJson } from './http';

const PATH = '/api/finance';
/** As they stand in the address: all parameters are texts. */
type Texts<Query> = { [Name in keyof Query]?: string | number | undefined };

/** Stands in addresses for rows without a plan or a country, which the api is asked for by an empty text. */
export const WITHOUT = '-';

type Filter = Record<string, string | number | undefined>;

const queryString = (filter: Filter) => {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (set.length === 0) return '';
  return `?${new URLSearchParams(set.map(([name, value]) => [name, value === WITHOUT ? '' : String(value)]))}`;
};

const financeQuery = <Schema extends z.ZodType>(schema: Schema, path: string, filter: Filter) =>
  queryOptions({
    queryKey: ['revenue', path, filter],
    queryFn: ({ signal }) => fetchJson(schema, `${PATH}/${path}${queryString(filter)}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const financeOverviewQuery = (filter: Texts<OverviewQuery>) => financeQuery(financeOverview, 'overview', filter);
export const mrrSeriesQuery = (filter: Texts<MrrQuery>) => financeQuery(mrrSeries, 'mrr', filter);
export const revenueTableQuery = (filter: Texts<RevenueQuery>) => financeQuery(revenueTable, 'revenue', filter);
export const receivablesQuery = (filter: Texts<ReceivablesQuery>) => financeQuery(receivables, 'receivables', filter);
export const dunningQuery = (filter: Texts<DunningQuery>) => financeQuery(dunningBoard, 'dunning', filter);
export const walletsSummaryQuery = (filter: Texts<WalletsSummaryQuery>) =>
  financeQuery(walletsSummary, 'wallets', filter);

/** A page of the rows behind a number. */
export const financeRowsQuery = <Schema extends z.ZodType>(schema: Schema, path: string, filter: Filter) =>
  financeQuery(schema, path, { limit: 25, ...filter });

/** All of them as CSV: the same path and query, without the page. */
export const financeCsv = (path: string, filter: Filter) => `${PATH}/${path}.csv${queryString(filter)}`;

/** The entries of the books, as CSV. */
export const ledgerCsv = (filter: JournalQuery) => `/api/ledger.csv${queryString(filter)}`;
