import type { InvoicingSettings } from '@bastionary/billing/actions/invoicing/settings';
import { cashRows, failedPayments } from '@bastionary/billing/actions/revenue/cash-rows';
import { movementsByKind, mrrCustomers } from '@bastionary/billing/actions/revenue/mrr-rows';
import { receivablesByOverdue } from '@bastionary/billing/actions/revenue/receivable-rows';
import { retentionSummary } from '@bastionary/billing/actions/revenue/retention-rows';
import { revenueLines } from '@bastionary/billing/actions/revenue/revenue-rows';
import { type RowList, totalOf } from '@bastionary/billing/actions/revenue/row-list';
import { type Scope, spanBefore } from '@bastionary/billing/actions/revenue/spans';
import { unbilledUsage } from '@bastionary/billing/actions/revenue/unbilled-usage';
import { walletCustomers } from '@bastionary/billing/actions/revenue/wallet-rows';
import { DEFINITIONS } from '@bastionary/billing/rules/revenue/definitions';
import type { Tile, TileKey } from '@bastionary/contracts/finance';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';

/** The numbers of a span: stocks as of its end, flows within. */
type Values = Readonly<Record<TileKey, string | null>>;

/**
 * The tiles of the overview. Each is the total of the list that it names, asked with the same words, so that it cannot
 * differ from its rows.
 */
export async function overviewTiles(
  db: Reader,
  scope: Scope,
  now: Date,
  invoicing: InvoicingSettings,
): Promise<Tile[]> {
  const [values, before, unbilled] = await Promise.all([
    valuesOf(db, scope),
    valuesOf(db, spanBefore(scope)),
    unbilledUsage(db, scope.currency, now, invoicing),
  ]);
  // What was unbilled at another time nobody knows: it is told as of now.
  const usage = String((await totalOf(unbilled, db)).amount);
  return (Object.keys(ROWS) as TileKey[]).map((key) => {
    const [path, query] = ROWS[key](scope);
    const search = new URLSearchParams({ currency: scope.currency, ...query });
    return {
      key,
      unit: PERCENT.has(key) ? 'percent' : 'amount',
      value: key === 'unbilled_usage' ? usage : values[key],
      before: before[key],
      definition: DEFINITIONS[key],
      rows: `/api/finance/${path}?${search}`,
      csv: `/api/finance/${path}.csv?${search}`,
    };
  });
}

async function valuesOf(db: Reader, scope: Scope): Promise<Values> {
  const { currency, to } = scope;
  const sum = async (list: RowList<unknown>): Promise<bigint> => (await totalOf(list, db)).amount;
  const [mrr, movements, kept, revenue, receivables, cash, failed, wallets] = await Promise.all([
    sum(mrrCustomers(currency, to)),
    movementsByKind(db, scope),
    retentionSummary(db, scope),
    sum(revenueLines(scope)),
    receivablesByOverdue(db, currency, to),
    sum(cashRows(scope)),
    sum(failedPayments(scope)),
    sum(walletCustomers(currency, to)),
  ]);
  return {
    mrr: String(mrr),
    arr: String(12n * mrr),
    net_new_mrr: String(all(movements)),
    churned_mrr: String(movements.get('churn') ?? 0n),
    logo_churn: kept.logo_churn,
    gross_retention: kept.gross_retention,
    net_retention: kept.net_retention,
    revenue: String(revenue),
    open: String(all(receivables)),
    overdue: String(receivables.get('true') ?? 0n),
    cash: String(cash),
    failed_payments: String(failed),
    unbilled_usage: null,
    wallet_liability: String(wallets),
  };
}

const all = (totals: ReadonlyMap<string, bigint>): bigint => [...totals.values()].reduce((sum, one) => sum + one, 0n);

const PERCENT: ReadonlySet<TileKey> = new Set(['logo_churn', 'gross_retention', 'net_retention']);

type Rows = (scope: Scope) => readonly [path: string, query: Record<string, string>];
const inSpan =
  (path: string, more: Record<string, string> = {}): Rows =>
  ({ from, to }) => [path, { from: toInstant(from), to: toInstant(to), ...more }];
const asOf =
  (path: string, more: Record<string, string> = {}): Rows =>
  ({ to }) => [path, { as_of: toInstant(to), ...more }];

/** The list behind each number. */
const ROWS: Readonly<Record<TileKey, Rows>> = {
  mrr: asOf('mrr/customers'),
  arr: asOf('mrr/customers'),
  net_new_mrr: inSpan('mrr/movements'),
  churned_mrr: inSpan('mrr/movements', { kind: 'churn' }),
  logo_churn: inSpan('retention', { outcome: 'lost' }),
  gross_retention: inSpan('retention'),
  net_retention: inSpan('retention'),
  revenue: inSpan('revenue/lines'),
  open: asOf('receivables/invoices'),
  overdue: asOf('receivables/invoices', { overdue: 'true' }),
  cash: inSpan('cash'),
  failed_payments: inSpan('failed-payments'),
  unbilled_usage: () => ['unbilled-usage', {}],
  wallet_liability: asOf('wallets/customers'),
};
