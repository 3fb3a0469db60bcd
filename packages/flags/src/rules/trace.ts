import type { Condition } from '@bastionary/contracts/flag-rules';
import type { TraceStep } from '@bastionary/contracts/flags';
import { drawingOf, place } from './bucket.js';
import { attributeValue, bucketText } from './condition.js';
import { Evaluation } from './evaluate.js';
import type { ConfiguredFlag, Context, Decision, EnvironmentModel } from './model.js';
import { conditionSentence } from './sentences.js';

type Traced = TraceStep['conditions'][number];

/** A decision as `evaluate` makes it, and every step on the way: what was looked at, what it was, and whose word it is. */
export function traceFlag(
  model: EnvironmentModel,
  key: string,
  context: Context,
  now: number,
): { decision: Decision; steps: TraceStep[] } | null {
  const evaluation = new Evaluation(model, context, now);
  const flag = model.flags.get(key);
  const decision = evaluation.decide(key);
  if (flag === undefined || decision === null) return null;
  return { decision, steps: new Trace(evaluation, flag, decision).steps() };
}

class Trace {
  constructor(
    private readonly evaluation: Evaluation,
    private readonly flag: ConfiguredFlag,
    private readonly decision: Decision,
  ) {}

  steps(): TraceStep[] {
    return [...this.gates(), ...this.rules(), ...this.rest()];
  }

  private gates(): TraceStep[] {
    const { definition } = this.flag;
    const { enabled, prerequisites } = this.evaluation.settingsOf(this.flag);
    const closed = this.decision.gate;
    const steps = [
      step('enabled', enabled, enabled ? 'It is enabled.' : `It is disabled: everybody gets ${definition.offVariant}.`),
    ];
    if (closed === 'kill_switch') return steps;
    if (definition.entitlement !== null) {
      const isOpen = closed !== 'entitlement';
      const plan = definition.requiredPlan === null ? '' : ` The plan ${definition.requiredPlan} has it.`;
      const fact = isOpen
        ? `The caller is entitled to ${definition.entitlement}.`
        : `The caller is not entitled to ${definition.entitlement}: it gets ${definition.offVariant}.${plan}`;
      steps.push(step('entitlement', isOpen, fact));
      if (!isOpen) return steps;
    }
    for (const { flag, variants } of prerequisites) {
      const served = this.evaluation.variantOf(flag);
      const isMet = variants.includes(served);
      const fact = `Flag ${flag} serves ${served || 'nothing'}; ${variants.join(' or ')} is needed.`;
      steps.push(step('prerequisite', isMet, fact));
      if (!isMet) return steps;
    }
    return steps;
  }

  private rules(): TraceStep[] {
    if (this.decision.gate !== null) return [];
    const steps: TraceStep[] = [];
    for (const [index, rule] of this.evaluation.settingsOf(this.flag).rules.entries()) {
      const conditions = rule.when.map((one) => this.condition(one));
      const decides = rule.id === this.decision.rule;
      const name = rule.description ?? `Rule ${index + 1}`;
      const fact = decides
        ? `${name} holds: it gives ${this.decision.variant}.`
        : `${name} does not hold${conditions.length > 0 ? '' : ', it comes too late'}.`;
      steps.push({
        ...step('rule', true, fact),
        result: decides ? 'decides' : 'skipped',
        rule: rule.id,
        conditions,
        bucket: decides && rule.rollout ? this.bucket() : null,
      });
      if (decides) break;
    }
    return steps;
  }

  private rest(): TraceStep[] {
    const { gate, rule, variant, reason } = this.decision;
    if (gate !== null || rule !== null) return [];
    const { rollout, bucket_by } = this.evaluation.settingsOf(this.flag);
    if (rollout !== null && reason === 'SPLIT') {
      const shares = rollout.map((share) => `${share.weight} % ${share.variant}`).join(', ');
      return [
        {
          ...step('rollout', true, `The rollout (${shares}) gives ${variant}.`),
          result: 'decides',
          bucket: this.bucket(),
        },
      ];
    }
    const why = rollout === null ? 'No rule holds' : `There is no ${bucket_by} to draw by`;
    return [{ ...step('default', true, `${why}: it gives the default variant, ${variant}.`), result: 'decides' }];
  }

  /** Where the draw fell, per cent; null: nothing was drawn. */
  private bucket(): number | null {
    const { seed, bucket_by, rollout } = this.evaluation.settingsOf(this.flag);
    const text = bucketText(attributeValue(this.evaluation.context, bucket_by, this.evaluation.now));
    if (text === undefined) return null;
    const isCertain = rollout !== null && drawingOf(rollout, seed, this.flag.definition.defaultVariant).kind === 'all';
    return isCertain ? null : Math.round(place(seed, text) * 100_000) / 1_000;
  }

  private condition(condition: Condition): Traced {
    const sentence = conditionSentence(condition);
    const holds = this.evaluation.holds(condition);
    if ('segment' in condition)
      return { sentence, holds, value: this.evaluation.isIn(condition.segment), source: 'segment' };
    if ('flag' in condition)
      return { sentence, holds, value: this.evaluation.variantOf(condition.flag), source: 'flag' };
    const { attribute } = condition;
    const value = (attributeValue(this.evaluation.context, attribute, this.evaluation.now) ?? null) as Traced['value'];
    return { sentence, holds, value, source: sourceOf(attribute) };
  }
}

const sourceOf = (attribute: string): Traced['source'] => {
  if (attribute.startsWith('$platform.')) return 'platform';
  return attribute.startsWith('$flagd.') ? 'clock' : 'application';
};

const step = (name: TraceStep['step'], passes: boolean, fact: string): TraceStep => ({
  step: name,
  result: passes ? 'passes' : 'decides',
  rule: null,
  fact,
  conditions: [],
  bucket: null,
});
