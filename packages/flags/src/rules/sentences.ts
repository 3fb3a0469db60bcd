import type { Condition } from '@bastionary/contracts/flag-rules';

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
