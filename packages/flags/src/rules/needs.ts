import type { Condition, FlagSettings } from '@bastionary/contracts/flag-rules';
import type { ConfiguredFlag, EnvironmentModel } from './model.js';

/** What something asks for: `flag <key>` or `segment <key>`. */
export type Thing = `flag ${string}` | `segment ${string}`;

const ofConditions = (when: readonly Condition[]): Thing[] =>
  when.flatMap((condition): Thing[] => {
    if ('flag' in condition) return [`flag ${condition.flag}`];
    return 'segment' in condition ? [`segment ${condition.segment}`] : [];
  });

/** The flags and segments that rules and prerequisites ask for. */
export const neededBySettings = ({ rules, prerequisites }: Pick<FlagSettings, 'rules' | 'prerequisites'>): Thing[] => [
  ...prerequisites.map(({ flag }): Thing => `flag ${flag}`),
  ...rules.flatMap(({ when }) => ofConditions(when)),
];

/** The same of a flag now and as far as is arranged. */
export const neededByFlag = ({ settings, planned }: ConfiguredFlag): Thing[] => [
  ...neededBySettings(settings),
  ...planned.flatMap(({ change }) => (change.rules ?? []).flatMap(({ when }) => ofConditions(when))),
];

function needsOf(model: EnvironmentModel, thing: Thing): Thing[] {
  const key = thing.slice(thing.indexOf(' ') + 1);
  if (thing.startsWith('segment '))
    return (model.segments.get(key)?.groups ?? []).flatMap(({ when }) => ofConditions(when));
  const flag = model.flags.get(key);
  return flag === undefined ? [] : neededByFlag(flag);
}

/** Who asks for something, directly: flags and segments of the environment. */
export function neededFor(model: EnvironmentModel, thing: Thing): Thing[] {
  const all: Thing[] = [
    ...[...model.flags.keys()].map((key): Thing => `flag ${key}`),
    ...[...model.segments.keys()].map((key): Thing => `segment ${key}`),
  ];
  return all.filter((one) => needsOf(model, one).includes(thing));
}

/** A way from something back to itself, for example `flag a → flag b → flag a`; null: there is none. */
export function circleThrough(model: EnvironmentModel, start: Thing): string | null {
  const seen = new Set<Thing>();
  const walk = (thing: Thing, way: readonly Thing[]): readonly Thing[] | null => {
    for (const next of needsOf(model, thing)) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...way, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start])?.join(' → ') ?? null;
}
