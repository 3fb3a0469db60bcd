import type { Condition, FlagSettings, SegmentRules } from '@bastionary/contracts/flag-rules';
import { drawingOf, variantFor } from './bucket.js';
import { attributeValue, bucketText, holds } from './condition.js';
import type { ConfiguredFlag, Context, Decision, EnvironmentModel } from './model.js';
import { settingsAt, wholeSecond } from './settings-at.js';
import { entitlementPath } from './trusted-context.js';

/** Deeper than any that passed the check for cycles. */
const DEPTH_MAX = 100;

/**
 * What a flag is for one context at one moment; null if there is no such flag. In this order: switch, entitlement,
 * prerequisites, rules, rollout, default.
 * @param context as `trustedContext` made it
 * @param now milliseconds
 */
export function evaluate(model: EnvironmentModel, key: string, context: Context, now: number): Decision | null {
  return new Evaluation(model, context, now).decide(key);
}

/** What decided, before it is dressed as a decision. */
export interface Outcome {
  readonly variant: string;
  readonly reason: Decision['reason'];
  readonly gate: Decision['gate'];
  readonly rule: string | null;
}

/** One context at one moment, against a whole environment. */
export class Evaluation {
  private depth = 0;

  constructor(
    readonly model: EnvironmentModel,
    readonly context: Context,
    readonly now: number,
  ) {}

  decide(key: string): Decision | null {
    const flag = this.model.flags.get(key);
    if (flag === undefined) return null;
    const { variant, reason, gate, rule } = this.outcome(flag);
    const { variants, requiredPlan } = flag.definition;
    const value = variants[variant];
    if (value === undefined) throw new Error(`flag ${key} has no variant ${variant}`);
    return { value, variant, reason, gate, rule, requiredPlan: gate === 'entitlement' ? requiredPlan : null };
  }

  outcome(flag: ConfiguredFlag): Outcome {
    const { definition, planned } = flag;
    const settings = this.settingsOf(flag);
    const gate = this.closedGate(flag, settings);
    if (gate !== null) return { variant: definition.offVariant, reason: 'DISABLED', gate, rule: null };
    for (const { id, when, variant, rollout } of settings.rules) {
      if (!this.all(when)) continue;
      if (variant !== undefined) return { variant, reason: 'TARGETING_MATCH', gate: null, rule: id };
      return this.split(flag, settings, rollout ?? [], id);
    }
    if (settings.rollout !== null) return this.split(flag, settings, settings.rollout, null);
    const isStatic =
      settings.rules.length === 0 &&
      settings.prerequisites.length === 0 &&
      definition.entitlement === null &&
      planned.length === 0;
    return { variant: definition.defaultVariant, reason: isStatic ? 'STATIC' : 'DEFAULT', gate: null, rule: null };
  }

  settingsOf({ settings, planned }: ConfiguredFlag): FlagSettings {
    return planned.length === 0 ? settings : settingsAt(settings, planned, wholeSecond(this.now));
  }

  closedGate({ definition }: ConfiguredFlag, { enabled, prerequisites }: FlagSettings): Decision['gate'] {
    if (!enabled) return 'kill_switch';
    if (definition.entitlement !== null && !this.isEntitled(definition.entitlement)) return 'entitlement';
    return prerequisites.every(({ flag, variants }) => variants.includes(this.variantOf(flag))) ? null : 'prerequisite';
  }

  isEntitled(feature: string): boolean {
    return attributeValue(this.context, entitlementPath(feature), this.now) === true;
  }

  all(when: readonly Condition[]): boolean {
    return when.every((condition) => this.holds(condition));
  }

  holds(condition: Condition): boolean {
    if ('attribute' in condition) return holds(condition, attributeValue(this.context, condition.attribute, this.now));
    if ('segment' in condition) return this.isIn(condition.segment) === (condition.operator === 'in');
    return (this.variantOf(condition.flag) === condition.variant) === (condition.operator === 'serves');
  }

  /** The variant another flag serves here; empty if there is none. */
  variantOf(key: string): string {
    const flag = this.model.flags.get(key);
    return flag === undefined ? '' : this.nested(() => this.outcome(flag).variant);
  }

  isIn(key: string): boolean {
    const segment = this.model.segments.get(key);
    return segment !== undefined && this.nested(() => this.isMember(segment));
  }

  private isMember({ included, excluded, groups }: SegmentRules): boolean {
    const target = attributeValue(this.context, 'targetingKey', this.now);
    if (typeof target === 'string') {
      if (excluded.includes(target)) return false;
      if (included.includes(target)) return true;
    }
    return groups.some(({ when }) => this.all(when));
  }

  private split(
    flag: ConfiguredFlag,
    settings: FlagSettings,
    rollout: NonNullable<FlagSettings['rollout']>,
    rule: string | null,
  ): Outcome {
    const { defaultVariant } = flag.definition;
    const drawing = drawingOf(rollout, settings.seed, defaultVariant);
    if (drawing.kind === 'all') return { variant: drawing.variant, reason: 'SPLIT', gate: null, rule };
    const text = bucketText(attributeValue(this.context, settings.bucket_by, this.now));
    if (text === undefined) return { variant: defaultVariant, reason: 'DEFAULT', gate: null, rule };
    return { variant: variantFor(drawing, text), reason: 'SPLIT', gate: null, rule };
  }

  private nested<Result>(work: () => Result): Result {
    if (++this.depth > DEPTH_MAX) throw new Error('flags or segments ask for each other in a circle');
    try {
      return work();
    } finally {
      this.depth--;
    }
  }
}
