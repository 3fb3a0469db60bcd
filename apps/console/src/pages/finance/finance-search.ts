import { z } from 'zod';

const words = (length: number) => z.string().max(length).optional().catch(undefined);

/** What every finance page is about: one currency, and a span whose end is not part of it. */
const spanSearch = { currency: words(3), from: words(40), to: words(40) };

export const financeSearch = z.object(spanSearch);
export type FinanceSearch = z.infer<typeof financeSearch>;

export const mrrSearch = z.object({ ...spanSearch, window: words(10) });
export const revenueSearch = z.object({ ...spanSearch, by: words(10) });
export const receivablesSearch = z.object({ currency: words(3), as_of: words(40) });
export const walletsSearch = z.object({ ...spanSearch, window: words(10), cursor: words(512) });

/** Whatever narrows the rows behind a number: the api knows which of them belong to which list. */
export const rowsSearch = z.object({
  ...spanSearch,
  as_of: words(40),
  kind: words(20),
  outcome: words(10),
  plan: words(80),
  country: words(2),
  customer_id: words(64),
  bucket: words(10),
  overdue: words(5),
  dunning_step: words(3),
  cursor: words(512),
});
export type RowsSearch = z.infer<typeof rowsSearch>;
