import type { FlagSettings, Rule } from '@bastionary/contracts/flag-rules';
import type { SettingsPatch } from '@bastionary/contracts/flags';
import type { PlannedChange } from './model.js';

/** Times in documents are whole seconds: so is every evaluation. @param now milliseconds @returns the second it lies in, in milliseconds */
export const wholeSecond = (now: number): number => Math.floor(now / 1_000) * 1_000;

/** What a flag does at an instant, if nothing but what is arranged changes. @param at milliseconds */
export function settingsAt(settings: FlagSettings, planned: readonly PlannedChange[], at: number): FlagSettings {
  return planned.reduce((before, change) => (change.at <= at ? patched(before, change.change) : before), settings);
}

/** Settings with a patch applied: what the patch does not name stays. Rules without an id are named by their place. */
export function patched(settings: FlagSettings, { enabled, rules, rollout }: SettingsPatch): FlagSettings {
  return {
    ...settings,
    ...(enabled !== undefined && { enabled }),
    ...(rules !== undefined && { rules: named(rules) }),
    ...(rollout !== undefined && { rollout }),
  };
}

/** Rules that each have an id of their own: those without get the first free `rule-N`. */
export function named(rules: readonly Rule[]): (Rule & { readonly id: string })[] {
  const taken = new Set(rules.flatMap(({ id }) => id ?? []));
  let next = 1;
  return rules.map((rule) => {
    if (rule.id !== undefined) return { ...rule, id: rule.id };
    while (taken.has(`rule-${next}`)) next++;
    taken.add(`rule-${next}`);
    return { ...rule, id: `rule-${next}` };
  });
}
