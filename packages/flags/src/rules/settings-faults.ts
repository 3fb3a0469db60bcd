import type { Condition, FlagSettings, Rollout, SegmentRules } from '@bastionary/contracts/flag-rules';
import type { FieldFault } from '@bastionary/contracts/problem';
import type { EnvironmentModel } from './model.js';
import { patternFault } from './pattern.js';

const fault = (path: string, message: string): FieldFault => ({ path, code: 'invalid_value', message });

/**
 * Why a flag cannot do this in an environment: it names what is not there.
 * @param path where the settings stand in the request, as a JSON Pointer
 */
export function settingsFaults(model: EnvironmentModel, key: string, settings: FlagSettings, path = ''): FieldFault[] {
  const check = new Check(model);
  const own = Object.keys(model.flags.get(key)?.definition.variants ?? {});
  const ids = settings.rules.map(({ id }) => id);
  settings.rules.forEach((rule, index) => {
    const at = `${path}/rules/${index}`;
    if (ids.indexOf(rule.id) !== index) check.faults.push(fault(`${at}/id`, `is the id of another rule: ${rule.id}`));
    if (rule.variant !== undefined) check.variant(`${at}/variant`, rule.variant, own);
    check.rollout(`${at}/rollout`, rule.rollout ?? [], own);
    check.conditions(`${at}/when`, rule.when);
  });
  check.rollout(`${path}/rollout`, settings.rollout ?? [], own);
  settings.prerequisites.forEach(({ flag, variants }, index) => {
    const at = `${path}/prerequisites/${index}`;
    check.flag(`${at}/flag`, flag, (known) => {
      variants.forEach((variant, place) => {
        check.variant(`${at}/variants/${place}`, variant, known);
      });
    });
  });
  return check.faults;
}

/** The same of who is in a segment. */
export function segmentFaults(model: EnvironmentModel, { groups }: SegmentRules): FieldFault[] {
  const check = new Check(model);
  groups.forEach(({ when }, index) => {
    check.conditions(`/groups/${index}/when`, when);
    when.forEach((condition, place) => {
      if ('flag' in condition)
        check.faults.push(fault(`/groups/${index}/when/${place}`, 'a segment cannot ask for a flag'));
    });
  });
  return check.faults;
}

class Check {
  readonly faults: FieldFault[] = [];

  constructor(private readonly model: EnvironmentModel) {}

  variant(path: string, name: string, known: readonly string[]): void {
    if (!known.includes(name)) this.faults.push(fault(path, `must be one of the variants: ${known.join(', ')}`));
  }

  rollout(path: string, shares: Rollout, known: readonly string[]): void {
    shares.forEach(({ variant }, index) => {
      this.variant(`${path}/${index}/variant`, variant, known);
    });
  }

  flag(path: string, key: string, then: (variants: readonly string[]) => void): void {
    const flag = this.model.flags.get(key);
    if (flag === undefined) this.faults.push(fault(path, `there is no flag ${key}, or it is archived`));
    else then(Object.keys(flag.definition.variants));
  }

  conditions(path: string, when: readonly Condition[]): void {
    when.forEach((condition, index) => {
      const at = `${path}/${index}`;
      if ('flag' in condition) {
        this.flag(`${at}/flag`, condition.flag, (known) => this.variant(`${at}/variant`, condition.variant, known));
      } else if ('segment' in condition) {
        if (!this.model.segments.has(condition.segment))
          this.faults.push(fault(`${at}/segment`, `there is no segment ${condition.segment}`));
      } else if (condition.operator === 'matches') {
        const problem = patternFault(condition.value);
        if (problem !== null) this.faults.push(fault(`${at}/value`, problem));
      }
    });
  }
}
