import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { clientId } from './identifiers.js';
import { instant } from './text.js';

export const explainRequest = z
  .strictObject({
    client_id: clientId.optional(),
    customer_id: z.string().max(64).optional(),
    question: z.union([
      z.strictObject({ token: z.strictObject({ scope: z.string().max(4_000) }) }),
      z.strictObject({ feature: featureKey }),
      z.strictObject({ quota: featureKey }),
    ]),
    at: instant.optional(),
  })
  .refine((body) => (body.client_id === undefined) !== (body.customer_id === undefined), {
    error: 'names either a client or a customer',
    path: ['client_id'],
  })
  .meta({ id: 'ExplainRequest' });
export type ExplainRequest = z.infer<typeof explainRequest>;

/** One fact on the way to the answer. `id` names the row it comes from. */
export const explainStep = z
  .object({
    step: z.string(),
    fact: z.string(),
    id: z.string().nullable(),
    result: z.enum(['allows', 'denies', 'informs']),
  })
  .meta({ id: 'ExplainStep' });
export type ExplainStep = z.infer<typeof explainStep>;

export const explanation = z
  .object({
    allowed: z.boolean(),
    chain: z.array(explainStep),
    smallest_change: z
      .object({
        act: z.string(),
        target: z.string(),
        detail: z.string(),
        request: z.record(z.string(), z.json()).nullable(),
      })
      .nullable()
      .describe('What would turn the answer; null if it is yes, or nothing here can'),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanation>;
