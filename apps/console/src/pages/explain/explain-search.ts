import type { ExplainRequest } from '@bastionary/contracts/explain';
import { z } from 'zod';

const ASKS = ['token', 'feature', 'quota'] as const;
export type Ask = (typeof ASKS)[number];

const words = (most: number) => z.string().max(most).optional().catch(undefined);

/** The whole question stands in the address, so that a link asks it again. */
export const explainSearch = z.object({
  client: words(128),
  customer: words(64),
  ask: z.enum(ASKS).optional().catch(undefined),
  /** The scope, or the key of the feature or limit. */
  about: words(4_000),
  at: words(64),
});
export type ExplainSearch = z.infer<typeof explainSearch>;

export const toSearch = ({ client_id, customer_id, question, at }: ExplainRequest): ExplainSearch => ({
  ...(client_id === undefined ? { customer: customer_id } : { client: client_id }),
  ...('token' in question && { ask: 'token', about: question.token.scope ?? '' }),
  ...('feature' in question && { ask: 'feature', about: question.feature }),
  ...('quota' in question && { ask: 'quota', about: question.quota }),
  ...(at !== undefined && { at }),
});

/** What the address asks; null while it does not ask anything yet. */
export const toRequest = ({ client, customer, ask, about = '', at }: ExplainSearch): ExplainRequest | null => {
  if (ask === undefined || (client === undefined) === (customer === undefined)) return null;
  if (ask === 'token' ? client === undefined : about === '') return null;
  const token = about === '' ? {} : { scope: about };
  const question = ask === 'token' ? { token } : ask === 'feature' ? { feature: about } : { quota: about };
  return {
    ...(client === undefined ? { customer_id: customer } : { client_id: client }),
    question,
    ...(at !== undefined && { at }),
  };
};
