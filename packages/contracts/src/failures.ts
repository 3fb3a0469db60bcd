import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { queryText } from './text.js';

/** A refusal at an OAuth2 endpoint with the reason that its answer did not tell. */
export const failure = z
  .object({
    id: z.string(),
    trace_id: z.string().describe('X-Request-Id of the refused answer'),
    at: z.string(),
    endpoint: z.string(),
    client_id: z.string().nullable().describe('Null if the request named no client that exists'),
    scope: z.string().nullable().describe('What it asked for, where it had proven who it is'),
    error: z.string().describe('What the answer said'),
    reason_code: z.string(),
    reason: z.string().describe('What was really wrong'),
    address: z.string().nullable(),
  })
  .meta({ id: 'Failure' });
export type Failure = z.infer<typeof failure>;

export const failureQuery = z.strictObject({
  ...pageQuery,
  client_id: queryText(128).optional(),
  trace_id: queryText(64).optional(),
});
export type FailureQuery = z.infer<typeof failureQuery>;
export const failurePage = page(failure, 'FailurePage');
export type FailurePage = z.infer<typeof failurePage>;
