import { z } from 'zod';
import { asOf, definition, ofCurrency, ofSpan, rows, signedAmount, span, who } from './finance-lists.js';
import { pageQuery } from './page.js';
import { planReference } from './plans.js';
import { queryText } from './text.js';

// Overview

export const tileKey = z.enum([
  'mrr',
  'arr',
  'net_new_mrr',
  'churned_mrr',
  'logo_churn',
  'gross_retention',
  'net_retention',
  'revenue',
  'open',
  'overdue',
  'cash',
  'failed_payments',
  'unbilled_usage',
  'wallet_liability',
]);
export type TileKey = z.infer<typeof tileKey>;

export const tile = z
  .object({
    key: tileKey,
    unit: z.enum(['amount', 'percent']),
    value: z
      .string()
      .nullable()
      .describe('Minor units, or percent with two decimals; null: there is nothing to measure'),
    before: z.string().nullable().describe('The same for the span of equal length before; null: not told'),
    definition,
    rows: z.string().describe('The list behind it: path and query'),
    csv: z.string().describe('The same rows as CSV'),
  })
  .meta({ id: 'FinanceTile' });
export type Tile = z.infer<typeof tile>;

/** `GET /api/finance/overview`: stocks as of `to`, flows of the span. */
export const overviewQuery = z.strictObject({ ...ofCurrency, ...ofSpan });
export type OverviewQuery = z.infer<typeof overviewQuery>;
export const financeOverview = z
  .object({
    currency: z.string(),
    currencies: z.array(z.string()).describe('Those of customers, most customers first'),
    ...span,
    tiles: z.array(tile),
  })
  .meta({ id: 'FinanceOverview' });
export type FinanceOverview = z.infer<typeof financeOverview>;

// MRR

export const movementKind = z.enum(['new', 'expansion', 'contraction', 'churn', 'reactivation']);
export type MovementKind = z.infer<typeof movementKind>;

/** `GET /api/finance/mrr`: the waterfall. In every window start + new + … + reactivation = end. */
export const mrrQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  window: z.enum(['day', 'week', 'month', 'quarter', 'year']).default('month'),
});
export type MrrQuery = z.infer<typeof mrrQuery>;
export const mrrSeries = z
  .object({
    currency: z.string(),
    definition,
    definitions: z.record(movementKind, z.string()),
    ...span,
    window: mrrQuery.shape.window.unwrap(),
    data: z.array(
      z.object({
        ...span,
        start: signedAmount,
        new: signedAmount,
        expansion: signedAmount,
        contraction: signedAmount,
        churn: signedAmount,
        reactivation: signedAmount,
        end: signedAmount,
        customers: z.int().describe('With MRR at the end'),
      }),
    ),
  })
  .meta({ id: 'MrrSeries' });
export type MrrSeries = z.infer<typeof mrrSeries>;

/** `GET /api/finance/mrr/movements` (and `.csv`): who, why, when, how much. */
export const movementsQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  ...pageQuery,
  kind: movementKind.optional(),
  customer_id: queryText(64).optional(),
});
export type MovementsQuery = z.infer<typeof movementsQuery>;
export const mrrMovement = z.object({
  at: z.string().describe('When it took effect'),
  recorded_at: z.string().describe('When it was written down or arranged'),
  ...who,
  subscription_id: z.string(),
  kind: movementKind,
  reason: z.string().describe('What happened: an event such as subscription.canceled'),
  terms: z.string().describe('What the subscription is on from then: key@version × quantity'),
  amount: signedAmount,
  before: signedAmount.describe('MRR of the subscription'),
  after: signedAmount,
});
export const movementRows = rows(mrrMovement, 'MrrMovements');
export type MovementRows = z.infer<typeof movementRows>;

/** `GET /api/finance/mrr/customers` (and `.csv`): MRR of every customer at an instant. */
export const mrrCustomersQuery = z.strictObject({ ...ofCurrency, ...asOf, ...pageQuery });
export type MrrCustomersQuery = z.infer<typeof mrrCustomersQuery>;
export const mrrCustomer = z.object({
  ...who,
  country: z.string().nullable(),
  subscriptions: z.int(),
  terms: z.string(),
  amount: signedAmount,
});
export const mrrCustomerRows = rows(mrrCustomer, 'MrrCustomers');
export type MrrCustomerRows = z.infer<typeof mrrCustomerRows>;

/** `GET /api/finance/retention` (and `.csv`): whoever had MRR at `from`, and what became of it by `to`. */
export const retentionQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  ...pageQuery,
  outcome: z.enum(['lost', 'less', 'same', 'more']).optional(),
});
export type RetentionQuery = z.infer<typeof retentionQuery>;
export const retentionRow = z.object({
  ...who,
  outcome: z.enum(['lost', 'less', 'same', 'more']),
  start: signedAmount,
  end: signedAmount,
  amount: signedAmount.describe('end - start'),
});
export const retentionRows = rows(retentionRow, 'Retention').extend({
  ...span,
  summary: z.object({
    customers: z.int(),
    lost: z.int(),
    start: signedAmount,
    end: signedAmount,
    kept: signedAmount.describe('Of `start`, without what grew'),
    logo_churn: z.string().nullable().describe('Percent'),
    gross_retention: z.string().nullable(),
    net_retention: z.string().nullable(),
  }),
});
export type RetentionRows = z.infer<typeof retentionRows>;

// Revenue

/** `GET /api/finance/revenue`: what was invoiced, by plan, country, customer or month. */
export const revenueQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  by: z.enum(['plan', 'country', 'customer', 'month']).default('plan'),
});
export type RevenueQuery = z.infer<typeof revenueQuery>;
export const revenueTable = z
  .object({
    currency: z.string(),
    definition,
    ...span,
    by: revenueQuery.shape.by.unwrap(),
    total: z.object({ invoiced: signedAmount, taken_back: signedAmount, amount: signedAmount }),
    data: z.array(
      z.object({
        key: z.string().nullable().describe('Plan key, country, customer id or month; null: none'),
        label: z.string(),
        invoiced: signedAmount,
        taken_back: signedAmount.describe('By credit notes and voiding: not positive'),
        amount: signedAmount.describe('invoiced + taken_back'),
        rows: z.int(),
      }),
    ),
  })
  .meta({ id: 'RevenueTable' });
export type RevenueTable = z.infer<typeof revenueTable>;

/** `GET /api/finance/revenue/lines` (and `.csv`): the lines behind it. An empty `plan` or `country` asks for those without. */
export const revenueLinesQuery = z.strictObject({
  ...ofCurrency,
  ...ofSpan,
  ...pageQuery,
  plan: z.union([z.literal(''), planReference]).optional(),
  country: queryText(2).optional(),
  customer_id: queryText(64).optional(),
});
export type RevenueLinesQuery = z.infer<typeof revenueLinesQuery>;
export const revenueLine = z.object({
  at: z.string().describe('Finalized, voided or credited'),
  kind: z.enum(['invoice', 'void', 'credit_note']),
  number: z.string(),
  invoice_id: z.string(),
  ...who,
  country: z.string().nullable(),
  plan: z.string().nullable().describe('key@version'),
  price: z.string().nullable(),
  description: z.string(),
  amount: signedAmount,
});
export const revenueLineRows = rows(revenueLine, 'RevenueLines');
export type RevenueLineRows = z.infer<typeof revenueLineRows>;

// Receivables

export const ageBucket = z.enum(['not_due', '1_30', '31_60', '61_90', 'over_90']);
export type AgeBucket = z.infer<typeof ageBucket>;

/** `GET /api/finance/receivables`: what was open at an instant, by days overdue. */
export const receivablesQuery = z.strictObject({ ...ofCurrency, ...asOf });
export type ReceivablesQuery = z.infer<typeof receivablesQuery>;
export const receivables = z
  .object({
    currency: z.string(),
    definition,
    as_of: z.string(),
    total: z.object({ invoices: z.int(), amount: signedAmount, overdue: signedAmount }),
    buckets: z.array(z.object({ bucket: ageBucket, label: z.string(), invoices: z.int(), amount: signedAmount })),
  })
  .meta({ id: 'Receivables' });
export type Receivables = z.infer<typeof receivables>;

/** `GET /api/finance/receivables/invoices` (and `.csv`), the longest overdue first. */
export const receivableInvoicesQuery = z.strictObject({
  ...ofCurrency,
  ...asOf,
  ...pageQuery,
  bucket: ageBucket.optional(),
  overdue: z.stringbool().optional(),
  dunning_step: z.coerce.number().int().min(0).max(100).optional().describe('As it stands now'),
  customer_id: queryText(64).optional(),
});
export type ReceivableInvoicesQuery = z.infer<typeof receivableInvoicesQuery>;
export const receivableInvoice = z.object({
  invoice_id: z.string(),
  number: z.string(),
  ...who,
  finalized_at: z.string(),
  due_at: z.string(),
  days_overdue: z.int().describe('Whole days since it was due; 0: not overdue'),
  bucket: ageBucket,
  total: signedAmount.describe('As invoiced'),
  amount: signedAmount.describe('Still open then'),
  dunning_step: z.int(),
  next_dunning_at: z.string().nullable(),
});
export const receivableRows = rows(receivableInvoice, 'ReceivableInvoices').extend({ as_of: z.string() });
export type ReceivableRows = z.infer<typeof receivableRows>;

/** `GET /api/finance/dunning`: the board, a column per step; its cards are `receivables/invoices?overdue=true&dunning_step=`. */
export const dunningQuery = z.strictObject(ofCurrency);
export type DunningQuery = z.infer<typeof dunningQuery>;
export const dunningBoard = z
  .object({
    currency: z.string(),
    definition,
    total: z.object({ invoices: z.int(), amount: signedAmount }),
    data: z.array(
      z.object({ step: z.int().describe('Steps done; 0: overdue, none yet'), invoices: z.int(), amount: signedAmount }),
    ),
  })
  .meta({ id: 'DunningBoard' });
export type DunningBoard = z.infer<typeof dunningBoard>;
