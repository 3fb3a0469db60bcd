import { z } from 'zod';

export const dunningAct = z.enum(['remind', 'past_due', 'suspend']);
export type DunningAct = z.infer<typeof dunningAct>;

const TEN_YEARS = 315_360_000;

const step = z
  .strictObject({
    act: dunningAct,
    after_seconds: z.int().min(0).max(TEN_YEARS).describe('After the invoice was due'),
  })
  .meta({ id: 'DunningStep' });

/** What happens to whoever does not pay, in order. Without steps, nothing does. */
export const dunningSteps = z
  .array(step)
  .max(20)
  .refine(
    (steps) =>
      steps.every(({ after_seconds: after }, place) => place === 0 || after >= (steps[place - 1]?.after_seconds ?? 0)),
    'must be in order: no step before the one above it',
  )
  .refine(
    (steps) =>
      steps.filter(({ act }) => act === 'past_due').length < 2 &&
      steps.filter(({ act }) => act === 'suspend').length < 2,
    'must have past_due and suspend once at most',
  )
  .refine((steps) => {
    const acts = steps.map(({ act }) => act);
    return (
      !acts.includes('suspend') || (acts.includes('past_due') && acts.indexOf('past_due') < acts.indexOf('suspend'))
    );
  }, 'must warn before it suspends: put a step past_due before suspend');

export const updateDunningPolicyRequest = z.strictObject({ steps: dunningSteps }).meta({
  id: 'UpdateDunningPolicyRequest',
  example: {
    steps: [
      { act: 'remind', after_seconds: 86_400 },
      { act: 'past_due', after_seconds: 604_800 },
      { act: 'suspend', after_seconds: 1_814_400 },
    ],
  },
});
export type UpdateDunningPolicyRequest = z.infer<typeof updateDunningPolicyRequest>;

export const dunningPolicy = z
  .object({ steps: z.array(step), updated_at: z.string().nullable().describe('null: as it came') })
  .meta({ id: 'DunningPolicy' });
export type DunningPolicy = z.infer<typeof dunningPolicy>;
