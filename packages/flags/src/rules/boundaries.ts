import type { Condition } from '@bastionary/contracts/flag-rules';
import { secondsOf } from './condition.js';
import type { EnvironmentModel } from './model.js';

/** The instants, in milliseconds and in order, at which something changes by itself: arranged changes, and times in rules. */
export function boundaries(model: EnvironmentModel): readonly number[] {
  const found = new Set<number>();
  const look = (when: readonly Condition[]) => {
    for (const condition of when) {
      if (!('attribute' in condition) || condition.attribute !== '$flagd.timestamp') continue;
      if (condition.operator === 'before' || condition.operator === 'after')
        found.add(secondsOf(condition.value) * 1_000);
    }
  };
  for (const { settings, planned } of model.flags.values()) {
    for (const { at } of planned) found.add(Math.ceil(at / 1_000) * 1_000);
    for (const { when } of [...settings.rules, ...planned.flatMap(({ change }) => change.rules ?? [])]) look(when);
  }
  for (const { groups } of model.segments.values()) for (const { when } of groups) look(when);
  return [...found].sort((a, b) => a - b);
}

/** The newest of these instants that has come; null: none. */
export const lastCrossed = (instants: readonly number[], now: number): number | null =>
  instants.findLast((at) => at <= now) ?? null;

/** The first that is still to come; null: none. */
export const nextAfter = (instants: readonly number[], now: number): number | null =>
  instants.find((at) => at > now) ?? null;
