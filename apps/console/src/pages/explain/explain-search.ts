import type { ExplainRequest } from '@bastionary/contracts/explain';
import { z } from 'zod';

const ASKS = ['token', 'feature', 'quota', 'license'] as const;
export type Ask = (typeof ASKS)[number];

const words = (most: number) => z.string().max(most).optional().catch(undefined);

/** The whole question stands in the address, so that a link asks it again. */
export const explainSearch = z.object({
  client: words(128),
  customer: words(64),
  ask: z.enum(ASKS).optional().catch(undefined),
  /** The scope, the key of the feature or limit, or the id of the licence. */
  about: words(4_000),
  /** Of the machine that a licence is asked about. */
  fingerprint: words(256),
  at: words(64),
});
export type ExplainSearch = z.infer<typeof explainSearch>;

export const toSearch = ({ client_id, customer_id, question, at }: ExplainRequest): ExplainSearch => ({
  ...(client_id !== undefined && { client: client_id }),
  ...(customer_id !== undefined && { customer: customer_id }),
  ...('license' in question && {
    ask: 'license',
    about: question.license,
    ...(question.fingerprint !== undefined && { fingerprint: question.fingerprint }),
  }),
  ...('token' in question && { ask: 'token', about: question.token.scope ?? '' }),
  ...('feature' in question && { ask: 'feature', about: question.feature }),
  ...('quota' in question && { ask: 'quota', about: question.quota }),
  ...(at !== undefined && { at }),
});

/** What the address asks; null while it does not ask anything yet. */
export const toRequest = (search: ExplainSearch): ExplainRequest | null => {
  const { client, customer, ask, about = '', fingerprint, at } = search;
  const when = at === undefined ? {} : { at };
  if (ask === 'license') {
    if (about === '') return null;
    return { question: { license: about, ...(fingerprint !== undefined && { fingerprint }) }, ...when };
  }
  if (ask === undefined || (client === undefined) === (customer === undefined)) return null;
  if (ask === 'token' ? client === undefined : about === '') return null;
  const token = about === '' ? {} : { scope: about };
  const question = ask === 'token' ? { token } : ask === 'feature' ? { feature: about } : { quota: about };
  return {
    ...(client === undefined ? { customer_id: customer } : { client_id: client }),
    question,
    ...when,
  };
};
