import { z } from 'zod';
import { queryText } from './text.js';

/** What can be found, in the order in which it is answered. */
const searchKind = z.enum([
  'customer',
  'client',
  'subscription',
  'invoice',
  'license',
  'plan',
  'feature',
  'meter',
  'resource',
  'webhook',
  'operator',
  'refused_request',
]);
export type SearchKind = z.infer<typeof searchKind>;

export const searchQuery = z.strictObject({
  q: queryText(200)
    .transform((text) => text.trim())
    .pipe(z.string().min(2, 'must have at least 2 characters'))
    .describe('Part of a name, or an id; of customers and subscriptions also the beginning of one'),
  limit: z.coerce.number().int().min(1).max(10).default(5).describe('At most so many of each kind'),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const searchHit = z
  .object({
    kind: searchKind,
    id: z.string().describe('What its own route takes; of a refused request its trace id'),
    name: z.string(),
    detail: z.string().nullable().describe('What tells it from others of the same name'),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof searchHit>;

export const searchResult = z.object({ data: z.array(searchHit) }).meta({ id: 'SearchResult' });
export type SearchResult = z.infer<typeof searchResult>;
