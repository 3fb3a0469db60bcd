import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { clientId } from './identifiers.js';
import { instant, queryText } from './text.js';

const question = z.union(
  [
    z.strictObject({
      token: z.strictObject({
        scope: queryText(4_000).optional().describe('As at the token endpoint; none: all that the client has'),
      }),
    }),
    z.strictObject({ feature: featureKey }),
    z.strictObject({ quota: featureKey.describe('A limit feature: could one more of it be taken?') }),
    z.strictObject({
      license: queryText(64).describe('Id of a licence: is it valid?'),
      fingerprint: z.string().min(1).max(256).optional().describe('Of a machine: is it valid there?'),
    }),
  ],
  'must be one of {"token": {"scope"}}, {"feature": key}, {"quota": key} and {"license": id, "fingerprint"}',
);
export type ExplainQuestion = z.infer<typeof question>;

export const explainRequest = z
  .strictObject({
    client_id: clientId.optional(),
    customer_id: queryText(64).optional(),
    question,
    at: instant.optional().describe('Default: now. What was true, or what will be as far as it is arranged'),
  })
  .refine(
    ({ client_id, customer_id, question }) =>
      'license' in question ? client_id === undefined : (client_id === undefined) !== (customer_id === undefined),
    {
      error: 'must be there, or customer_id, and not both; of a licence at most the customer_id of its owner',
      path: ['client_id'],
    },
  )
  .refine((body) => !('token' in body.question) || body.client_id !== undefined, {
    error: 'must be there: it is clients that ask for tokens',
    path: ['client_id'],
  })
  .meta({
    id: 'ExplainRequest',
    example: { client_id: 'my_client_id', question: { token: { scope: 'read' } } },
  });
export type ExplainRequest = z.infer<typeof explainRequest>;

/** One fact on the way to the answer. */
export const explainStep = z
  .object({
    step: z.string().describe('Stable name of what was looked at'),
    fact: z.string(),
    id: z.string().nullable().describe('The row it comes from'),
    result: z
      .enum(['allows', 'denies', 'informs'])
      .describe('One that denies is enough for a no; informs: it decides nothing by itself'),
  })
  .meta({ id: 'ExplainStep' });
export type ExplainStep = z.infer<typeof explainStep>;

/** A request to this management API. */
const changeRequest = z.object({
  method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string(),
  body: z.record(z.string(), z.json()).nullable(),
});

const change = z.object({
  act: z.enum([
    'update_client',
    'update_credential',
    'add_credential',
    'resume_customer',
    'set_override',
    'delete_override',
    'pay_invoice',
    'update_subscription',
    'reinstate_license',
    'renew_license',
    'update_license',
    'check_in_license',
    'activate_machine',
    'deactivate_machine',
    'ping_machine',
  ]),
  target: z
    .string()
    .describe(
      'What is changed: the id of a client, a credential, a customer, an override, an invoice, a subscription, a licence or a machine',
    ),
  detail: z.string(),
  request: changeRequest.nullable().describe('What to send; null where a person must add what nobody here knows'),
});
export type ExplainChange = z.infer<typeof change>;

export const explanation = z
  .object({
    allowed: z.boolean(),
    chain: z
      .array(explainStep)
      .describe(
        'client → customer → subscription → invoice → plan version → override → quota; of a licence: licence → customer → suspension → expiry → check-in → machine → limits',
      ),
    smallest_change: change
      .extend({ also: z.array(change).describe('What must be done besides, in this order; mostly nothing') })
      .nullable()
      .describe('What would turn a no; null if the answer is yes, lies in the past, or nothing here can turn it'),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof explanation>;
