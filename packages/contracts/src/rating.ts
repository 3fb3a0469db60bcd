import { z } from 'zod';

const decimal = z.string().describe('Decimal');
const amount = z.string().describe('What the step adds. Decimal, in minor units, not rounded');
const unitAmount = z.string().describe('Decimal, in minor units');

/**
 * One step from a quantity to an exact amount, in order. The amounts of all steps add up to it exactly. Kinds and fields are
 * stored with the lines of invoices: they are only ever added to.
 */
export const ratingStep = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('flat'), amount }),
    z.object({ kind: z.literal('free'), quantity: decimal.describe('Taken off before anything is charged') }),
    z.object({ kind: z.literal('free_sum'), base: decimal.describe('The same of a sum, in minor units') }),
    z.object({ kind: z.literal('units'), quantity: decimal, unit_amount: unitAmount, amount }),
    z.object({
      kind: z.literal('tier'),
      from: decimal.describe('The tier begins above it'),
      up_to: decimal.nullable(),
      quantity: decimal,
      unit_amount: unitAmount,
      flat_amount: unitAmount,
      amount,
    }),
    z.object({
      kind: z.literal('packages'),
      quantity: decimal,
      package_size: decimal,
      packages: decimal.describe('Begun ones, each charged whole'),
      unit_amount: unitAmount,
      amount,
    }),
    z.object({
      kind: z.literal('percent'),
      from: decimal,
      up_to: decimal.nullable(),
      base: decimal.describe('Of what sum, in minor units'),
      percent: decimal,
      flat_amount: unitAmount,
      amount,
    }),
    z.object({ kind: z.literal('events'), events: decimal, free_events: decimal, unit_amount: unitAmount, amount }),
    z.object({ kind: z.literal('minimum'), minimum: decimal.describe('For the share that was served'), amount }),
  ])
  .meta({ id: 'RatingStep' });
export type RatingStep = z.infer<typeof ratingStep>;
