import { boundaries, lastCrossed, nextAfter } from '@bastionary/flags/rules/boundaries';
import { compileDocument } from '@bastionary/flags/rules/compile';
import { derivedAttributes, withDerived } from '@bastionary/flags/rules/derived';
import { evaluate } from '@bastionary/flags/rules/evaluate';
import { IncrementalStorage } from '@bastionary/flags/rules/incremental-storage';
import type { Context, Decision, EnvironmentModel } from '@bastionary/flags/rules/model';

/** An answer for one flag: the same object for all who get the same. */
export interface FlagAnswer {
  /** OFREP §2.1, as JSON. */
  readonly text: string;
  /** What it is counted under: flag and variant. */
  readonly use: string;
  readonly isPublic: boolean;
}

interface KnownFlag {
  readonly isPublic: boolean;
  readonly isDerived: boolean;
  readonly answers: Map<string, FlagAnswer>;
  /** What everybody gets whatever the context; null: it depends. */
  readonly constant: FlagAnswer | null;
}

/** What is served in an environment, at one revision: nothing of it changes. */
export class ServedEnvironment {
  readonly instants: readonly number[];
  private readonly flags = new Map<string, KnownFlag>();

  /**
   * @param storage of the revision before, which it goes on with
   * @param archived keys of flags that are there no more
   */
  constructor(
    readonly model: EnvironmentModel,
    private readonly storage: IncrementalStorage,
    readonly archived: ReadonlySet<string>,
  ) {
    this.instants = boundaries(model);
    const document = compileDocument(model);
    storage.setDocument(document);
    for (const key of Object.keys(document.flags)) {
      const isConstant = document.flags[key]?.targeting === undefined;
      const isPublic = model.flags.get(key)?.definition.isPublic ?? false;
      const answers = new Map<string, FlagAnswer>();
      const decision = isConstant ? evaluate(model, key, {}, 0) : null;
      const constant = decision === null ? null : this.answerOf(key, decision, isPublic, answers);
      this.flags.set(key, { isPublic, isDerived: derivedAttributes(model, key).length > 0, answers, constant });
    }
  }

  /** The part of an ETag that time moves. */
  crossed(now: number): number {
    return lastCrossed(this.instants, now) ?? 0;
  }

  /** Milliseconds; null: nothing changes by itself. */
  nextChange(now: number): number | null {
    return nextAfter(this.instants, now);
  }

  /** One flag; undefined if there is none, or the caller may see public ones only and it is not. */
  one(key: string, context: Context, publicOnly: boolean, now: number): FlagAnswer | undefined {
    const flag = this.flags.get(key);
    if (flag === undefined || (publicOnly && !flag.isPublic)) return undefined;
    return flag.constant ?? this.evaluated(key, flag, context, now);
  }

  /** All of them, by key. */
  all(context: Context, publicOnly: boolean, now: number): FlagAnswer[] {
    const answers: FlagAnswer[] = [];
    for (const [key, flag] of this.flags) {
      if (publicOnly && !flag.isPublic) continue;
      answers.push(flag.constant ?? this.evaluated(key, flag, context, now));
    }
    return answers;
  }

  private evaluated(key: string, flag: KnownFlag, context: Context, now: number): FlagAnswer {
    const full = flag.isDerived ? withDerived(this.model, key, context, now) : context;
    const resolved = this.storage.getFlag(key)?.evaluate(full as never);
    const decision = evaluate(this.model, key, context, now);
    if (resolved?.variant === undefined || decision === null) throw new Error(`flag ${key}: ${resolved?.errorMessage}`);
    // The document decides; why, the evaluator that explains knows. They agree: rules/agreement.test.ts.
    const told = decision.variant === resolved.variant ? decision : asResolved(resolved, decision);
    return this.answerOf(key, told, flag.isPublic, flag.answers);
  }

  private answerOf(key: string, decision: Decision, isPublic: boolean, answers: Map<string, FlagAnswer>): FlagAnswer {
    const { variant, reason, gate, rule } = decision;
    const name = `${variant} ${reason} ${gate} ${rule}`;
    const known = answers.get(name);
    if (known !== undefined) return known;
    const metadata = {
      revision: this.model.revision,
      ...(gate !== null && { gate }),
      ...(decision.requiredPlan !== null && { required_plan: decision.requiredPlan }),
      ...(rule !== null && { rule }),
    };
    const text = JSON.stringify({ key, reason, value: decision.value, variant, metadata });
    const answer = { text, use: `${key} ${variant}`, isPublic };
    answers.set(name, answer);
    return answer;
  }
}

// Between two seconds the two may look at different ones.
const asResolved = (resolved: { variant?: string; value?: unknown }, decision: Decision): Decision => ({
  ...decision,
  value: resolved.value as Decision['value'],
  variant: resolved.variant ?? decision.variant,
  reason: 'TARGETING_MATCH',
  gate: null,
  rule: null,
});
