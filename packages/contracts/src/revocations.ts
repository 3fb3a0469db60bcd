import { z } from 'zod';
import { instant } from './text.js';

export const revocationKind = z.enum(['installation', 'client', 'credential', 'resource', 'signing_key']);
export type RevocationKind = z.infer<typeof revocationKind>;
/** What tokens can be cut off by: all of these, and the refresh family they come from. */
export type NotBeforeKind = RevocationKind | 'family';

export const revocationRequest = z
  .strictObject({
    by: revocationKind,
    id: z.string().min(1).max(500).optional().describe('client_id, credential id, resource identifier or kid'),
    before: instant.optional().describe('Tokens issued before this instant die; default: now'),
  })
  .refine((body) => (body.by === 'installation') === (body.id === undefined), {
    error: 'names what to revoke by; it is left out for the whole installation only',
    path: ['id'],
  })
  .meta({ id: 'RevocationRequest' });
export type RevocationRequest = z.infer<typeof revocationRequest>;

export const revocationQuery = z.strictObject({ dry_run: z.stringbool().default(false) });

export const revocationResult = z
  .object({
    hits: z.string().describe('Live tokens it hits, counted to the minute. Decimal integer'),
    not_before: z.string().describe('What holds now for these tokens: the latest of all revocations of this kind'),
    applied: z.boolean().describe('False for a dry run'),
  })
  .meta({ id: 'RevocationResult' });
export type RevocationResult = z.infer<typeof revocationResult>;
