import type { AttributeCondition } from '@bastionary/contracts/flag-rules';
import { coerce, compare, parse, type SemVer } from 'semver';
import type { Context, Json } from './model.js';
import { matches } from './pattern.js';
import { pathOf } from './trusted-context.js';

/** The value under an attribute; undefined: absent. @param now milliseconds, of which `$flagd.timestamp` is the second */
export function attributeValue(context: Context, attribute: string, now: number): Json | undefined {
  if (attribute === '$flagd.timestamp') return Math.floor(now / 1_000);
  let value: unknown = context;
  for (const name of pathOf(attribute).split('.')) {
    // Nothing lies below what is empty: JsonLogic's engines would differ there.
    if (!value || (Array.isArray(value) && value.length === 0)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  // What every object of JavaScript has is no attribute.
  return value === null || typeof value === 'function' ? undefined : (value as Json | undefined);
}

/**
 * Whether a condition holds for a value. No type stands for another: text is not a number, nothing is not zero.
 * @param value undefined: absent, which fulfils `not_…` only
 */
export function holds(condition: AttributeCondition, value: Json | undefined): boolean {
  switch (condition.operator) {
    case 'equals':
      return value === condition.value;
    case 'not_equals':
      return value !== condition.value;
    case 'in':
      return (condition.values as Json[]).includes(value as Json);
    case 'not_in':
      return !(condition.values as Json[]).includes(value as Json);
    case 'contains':
      return contains(value, condition.value);
    case 'not_contains':
      return !contains(value, condition.value);
    case 'starts_with':
      return typeof value === 'string' && value.startsWith(condition.value);
    case 'ends_with':
      return typeof value === 'string' && value.endsWith(condition.value);
    case 'less_than':
      return typeof value === 'number' && value < condition.value;
    case 'at_most':
      return typeof value === 'number' && value <= condition.value;
    case 'greater_than':
      return typeof value === 'number' && value > condition.value;
    case 'at_least':
      return typeof value === 'number' && value >= condition.value;
    case 'before':
      return typeof value === 'number' && value < secondsOf(condition.value);
    case 'after':
      return typeof value === 'number' && value >= secondsOf(condition.value);
    case 'matches':
      return typeof value === 'string' && matches(condition.value, value);
    default:
      return typeof value === 'string' && isVersion(condition.operator, value, condition.value);
  }
}

/** An instant as documents have it: Unix seconds, a fraction of one counts as the next. */
export const secondsOf = (at: string): number => Math.ceil(Date.parse(at) / 1_000);

/** A text that has another in it, or a list that has it as an element. */
const contains = (value: Json | undefined, part: string): boolean =>
  typeof value === 'string' ? value.includes(part) : Array.isArray(value) && value.includes(part);

function isVersion(operator: string, value: string, wanted: string): boolean {
  const [actual, than] = [versionOf(value), versionOf(wanted)];
  if (actual === null || than === null) return false;
  const order = compare(actual, than);
  if (operator === 'semver_equals') return order === 0;
  if (operator === 'semver_below') return order < 0;
  return order >= 0 && (operator === 'semver_at_least' || actual.major === than.major);
}

/** As flagd reads versions: a leading v and missing parts are forgiven. */
function versionOf(text: string): SemVer | null {
  const bare = text.replace(/^[vV]/, '');
  return parse(bare) ?? (/^\d+(\.\d+)?$/.test(bare) ? coerce(bare) : null);
}

/** What rollouts draw by, as text; undefined: there is nothing to draw by. */
export function bucketText(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return `${value}`;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
