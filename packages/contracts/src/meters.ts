import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { text } from './text.js';
import { eventType } from './usage.js';

export const meterKey = featureKey;

/** What becomes of the events: how many, the sum, the largest, the number of different values, or the newest value. */
export const aggregation = z.enum(['count', 'sum', 'max', 'unique', 'latest']);
export type Aggregation = z.infer<typeof aggregation>;

const INHERITED = new Set(['__proto__', 'prototype', 'constructor']);

/** Where in the `data` of an event something stands: `bytes`, or `request.model` in an object within it. */
export const dataPath = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,7}$/,
    'must be names joined by dots, such as request.model: A-Z a-z 0-9 _ - only, 8 levels at most',
  )
  .refine((path) => !path.split('.').some((name) => INHERITED.has(name)), 'names what every object has by itself');

const decimal = /^-?\d{1,26}(\.\d{1,12})?$/;

/** Compared as texts by `in` and `not_in`, as decimal numbers by the others. An event without the property fails all but `not_in`. */
export const meterFilter = z
  .strictObject({
    property: dataPath,
    operator: z.enum(['in', 'not_in', 'gt', 'gte', 'lt', 'lte']),
    values: z.array(text(200)).min(1).max(50),
  })
  .refine(
    ({ operator, values }) =>
      operator === 'in' || operator === 'not_in' || (values.length === 1 && decimal.test(values[0] ?? '')),
    { path: ['values'], error: 'must hold one decimal number for this operator' },
  );
export type MeterFilter = z.infer<typeof meterFilter>;

const dimensions = z
  .array(dataPath)
  .max(5)
  .refine((paths) => new Set(paths).size === paths.length, 'must name each property once');

const words = { name: text(200), description: text(1_000).nullish(), unit: text(40).nullish() };

export const createMeterRequest = z
  .strictObject({
    key: meterKey,
    event_type: eventType,
    aggregation,
    property: dataPath.optional().describe('What is summed, compared or counted; all but count need it'),
    group_by: z
      .union([dataPath.transform((path) => [path]), dimensions])
      .default([])
      .describe('Properties by which usage can be asked for separately: one, or up to 5'),
    filters: z.array(meterFilter).max(20).default([]).describe('Only events that pass all of them are counted'),
    ...words,
    name: words.name.optional().describe('Default: the key'),
  })
  .refine(({ aggregation: kind, property }) => (kind === 'count') === (property === undefined), {
    path: ['property'],
    error: 'must be there for sum, max, unique and latest, and only there',
  })
  .meta({
    id: 'CreateMeterRequest',
    example: { key: 'traffic', event_type: 'api.call', aggregation: 'sum', property: 'bytes', group_by: 'region' },
  });
export type CreateMeterRequest = z.infer<typeof createMeterRequest>;

/** What a meter counts is for ever: prices and invoices were made with it. */
export const updateMeterRequest = z
  .strictObject({ ...words, archived: z.boolean().describe('An archived meter counts on, and takes no new price') })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change at least one field')
  .meta({ id: 'UpdateMeterRequest' });
export type UpdateMeterRequest = z.infer<typeof updateMeterRequest>;

export const meter = z
  .object({
    key: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    unit: z.string().nullable(),
    event_type: z.string(),
    aggregation,
    property: z.string().nullable(),
    group_by: z.array(z.string()),
    filters: z.array(meterFilter),
    archived_at: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Meter' });
export type Meter = z.infer<typeof meter>;
export const meterList = z.object({ data: z.array(meter) }).meta({ id: 'MeterList' });
export type MeterList = z.infer<typeof meterList>;
export const meterParams = z.strictObject({ key: meterKey });
