import { createHash } from 'node:crypto';
import type { AttributeCondition, Condition } from '@bastionary/contracts/flag-rules';
import { attributeValue, holds } from './condition.js';
import { Evaluation } from './evaluate.js';
import type { Context, EnvironmentModel, Json } from './model.js';

/** Segments with more keys than this are not written into documents. */
export const WRITTEN_KEYS_MAX = 1_000;

/** Something only the server works out, and tells as `$derived.<id>`. */
export type Derived =
  | { readonly id: string; readonly condition: AttributeCondition & { operator: 'matches' } }
  | { readonly id: string; readonly segment: string };

type Pattern = AttributeCondition & { operator: 'matches' };
const NAMES = new WeakMap<Pattern, string>();

export function patternId(condition: Pattern): string {
  let id = NAMES.get(condition);
  if (id === undefined) {
    const text = JSON.stringify([condition.attribute, condition.value]);
    id = `p${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    NAMES.set(condition, id);
  }
  return id;
}

export const isBig = (model: EnvironmentModel, segment: string): boolean => {
  const { included, excluded } = model.segments.get(segment) ?? { included: [], excluded: [] };
  return included.length + excluded.length > WRITTEN_KEYS_MAX;
};

const known = new WeakMap<EnvironmentModel, Map<string, readonly Derived[]>>();

/** What the server must work out before a flag can be evaluated by its document: of the flag, and of all that it asks for. */
export function derivedAttributes(model: EnvironmentModel, key: string): readonly Derived[] {
  const flags = known.get(model) ?? new Map<string, readonly Derived[]>();
  known.set(model, flags);
  const found = flags.get(key) ?? [...new Search(model).ofFlag(key).values()];
  flags.set(key, found);
  return found;
}

class Search {
  private readonly found = new Map<string, Derived>();
  private readonly seen = new Set<string>();

  constructor(private readonly model: EnvironmentModel) {}

  ofFlag(key: string): Map<string, Derived> {
    const flag = this.model.flags.get(key);
    if (flag === undefined || this.seen.has(`flag ${key}`)) return this.found;
    this.seen.add(`flag ${key}`);
    for (const { flag: other } of flag.settings.prerequisites) this.ofFlag(other);
    const plans = flag.planned.flatMap(({ change }) => change.rules ?? []);
    for (const { when } of [...flag.settings.rules, ...plans]) this.ofConditions(when);
    return this.found;
  }

  private ofConditions(when: readonly Condition[]): void {
    for (const condition of when) {
      if ('flag' in condition) this.ofFlag(condition.flag);
      else if ('segment' in condition) this.ofSegment(condition.segment);
      else if (condition.operator === 'matches') {
        const id = patternId(condition);
        this.found.set(id, { id, condition });
      }
    }
  }

  private ofSegment(key: string): void {
    const segment = this.model.segments.get(key);
    if (segment === undefined || this.seen.has(`segment ${key}`)) return;
    this.seen.add(`segment ${key}`);
    // Whoever knows whether someone is in it need not know why.
    if (isBig(this.model, key)) this.found.set(`s:${key}`, { id: `s:${key}`, segment: key });
    else for (const { when } of segment.groups) this.ofConditions(when);
  }
}

/** The context with what only the server works out for a flag; the same object where there is nothing. */
export function withDerived(model: EnvironmentModel, key: string, context: Context, now: number): Context {
  const derived = derivedAttributes(model, key);
  if (derived.length === 0) return context;
  const evaluation = new Evaluation(model, context, now);
  const values: Record<string, Json> = {};
  for (const one of derived) {
    values[one.id] =
      'segment' in one
        ? evaluation.isIn(one.segment)
        : holds(one.condition, attributeValue(context, one.condition.attribute, now));
  }
  return { ...context, $derived: values };
}
