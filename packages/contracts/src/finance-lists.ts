import { z } from 'zod';
import { currency } from './customers.js';
import { instant } from './text.js';

/** Of finance, where an amount can also be negative. */
export const signedAmount = z.string().describe('In minor units of the currency, signed');
export const definition = z.string().describe('What the number is, in words that screens show beside it');
export const span = { from: z.string(), to: z.string() };

/** Every question is about one currency; without one, about that of most customers. Amounts of two are never added. */
export const ofCurrency = { currency: currency.optional().describe('Default: the currency of most customers') };
export const ofSpan = {
  from: instant.optional().describe('Default: the first of the month of `to`, in UTC'),
  to: instant.optional().describe('Exclusive. Default: now'),
};
export const asOf = { as_of: instant.optional().describe('As it was then. Default: now') };

export const who = { customer_id: z.string(), customer_name: z.string() };

/**
 * The rows behind a number: the sum over all pages is `total.amount`, and that is the number on the screen. The same path
 * with `.csv`, and the same query without `limit` and `cursor`, answers all of them as CSV.
 */
export const rows = <Row extends z.ZodType>(row: Row, id: string) =>
  z
    .object({
      currency: z.string(),
      definition,
      total: z.object({ rows: z.int(), amount: signedAmount }),
      data: z.array(row),
      next_cursor: z.string().nullable(),
    })
    .meta({ id });
