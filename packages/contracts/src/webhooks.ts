import { z } from 'zod';
import { eventPattern } from './events.js';
import { page, pageQuery } from './page.js';
import { instant, text } from './text.js';

const url = z
  .url({ protocol: /^https?$/, error: 'must be an https URL' })
  .max(2_000)
  .refine((value) => URL.canParse(value), { error: 'must be an https URL', abort: true })
  .refine((value) => {
    const { username, password, hash } = new URL(value);
    return username === '' && password === '' && hash === '';
  }, 'must have no user name and no fragment');

const eventTypes = z
  .array(eventPattern)
  .min(1, 'must name at least one type; * stands for all')
  .max(100)
  .describe('Types such as client.created, families such as client.*, or *');

export const createWebhookRequest = z
  .strictObject({
    url,
    event_types: eventTypes.default(['*']),
    description: text(200).nullish(),
    enabled: z.boolean().default(true),
  })
  .meta({
    id: 'CreateWebhookRequest',
    example: { url: 'https://example.com/webhooks', event_types: ['client.*', 'signing_key.rotated'] },
  });
export type CreateWebhookRequest = z.infer<typeof createWebhookRequest>;

export const updateWebhookRequest = z
  .strictObject({
    url: url.optional(),
    event_types: eventTypes.optional(),
    description: text(200).nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change at least one of url, event_types, description, enabled')
  .meta({ id: 'UpdateWebhookRequest' });
export type UpdateWebhookRequest = z.infer<typeof updateWebhookRequest>;

export const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.string()),
    enabled: z.boolean(),
    disabled_reason: z
      .enum(['operator', 'failing', 'gone'])
      .nullable()
      .describe('failing: without a success for days; gone: it answered 410'),
    failing_since: z.string().nullable().describe('The first failure since the last success'),
    secrets: z.array(z.object({ id: z.string(), created_at: z.string(), expires_at: z.string().nullable() })),
    pending: z.int().describe('Deliveries that wait for their first or next attempt; counted up to 10,000'),
    dead: z.int().describe('Dead letters that were not replayed; counted up to 10,000'),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Webhook' });
export type Webhook = z.infer<typeof webhook>;

/** The answers that carry a signing secret: at creation and at rotation, never again. */
export const webhookWithSecret = webhook
  .extend({ signing_secret: z.string().describe('whsec_ and base64, as Standard Webhooks libraries take it') })
  .meta({ id: 'WebhookWithSecret' });
export type WebhookWithSecret = z.infer<typeof webhookWithSecret>;

export const webhookList = z.object({ data: z.array(webhook) }).meta({ id: 'WebhookList' });
export type WebhookList = z.infer<typeof webhookList>;

const id = z.string().max(64);
export const webhookParams = z.strictObject({ webhook_id: id });
export const webhookDeliveryParams = z.strictObject({ webhook_id: id, delivery_id: id });

export const rotateSigningSecretRequest = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400)
      .describe('How long deliveries are signed with the old secret as well'),
  })
  .meta({ id: 'RotateSigningSecretRequest' });
export type RotateSigningSecretRequest = z.infer<typeof rotateSigningSecretRequest>;

export const deliveryStatus = z.enum(['pending', 'delivered', 'dead']);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

const attempt = z.object({
  number: z.int(),
  at: z.string(),
  duration_ms: z.int(),
  response_status: z.int().nullable(),
  response_body: z.string().nullable().describe('Its beginning, as UTF-8'),
  error: z.string().nullable(),
});

export const webhookDelivery = z
  .object({
    id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    key: z.string().describe('Deliveries with the same key arrive in order'),
    status: deliveryStatus.describe('dead: given up after the last attempt'),
    replay: z.boolean(),
    replayed_by: z.string().nullable().describe('The delivery that replays this dead letter'),
    attempts: z.int(),
    last_attempt: attempt.nullable(),
    next_attempt_at: z
      .string()
      .nullable()
      .describe('Null if it is over, and while it waits for one before it with the same key'),
    created_at: z.string(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

export const webhookDeliveryDetail = webhookDelivery
  .extend({ log: z.array(attempt), payload: z.string().describe('The body that is signed and sent, byte for byte') })
  .meta({ id: 'WebhookDeliveryDetail' });
export type WebhookDeliveryDetail = z.infer<typeof webhookDeliveryDetail>;

export const webhookDeliveryQuery = z.strictObject({
  ...pageQuery,
  status: deliveryStatus.optional(),
  event_type: eventPattern.optional(),
  event_id: id.optional(),
  key: z.string().max(300).optional(),
});
export type WebhookDeliveryQuery = z.infer<typeof webhookDeliveryQuery>;
export const webhookDeliveryPage = page(webhookDelivery, 'WebhookDeliveryPage');
export type WebhookDeliveryPage = z.infer<typeof webhookDeliveryPage>;

export const replayRequest = z
  .strictObject({
    delivery_id: id.optional().describe('This one alone; a pending one is not made again, but tried at once'),
    from: instant.optional(),
    to: instant.optional(),
    types: eventTypes.optional().describe('Default: those of the endpoint'),
    dead_only: z.boolean().optional().describe('Only dead letters that were not replayed yet'),
  })
  .refine(({ delivery_id, ...range }) => (delivery_id === undefined) !== (Object.keys(range).length === 0), {
    error: 'takes either delivery_id alone, or from and to',
    path: ['delivery_id'],
  })
  .refine(({ delivery_id, from, to }) => delivery_id !== undefined || (from !== undefined && to !== undefined), {
    error: 'takes both from and to',
    path: ['from'],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    error: 'must be later than from',
    path: ['to'],
  })
  .meta({ id: 'ReplayRequest' });
export type ReplayRequest = z.infer<typeof replayRequest>;

export const replayResult = z
  .object({ deliveries: z.int().describe('How many were made; they follow what is pending') })
  .meta({ id: 'ReplayResult' });
export type ReplayResult = z.infer<typeof replayResult>;
