import { z } from 'zod';
import { currency } from './customers.js';
import { featureKey } from './entitlements.js';
import { meterKey } from './meters.js';
import { MODELS, modelFaults, type PriceModel, tierFaults } from './price-fields.js';

const priceKey = featureKey;

const interval = z.enum(['day', 'week', 'month', 'quarter', 'year']);
export type Interval = z.infer<typeof interval>;
const timing = z.enum(['in_advance', 'in_arrears']);

const minorUnits = z
  .string()
  .regex(/^(0|[1-9]\d{0,17})$/, 'must be a whole number of minor units as text: 1999 is EUR 19.99')
  .describe('In minor units of the currency');
const decimal = (example: string) =>
  z.string().regex(/^(0|[1-9]\d{0,19})(\.\d{1,12})?$/, `must be a decimal number such as ${example}`);
const unitAmount = decimal('0.06').describe(
  'Decimal, in minor units of the currency; for a percentage the rate in percent',
);
const whole = z
  .union([z.string().regex(/^\d{1,15}$/), z.int().min(0).transform(String)], 'must be a whole number, such as 1000')
  .pipe(z.string());
const quantity = z
  .union([decimal('1000'), z.int().min(0).transform(String)], 'must be a decimal number, such as 1000')
  .pipe(z.string());

const tier = z.object({
  up_to: z.string().nullable().describe('The last unit of the tier; null: all that follow'),
  unit_amount: z.string(),
  flat_amount: z.string().optional().describe('Once for the tier as soon as it is reached; the first always is'),
});
export type Tier = z.infer<typeof tier>;

/** A price as it is kept: every field that it needs, none that it does not take. */
export const price = z
  .object({
    key: z.string(),
    model: z.enum(MODELS),
    currency: z.string(),
    interval,
    interval_count: z.int(),
    timing,
    amount: z.string().optional().describe('Of a flat price, and of a package: in minor units'),
    unit_amount: z.string().optional().describe('In minor units, decimal; of a percentage the rate in percent'),
    meter: z.string().optional().describe('What is measured; without one the quantity of the subscription item counts'),
    tiers: z.array(tier).optional(),
    package_size: z.string().optional(),
    free_units: z.string().optional().describe('Taken off the quantity before anything is charged'),
    flat_amount: z.string().optional().describe('Of a percentage: for each event, in minor units'),
    free_events: z.string().optional().describe('Of a percentage: events that cost no flat_amount'),
    minimum: z.string().optional().describe('The least that a whole period comes to, in minor units'),
  })
  .meta({ id: 'Price' });
export type Price = z.infer<typeof price>;

const priceRequest = z
  .strictObject({
    key: priceKey.optional().describe('Names the line on invoices. Default: after the meter or the model'),
    model: z.enum(MODELS),
    currency,
    interval: interval.default('month'),
    interval_count: z.int().min(1).max(120).default(1),
    timing: timing.optional().describe('Default: in_arrears with a meter, else in_advance'),
    amount: minorUnits,
    unit_amount: unitAmount,
    meter: meterKey,
    tiers: z
      .array(
        z.strictObject({
          up_to: decimal('1000').nullable(),
          unit_amount: unitAmount,
          flat_amount: decimal('200').optional(),
        }),
      )
      .min(1)
      .max(100),
    package_size: quantity,
    free_units: quantity,
    flat_amount: decimal('25'),
    free_events: whole,
    minimum: minorUnits,
  })
  .partial({
    amount: true,
    unit_amount: true,
    meter: true,
    tiers: true,
    package_size: true,
    free_units: true,
    flat_amount: true,
    free_events: true,
    minimum: true,
  })
  .superRefine((given, context) => {
    for (const { path, message } of [...modelFaults(given), ...tierFaults(given.tiers ?? [])]) {
      context.addIssue({ code: 'custom', path, message });
    }
  })
  .transform(({ timing: when, ...given }) => ({
    ...given,
    timing: when ?? (given.meter === undefined ? ('in_advance' as const) : ('in_arrears' as const)),
  }))
  .meta({ id: 'PriceRequest' });
type GivenPrice = z.infer<typeof priceRequest>;

/** The prices of a version. Each has a key of its own: one that was not given follows from what the price is. */
export const prices = z
  .array(priceRequest)
  .max(50)
  .superRefine((list, context) => {
    for (const [index, { key }] of list.entries()) {
      if (key === undefined || list.findIndex((one) => one.key === key) === index) continue;
      const message = `is the key of another price of this version too: ${key}`;
      context.addIssue({ code: 'custom', path: [index, 'key'], message });
    }
  })
  .transform(withKeys)
  .pipe(z.array(price));

const NAMES: Record<PriceModel, string> = {
  flat: 'base',
  per_unit: 'units',
  graduated: 'units',
  volume: 'units',
  package: 'packages',
  percentage: 'percentage',
};

/** After the meter, else after the model; if that is taken with the currency, then with a number. In the order given. */
function withKeys(list: readonly GivenPrice[]): Price[] {
  const taken = new Set(list.flatMap(({ key }) => key ?? []));
  return list.map((one) => {
    const key = one.key ?? freeKey(one, taken);
    taken.add(key);
    return { ...one, key };
  });
}

function freeKey({ meter, model, currency: code }: GivenPrice, taken: ReadonlySet<string>): string {
  const name = (meter ?? NAMES[model]).slice(0, 56);
  const inCurrency = `${name}-${code.toLowerCase()}`;
  const candidates = [name, inCurrency, ...Array.from(taken, (_, index) => `${inCurrency}-${index + 2}`)];
  return candidates.find((one) => !taken.has(one)) ?? inCurrency;
}
