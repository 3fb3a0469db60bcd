import { z } from 'zod';
import { currency } from './customers.js';
import { instant, queryText } from './text.js';
import { EVENT_NAMES } from './usage.js';

/** `GET /api/ledger.csv` */
export const journalQuery = z.strictObject({
  currency: currency.optional(),
  account: z
    .string()
    .regex(/^[a-z_]{1,40}$/, 'must be an account such as receivable')
    .optional(),
  customer_id: queryText(64).optional(),
  from: instant.optional(),
  to: instant.optional().describe('Exclusive'),
});
export type JournalQuery = z.infer<typeof journalQuery>;

/** `GET /api/usage/events.csv`: a span is needed, since events are many. */
export const eventsCsvQuery = z.strictObject({
  customer_id: queryText(64).optional(),
  type: queryText(EVENT_NAMES.type).optional(),
  from: instant.describe('Not before this time; of the event'),
  to: instant.describe('Before this time'),
});
export type EventsCsvQuery = z.infer<typeof eventsCsvQuery>;
