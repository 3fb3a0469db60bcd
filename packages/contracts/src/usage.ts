import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { hasControl, instant, queryText } from './text.js';

/** A name that senders choose: kept as it is, so that two that differ stay two. */
const name = (maxLength: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength, `must be at most ${maxLength} characters`)
    .refine(
      (value) => value.isWellFormed() && !hasControl(value),
      'must be well-formed Unicode without control characters',
    );

/** Longest names of an event, in UTF-16 units. */
export const EVENT_NAMES = { id: 256, source: 256, type: 128, subject: 256 } as const;

/** What an event is an event of: what a meter counts. */
export const eventType = name(EVENT_NAMES.type);

const data = z.record(z.string(), z.unknown());

/** An event as plain JSON. */
export const plainEvent = z
  .strictObject({
    id: name(EVENT_NAMES.id).describe('Unique within its source: the same again is a duplicate, for ever'),
    source: name(EVENT_NAMES.source).describe('What sends it, for example the name of a service'),
    type: eventType,
    time: instant.nullish().describe('When it happened; default: when it arrives'),
    subject: name(EVENT_NAMES.subject)
      .nullish()
      .describe(
        'Whose usage it is: id or external id of a customer, or a client_id of it. Default: that of the caller',
      ),
    data: data.nullish().describe('What meters measure. Numbers up to 2^53 that need no rounding; others as texts'),
  })
  .meta({
    id: 'UsageEvent',
    example: {
      id: 'req-1',
      source: 'api',
      type: 'api.call',
      subject: 'acme',
      data: { path: '/v1/report', bytes: 512 },
    },
  });
export type PlainEvent = z.infer<typeof plainEvent>;

/** The same as a CloudEvent 1.0 in JSON. Extension attributes are accepted and not kept. */
export const cloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: name(EVENT_NAMES.id),
    source: name(EVENT_NAMES.source),
    type: eventType,
    time: instant.nullish(),
    subject: name(EVENT_NAMES.subject).nullish(),
    datacontenttype: z.string().nullish().describe('application/json, which it is without it'),
    dataschema: z.string().nullish(),
    data: data.nullish(),
  })
  .meta({ id: 'CloudEvent' });
export type CloudEvent = z.infer<typeof cloudEvent>;

const event = z.union([plainEvent, cloudEvent]);
export const usageEvents = z.union([event, z.array(event)]).meta({ id: 'UsageEvents' });

/**
 * accepted: counted · duplicate: it was before · conflict: another event has this id, and stays · rejected: it is none.
 * All but the first change nothing.
 */
export const eventResult = z.enum(['accepted', 'duplicate', 'conflict', 'rejected']);
export type EventResult = z.infer<typeof eventResult>;

export const usageReceipt = z
  .object({
    accepted: z.int(),
    duplicate: z.int(),
    conflict: z.int(),
    rejected: z.int(),
    results: z
      .array(
        z.object({
          id: z.string().nullable().describe('Null if the event had none'),
          result: eventResult,
          reason: z.string().optional().describe('Of a conflict or a rejection'),
        }),
      )
      .describe('In the order of the request'),
  })
  .meta({ id: 'UsageReceipt' });
export type UsageReceipt = z.infer<typeof usageReceipt>;

/** What became of an event. Of duplicates only the first is kept. */
export const receivedEvent = z
  .object({
    result: z.enum(['accepted', 'conflict', 'rejected']),
    reason: z
      .string()
      .nullable()
      .describe('Why it was not accepted; of an accepted one, by which meters it is not counted'),
    id: z.string().nullable(),
    source: z.string().nullable(),
    type: z.string().nullable(),
    subject: z.string().nullable().describe('As it was sent'),
    customer_id: z.string().nullable(),
    client_id: z.string().nullable().describe('The client that the subject named'),
    time: z.string().nullable().describe('When it happened; null if it did not say, and was not accepted'),
    recorded_at: z.string(),
    sent_by: z
      .string()
      .nullable()
      .describe(
        'client:…, operator:… or bastionary, the platform itself. A customer’s client sees its own clients here only',
      ),
    data: z.record(z.string(), z.unknown()).nullable().describe('Of accepted ones'),
  })
  .meta({ id: 'ReceivedEvent' });
export type ReceivedEvent = z.infer<typeof receivedEvent>;

const namesOneEvent = ({ id, source }: { id?: string | undefined; source?: string | undefined }) =>
  (id === undefined) === (source === undefined);

export const receivedEventQuery = z
  .strictObject({
    ...pageQuery,
    id: queryText(EVENT_NAMES.id).optional().describe('Of one event, with its source'),
    source: queryText(EVENT_NAMES.source).optional().describe('Of one event, with its id'),
    customer: queryText(EVENT_NAMES.subject).optional().describe('Id or external id of a customer'),
    type: queryText(EVENT_NAMES.type).optional(),
    result: z.enum(['accepted', 'conflict', 'rejected']).optional(),
    from: instant
      .optional()
      .describe('Not before this time: of accepted ones when they happened, of others when they came'),
    to: instant.optional().describe('Before this time'),
  })
  .refine(namesOneEvent, { path: ['source'], error: 'id and source go together: they name one event' });
export type ReceivedEventQuery = z.infer<typeof receivedEventQuery>;
export const receivedEventPage = page(receivedEvent, 'ReceivedEventPage');
export type ReceivedEventPage = z.infer<typeof receivedEventPage>;
