import { z } from 'zod';
import { timeZone } from './customers.js';
import { dataPath, meterKey } from './meters.js';
import { instant, queryText } from './text.js';

export const usageWindow = z.enum(['minute', 'hour', 'day', 'week', 'month']);
export type UsageWindow = z.infer<typeof usageWindow>;

const whose = queryText(256)
  .optional()
  .describe('Id or external id; default: every customer, each by itself, added up');

export const usageQuery = z.strictObject({
  meter: meterKey,
  customer: whose,
  from: instant.optional().describe('Not before this time; default: the start of the month of `to`'),
  to: instant.optional().describe('Before this time; default: now'),
  group_by: z
    .string()
    .max(1_100)
    .transform((names) => names.split(','))
    .pipe(z.array(dataPath).max(6))
    .refine((names) => new Set(names).size === names.length, 'must name each dimension once')
    .optional()
    .describe('Dimensions of the meter, and customer; several are separated by commas'),
  window: usageWindow.optional().describe('Default: one value for the whole time'),
  time_zone: timeZone.optional().describe('In which windows begin; default: that of the customer, else UTC'),
  as_of: instant.optional().describe('What was known then: only events that had been recorded'),
  limit: z.coerce.number().int().min(1).max(100).default(10).describe('At most so many groups, those with most usage'),
});
export type UsageQuery = z.infer<typeof usageQuery>;

const value = z.string().describe('Decimal');

export const usage = z
  .object({
    meter: z.string(),
    customer_id: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    time_zone: z.string(),
    total: value,
    events: z.string().describe('How many were counted, decimal'),
    data: z
      .array(
        z.object({
          start: z.string(),
          end: z.string(),
          group: z.record(z.string(), z.string().nullable()).optional(),
          value,
          events: z.string(),
        }),
      )
      .describe('By window, then the groups with most usage first. Of groups only those with events'),
    groups_left_out: z.int().describe('Groups beyond `limit`; `total` has them'),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usage>;

export const forecastQuery = z.strictObject({ meter: meterKey, customer: queryText(256).optional() });
export type ForecastQuery = z.infer<typeof forecastQuery>;

export const forecast = z
  .object({
    meter: z.string(),
    customer_id: z.string(),
    start: z.string().describe('Of the billing period of the subscription; without one, of the month'),
    end: z.string(),
    so_far: value,
    forecast: value.describe('What it will be at the end, if it goes on as it did'),
    method: z
      .enum(['weekly', 'linear', 'held'])
      .describe(
        'weekly: each hour as the same hours of the week were on average in the four weeks before; linear: as fast as until now; held: what is largest or newest stays',
      ),
  })
  .meta({ id: 'UsageForecast' });
export type Forecast = z.infer<typeof forecast>;

export const thresholdWindow = z.enum(['period', 'day', 'month']);
export type ThresholdWindow = z.infer<typeof thresholdWindow>;

export const createThresholdRequest = z
  .strictObject({
    meter: meterKey,
    customer_id: z.string().max(64).nullish().describe('Default: every customer, each by itself'),
    window: thresholdWindow.describe('period: that of its subscription, without one the month'),
    value: z
      .string()
      .regex(/^\d{1,26}(\.\d{1,12})?$/, 'must be a decimal number such as 1000')
      .refine((text) => /[1-9]/.test(text), 'must be more than 0'),
  })
  .meta({ id: 'CreateUsageThresholdRequest' });
export type CreateThresholdRequest = z.infer<typeof createThresholdRequest>;

export const threshold = z
  .object({
    id: z.string(),
    meter: z.string(),
    customer_id: z.string().nullable(),
    window: thresholdWindow,
    value,
    created_at: z.string(),
    reached: z
      .object({ customer_id: z.string(), start: z.string(), end: z.string(), at: z.string() })
      .nullable()
      .describe('Where and when last'),
  })
  .meta({ id: 'UsageThreshold' });
export type Threshold = z.infer<typeof threshold>;
export const thresholdList = z.object({ data: z.array(threshold) }).meta({ id: 'UsageThresholdList' });
export type ThresholdList = z.infer<typeof thresholdList>;
export const thresholdParams = z.strictObject({ threshold_id: z.string().max(64) });
export const thresholdQuery = z.strictObject({
  meter: meterKey.optional(),
  customer_id: queryText(64).optional().describe('Those of this customer, and those of every customer'),
});
