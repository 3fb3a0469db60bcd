import type { AttributeCondition } from '@bastionary/contracts/flag-rules';
import { secondsOf } from './condition.js';
import { patternId } from './derived.js';
import type { Logic } from './flagd-document.js';
import { pathOf } from './trusted-context.js';

/**
 * The value under a path. JsonLogic's engines differ in what lies below a value that is empty, such as 0: nothing does.
 */
export function variable(path: string): Logic {
  const names = path.split('.');
  if (names.length === 1 || path.startsWith('$')) return { var: path };
  const above = names.slice(1).map((_, index) => ({ var: names.slice(0, index + 1).join('.') }));
  return { if: [allOf(above), { var: path }, null] };
}
export const not = (logic: Logic): Logic => ({ '!': [logic] });
export const allOf = (parts: readonly Logic[]): Logic => {
  const [only] = parts;
  if (only === undefined) return true;
  return parts.length === 1 ? only : { and: parts };
};
export const anyOf = (parts: readonly Logic[]): Logic => {
  const [only] = parts;
  if (only === undefined) return false;
  return parts.length === 1 ? only : { or: parts };
};

// JsonLogic has no types, and its comparisons fail or convert: each is asked only of what it is meant for.
const isText = (value: Logic): Logic => ({ starts_with: [value, ''] });
const isNumber = (path: string): Logic => ({
  or: [
    { '===': [variable(path), 0] },
    {
      and: [
        // Not by `!!`, which takes a list for its operands.
        variable(path),
        not(isText(variable(path))),
        { '!==': [variable(path), true] },
        // A list that is not empty has a length; an object becomes a text that says so.
        not({ var: `${path}.length` }),
        not({ starts_with: [{ cat: [variable(path)] }, '[object '] }),
      ],
    },
  ],
});

const COMPARISON = {
  less_than: '<',
  at_most: '<=',
  greater_than: '>',
  at_least: '>=',
  before: '<',
  after: '>=',
} as const;
const VERSION = { semver_equals: '=', semver_below: '<', semver_at_least: '>=', semver_compatible: '>=' } as const;

/** A condition on an attribute as JsonLogic that never fails, whatever the attribute is. */
export function compileCondition(condition: AttributeCondition): Logic {
  const path = pathOf(condition.attribute);
  const value = variable(path);
  switch (condition.operator) {
    case 'equals':
      return { '===': [value, condition.value] };
    case 'not_equals':
      return { '!==': [value, condition.value] };
    case 'in':
      return { in: [value, condition.values] };
    case 'not_in':
      return not({ in: [value, condition.values] });
    case 'contains':
      return contains(value, condition.value);
    case 'not_contains':
      return not(contains(value, condition.value));
    case 'starts_with':
    case 'ends_with':
      return { [condition.operator]: [value, condition.value] };
    case 'matches':
      return { '===': [variable(`$derived.${patternId(condition as never)}`), true] };
    case 'semver_equals':
    case 'semver_below':
    case 'semver_at_least':
    case 'semver_compatible':
      return allOf([
        isText(value),
        { sem_ver: [value, VERSION[condition.operator], condition.value] },
        ...(condition.operator === 'semver_compatible' ? [{ sem_ver: [value, '^', condition.value] }] : []),
      ]);
    default: {
      const than = typeof condition.value === 'string' ? secondsOf(condition.value) : condition.value;
      const compared = { [COMPARISON[condition.operator]]: [value, than] };
      return path.startsWith('$flagd.') ? compared : allOf([isNumber(path), compared]);
    }
  }
}

// `merge` makes a list of whatever it gets: an element of a list, or the text itself.
const contains = (value: Logic, part: string): Logic =>
  anyOf([allOf([isText(value), { in: [part, value] }]), { in: [part, { merge: [value] }] }]);

/** Whether there is something to draw by: a text that is not empty, or a number. */
export const hasBucket = (path: string): Logic =>
  anyOf([allOf([isText(variable(path)), { '!==': [variable(path), ''] }]), isNumber(path)]);
