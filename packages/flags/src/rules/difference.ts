import type { FlagSettings, Rollout, Rule } from '@bastionary/contracts/flag-rules';
import canonicalize from 'canonicalize';
import type { FlagDefinition } from './model.js';
import { rolloutWords, ruleSentence, serveWords } from './sentences.js';

const same = (one: unknown, other: unknown): boolean => canonicalize(one) === canonicalize(other);

/** What becomes another, in words: one sentence each. @param before null: there was nothing */
export function differenceInWords(
  flag: Pick<FlagDefinition, 'defaultVariant'>,
  before: FlagSettings | null,
  after: FlagSettings,
): string[] {
  if (before === null) return [after.enabled ? 'Made, enabled' : 'Made, disabled'];
  return [
    ...(before.enabled === after.enabled ? [] : [after.enabled ? 'Enabled' : 'Disabled']),
    ...prerequisiteChanges(before, after),
    ...ruleChanges(before.rules, after.rules),
    ...rolloutChange(flag, before.rollout, after.rollout),
    ...(before.seed === after.seed ? [] : [`Draws anew: the seed is ${after.seed} instead of ${before.seed}`]),
    ...(before.bucket_by === after.bucket_by ? [] : [`Draws by ${after.bucket_by} instead of ${before.bucket_by}`]),
  ];
}

function prerequisiteChanges({ prerequisites: old }: FlagSettings, { prerequisites }: FlagSettings): string[] {
  const words = ({ flag, variants }: FlagSettings['prerequisites'][number]) =>
    `${flag} serving ${variants.join(' or ')}`;
  const gone = old.filter((one) => !prerequisites.some((other) => same(one, other)));
  const fresh = prerequisites.filter((one) => !old.some((other) => same(one, other)));
  return [...gone.map((one) => `No longer needs ${words(one)}`), ...fresh.map((one) => `Needs ${words(one)}`)];
}

type NamedRule = Rule & { readonly id: string };

function ruleChanges(before: readonly NamedRule[], after: readonly NamedRule[]): string[] {
  const old = new Map(before.map((rule) => [rule.id, rule]));
  const ids = new Set(after.map(({ id }) => id));
  const kept = before.filter(({ id }) => ids.has(id)).map(({ id }) => id);
  const order = after.filter(({ id }) => old.has(id)).map(({ id }) => id);
  return [
    ...before.filter(({ id }) => !ids.has(id)).map((rule) => `Removed: ${ruleSentence(rule)}`),
    ...after.flatMap((rule, index) => {
      const earlier = old.get(rule.id);
      if (earlier === undefined) return [`Added as rule ${index + 1}: ${ruleSentence(rule)}`];
      return same(earlier, rule)
        ? []
        : [`Rule ${index + 1} was “${ruleSentence(earlier)}”, is “${ruleSentence(rule)}”`];
    }),
    ...(same(kept, order) ? [] : ['The rules are in another order']),
  ];
}

function rolloutChange(
  { defaultVariant }: Pick<FlagDefinition, 'defaultVariant'>,
  before: Rollout | null,
  after: Rollout | null,
): string[] {
  if (same(before, after)) return [];
  const words = (rollout: Rollout | null) =>
    rollout === null ? serveWords({ variant: defaultVariant }) : rolloutWords(rollout);
  return [`All others get ${words(after)} instead of ${words(before)}`];
}
