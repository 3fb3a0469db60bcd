import type { Condition, FlagSettings, Rollout, SegmentRules } from '@bastionary/contracts/flag-rules';
import { type Draw, drawingOf, EXPOSED, variantFor } from './bucket.js';
import { allOf, anyOf, compileCondition, hasBucket, not, variable } from './compile-condition.js';
import { attributeValue, bucketText, holds } from './condition.js';
import { isBig } from './derived.js';
import type { FlagdDocument, FlagdFlag, Logic } from './flagd-document.js';
import type { ConfiguredFlag, EnvironmentModel, Json, Platform } from './model.js';
import { settingsAt } from './settings-at.js';
import { entitlementPath, pathOf } from './trusted-context.js';

const SCHEMA = 'https://flagd.dev/schema/v0/flags.json';

/** The one document of an environment: the same model gives the same bytes. */
export function compileDocument(model: EnvironmentModel): FlagdDocument {
  const keys = [...model.flags.keys()].sort();
  const segments = [...model.segments.keys()].sort().filter((key) => !isBig(model, key));
  const compiler = new Compiler(model);
  return {
    $schema: SCHEMA,
    metadata: { environment: model.environment, revision: model.revision },
    $evaluators: Object.fromEntries(segments.map((key) => [key, compiler.membership(key)])),
    flags: Object.fromEntries(keys.map((key) => [key, compiler.flag(key)])),
  };
}

/**
 * The same for one caller: what the server knows of it is worked out, and nothing of `$platform` is left to be asked for.
 * References stand for themselves no more: some clients replace them as text, in which a `$` means something.
 */
export function compileFor(model: EnvironmentModel, platform: Platform, keys: readonly string[]): FlagdDocument {
  const compiler = new Compiler(model, platform);
  return {
    $schema: SCHEMA,
    metadata: { environment: model.environment, revision: model.revision },
    $evaluators: {},
    flags: Object.fromEntries([...keys].sort().map((key) => [key, compiler.flag(key)])),
  };
}

/** One flag of it. @throws Error if there is none of that key */
export const compileFlag = (model: EnvironmentModel, key: string): FlagdFlag => new Compiler(model).flag(key);

class Compiler {
  /** @param platform what is known of the caller; undefined: the document is for all of them */
  constructor(
    private readonly model: EnvironmentModel,
    private readonly platform?: Platform,
  ) {}

  flag(key: string): FlagdFlag {
    const flag = this.model.flags.get(key);
    if (flag === undefined) throw new Error(`there is no flag ${key}`);
    const { variants, defaultVariant, offVariant, entitlement, requiredPlan, type } = flag.definition;
    const targeting = this.targeting(flag);
    const metadata = {
      type,
      ...(entitlement !== null && { entitlement }),
      ...(requiredPlan !== null && { required_plan: requiredPlan }),
    };
    // What is switched off for all serves the off variant in every client: `DISABLED` would leave it to each of them.
    if (typeof targeting === 'string') return { state: 'ENABLED', variants, defaultVariant: targeting, metadata };
    const isOff = !flag.settings.enabled && flag.planned.length === 0;
    const fallback = isOff ? offVariant : defaultVariant;
    return { state: 'ENABLED', variants, defaultVariant: fallback, ...(targeting !== null && { targeting }), metadata };
  }

  /** The variant as logic; null: the default variant. */
  targeting(flag: ConfiguredFlag): Logic {
    const { settings, planned } = flag;
    const instants = [...new Set(planned.map(({ at }) => at))].sort((a, b) => b - a);
    const now = this.variantOf(flag, settings);
    if (instants.length === 0) return now;
    // No `else` that says null: what matches nothing is the default, and is called so.
    const branches = instants.flatMap((at): Logic[] => [
      { '>=': [{ var: '$flagd.timestamp' }, Math.ceil(at / 1_000)] },
      this.variantOf(flag, settingsAt(settings, planned, at)),
    ]);
    return { if: now === null ? branches : [...branches, now] };
  }

  private variantOf({ definition }: ConfiguredFlag, settings: FlagSettings): Logic {
    const { offVariant, defaultVariant, entitlement } = definition;
    if (!settings.enabled) return offVariant;
    const branches: Logic[] = [];
    if (entitlement !== null) branches.push(this.lacks(entitlement), offVariant);
    for (const { flag, variants } of settings.prerequisites)
      branches.push(not(this.serves(flag, variants)), offVariant);
    for (const { when, variant, rollout } of settings.rules) {
      const condition = allOf(when.map((one) => this.condition(one)));
      branches.push(condition, variant ?? this.split(rollout ?? [], settings, defaultVariant));
    }
    const rest = settings.rollout === null ? null : this.split(settings.rollout, settings, defaultVariant);
    if (branches.length === 0) return rest;
    return { if: rest === null ? branches : [...branches, rest] };
  }

  private isTold(attribute: string): boolean {
    return this.platform !== undefined && attribute.startsWith('$platform.');
  }

  private told(attribute: string): Json | undefined {
    return attributeValue({ $platform: this.platform as Json }, attribute, 0);
  }

  private lacks(feature: string): Logic {
    const path = entitlementPath(feature);
    return this.isTold(path) ? this.told(path) !== true : { '!==': [{ var: path }, true] };
  }

  private condition(condition: Condition): Logic {
    if ('attribute' in condition) {
      const { attribute } = condition;
      return this.isTold(attribute) ? holds(condition, this.told(attribute)) : compileCondition(condition);
    }
    if ('segment' in condition) {
      const member = this.member(condition.segment);
      return condition.operator === 'in' ? member : not(member);
    }
    const serves = this.serves(condition.flag, [condition.variant]);
    return condition.operator === 'serves' ? serves : not(serves);
  }

  /** Whether another flag serves one of the variants: its whole logic, with its own seeds. */
  private serves(key: string, variants: readonly string[]): Logic {
    const flag = this.model.flags.get(key);
    if (flag === undefined) return false;
    const targeting = this.targeting(flag);
    if (targeting === null) return variants.includes(flag.definition.defaultVariant);
    if (typeof targeting === 'string') return variants.includes(targeting);
    const served = variants.includes(flag.definition.defaultVariant) ? [...variants, null] : variants;
    return { in: [targeting, served] };
  }

  private member(key: string): Logic {
    if (!this.model.segments.has(key)) return false;
    if (isBig(this.model, key)) return { '===': [{ var: `$derived.s:${key}` }, true] };
    return this.platform === undefined ? { $ref: key } : this.membership(key);
  }

  /** Who is in a segment. Segments in it stand there themselves: references are resolved once only. */
  membership(key: string): Logic {
    if (isBig(this.model, key)) return this.member(key);
    const { included, excluded, groups } = this.model.segments.get(key) as SegmentRules;
    const target = { var: 'targetingKey' };
    const ways = groups.map(({ when }) => allOf(when.map((one) => this.nested(one))));
    const inside = anyOf([...(included.length > 0 ? [{ in: [target, included] }] : []), ...ways]);
    return excluded.length === 0 ? inside : allOf([not({ in: [target, excluded] }), inside]);
  }

  private nested(condition: Condition): Logic {
    if (!('segment' in condition)) return this.condition(condition);
    const known = this.model.segments.has(condition.segment);
    const member = known ? this.membership(condition.segment) : false;
    return condition.operator === 'in' ? member : not(member);
  }

  private split(rollout: Rollout, { seed, bucket_by }: FlagSettings, control: string): Logic {
    const drawing = drawingOf(rollout, seed, control);
    if (drawing.kind === 'all') return drawing.variant;
    if (this.isTold(bucket_by)) {
      const text = bucketText(this.told(bucket_by));
      return text === undefined ? null : variantFor(drawing, text);
    }
    const path = pathOf(bucket_by);
    const drawn =
      drawing.kind === 'one'
        ? fractional(drawing.draw, path)
        : {
            if: [
              { '===': [fractional(drawing.exposure, path), EXPOSED] },
              fractional(drawing.variants, path),
              drawing.control,
            ],
          };
    return { if: [hasBucket(path), drawn] };
  }
}

// Always with the seed: without it flagd draws by the key of the flag, and everybody without a key alike.
const fractional = ({ seed, parts }: Draw, path: string): Logic => ({
  fractional: [{ cat: [seed, variable(path)] }, ...parts],
});
