import type { DunningAct } from '@bastionary/contracts/dunning';

export interface DunningStep {
  readonly act: DunningAct;
  /** After the invoice was due. */
  readonly afterSeconds: number;
}

const DAY = 86_400;

/** As it comes: a reminder, a week to the warning, two weeks of grace. */
export const DEFAULT_STEPS: readonly DunningStep[] = [
  { act: 'remind', afterSeconds: DAY },
  { act: 'past_due', afterSeconds: 7 * DAY },
  { act: 'remind', afterSeconds: 14 * DAY },
  { act: 'suspend', afterSeconds: 21 * DAY },
];

// Who is never suspended works on for longer than any contract lasts.
const FOR_EVER_SECONDS = 100 * 365 * DAY;

/**
 * When the next step falls due. Steps keep their distance from each other: nobody is reminded, warned and suspended in one
 * go because a worker was away.
 * @param taken how many steps were taken, the last of them at `lastAt`; with none, `lastAt` is when the invoice was due
 */
export function nextStepAt(steps: readonly DunningStep[], taken: number, lastAt: Date): Date | null {
  const next = steps[taken];
  if (next === undefined) return null;
  const before = taken === 0 ? 0 : (steps[taken - 1]?.afterSeconds ?? 0);
  return new Date(lastAt.getTime() + Math.max(0, next.afterSeconds - before) * 1_000);
}

/** How long a subscription works on from the step past_due: up to the step suspend. */
export function graceSeconds(steps: readonly DunningStep[]): number {
  const after = (act: DunningAct): number | undefined => steps.find((step) => step.act === act)?.afterSeconds;
  const [warned, suspended] = [after('past_due'), after('suspend')];
  return warned === undefined || suspended === undefined ? FOR_EVER_SECONDS : suspended - warned;
}

/** Whether an invoice that has gone through so many steps holds its subscription past due. */
export const holdsPastDue = (steps: readonly DunningStep[], taken: number): boolean =>
  steps.slice(0, taken).some(({ act }) => act === 'past_due');
