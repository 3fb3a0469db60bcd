import type { Condition, FlagSettings, Rollout, Rule, SegmentRules } from '@bastionary/contracts/flag-rules';
import type { FlagDefinition } from './model.js';

const NAMES: Readonly<Record<string, string>> = {
  targetingKey: 'the targeting key',
  '$platform.customer': 'the customer',
  '$platform.client': 'the client',
  '$platform.plan': 'the plan',
  '$platform.plans': 'the plans',
  '$platform.license.status': 'the status of the licence',
  '$flagd.timestamp': 'the time',
};
const ENTITLEMENT = '$platform.entitlements.';

/** An attribute as people call it. */
export function attributeWords(attribute: string): string {
  if (attribute.startsWith(ENTITLEMENT)) return `the entitlement ${attribute.slice(ENTITLEMENT.length)}`;
  return NAMES[attribute] ?? attribute;
}

const VERBS = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'begins with',
  ends_with: 'ends with',
  less_than: 'is less than',
  at_most: 'is at most',
  greater_than: 'is more than',
  at_least: 'is at least',
  before: 'is before',
  after: 'is not before',
  semver_equals: 'is version',
  semver_below: 'is below version',
  semver_at_least: 'is at least version',
  semver_compatible: 'is compatible with version',
  matches: 'matches',
} as const;

/** The verb of an operator, for example "is one of". */
export const operatorWords = (operator: keyof typeof VERBS): string => VERBS[operator];

/** A condition in plain English, for example "the plan is one of pro, enterprise". */
export function conditionSentence(condition: Condition): string {
  if ('segment' in condition)
    return `is ${condition.operator === 'in' ? 'in' : 'not in'} the segment ${condition.segment}`;
  if ('flag' in condition)
    return `flag ${condition.flag} ${condition.operator === 'serves' ? 'serves' : 'does not serve'} ${condition.variant}`;
  const value = 'values' in condition ? condition.values.join(', ') : String(condition.value);
  return `${attributeWords(condition.attribute)} ${VERBS[condition.operator]} ${value}`;
}

/** A rollout as words, for example "25 % on, 75 % off". */
export const rolloutWords = (rollout: Rollout): string =>
  rollout
    .filter(({ weight }) => weight > 0)
    .map(({ variant, weight }) => (weight === 100 ? variant : `${weight} % ${variant}`))
    .join(', ');

/** What a rule gives. */
export const serveWords = ({ variant, rollout }: Pick<Rule, 'variant' | 'rollout'>): string =>
  variant ?? rolloutWords(rollout ?? []);

/** A rule as a sentence, for example "If the plan is pro: on". */
export function ruleSentence(rule: Rule): string {
  const conditions = rule.when.map(conditionSentence).join(' and ');
  return conditions === '' ? `Everybody: ${serveWords(rule)}` : `If ${conditions}: ${serveWords(rule)}`;
}

/** What a flag does, one sentence for each gate, each rule, and the rest. */
export function settingsSentences(
  { entitlement, offVariant, defaultVariant }: Pick<FlagDefinition, 'entitlement' | 'offVariant' | 'defaultVariant'>,
  { enabled, prerequisites, rules, rollout }: FlagSettings,
): string[] {
  if (!enabled) return [`Disabled: everybody gets ${offVariant}`];
  const rest = rollout === null ? defaultVariant : rolloutWords(rollout);
  return [
    ...(entitlement === null ? [] : [`Without the entitlement ${entitlement}: ${offVariant}`]),
    ...prerequisites.map(({ flag, variants }) => `Unless flag ${flag} serves ${variants.join(' or ')}: ${offVariant}`),
    ...rules.map(ruleSentence),
    rules.length === 0 ? `Everybody: ${rest}` : `All others: ${rest}`,
  ];
}

const KEYS_SHOWN = 5;

/** Who is in a segment, in words. */
export function segmentSentences({ included, excluded, groups }: SegmentRules): string[] {
  const named = (keys: readonly string[]) =>
    keys.length <= KEYS_SHOWN
      ? keys.join(', ')
      : `${keys.slice(0, KEYS_SHOWN).join(', ')} and ${keys.length - KEYS_SHOWN} more`;
  return [
    ...(included.length === 0 ? [] : [`In it: ${named(included)}`]),
    ...groups.map(({ when }) => `In it if ${when.map(conditionSentence).join(' and ')}`),
    ...(excluded.length === 0 ? [] : [`Never in it: ${named(excluded)}`]),
    ...(included.length === 0 && groups.length === 0 ? ['Nobody is in it'] : []),
  ];
}
