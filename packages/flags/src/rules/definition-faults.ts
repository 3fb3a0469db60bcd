import type { FlagType, FlagValue } from '@bastionary/contracts/flags';
import type { FieldFault } from '@bastionary/contracts/problem';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Definition {
  readonly type: FlagType;
  readonly variants: Readonly<Record<string, FlagValue>>;
  readonly default_variant: string;
  readonly off_variant: string;
  readonly schema: Readonly<Record<string, unknown>> | null;
}

const fault = (path: string, message: string): FieldFault => ({ path, code: 'invalid_value', message });

/** Why a flag cannot be as it is wanted: variants of another type, a default that is no variant, a schema not fulfilled. */
export function definitionFaults(flag: Definition): FieldFault[] {
  const { type, variants, schema } = flag;
  const faults: FieldFault[] = [];
  for (const [name, value] of Object.entries(variants)) {
    if (typeof value !== type) faults.push(fault(`/variants/${name}`, `must be a ${type}, as the flag is`));
  }
  for (const field of ['default_variant', 'off_variant'] as const) {
    if (Object.hasOwn(variants, flag[field])) continue;
    const names = Object.keys(variants).join(', ');
    faults.push(fault(`/${field}`, `must be one of the variants: ${names}`));
  }
  if (schema === null) return faults;
  if (type !== 'object') return [...faults, fault('/schema', 'is for object flags only')];
  return [...faults, ...schemaFaults(schema, variants)];
}

function schemaFaults(schema: object, variants: Readonly<Record<string, FlagValue>>): FieldFault[] {
  const checker = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  try {
    const check = checker.compile(schema);
    return Object.entries(variants)
      .filter(([, value]) => !check(value))
      .map(([name]) => {
        check(variants[name]);
        const [first] = check.errors ?? [];
        return fault(`/variants/${name}${first?.instancePath ?? ''}`, `does not fulfil the schema: ${first?.message}`);
      });
  } catch (error) {
    return [fault('/schema', `is no JSON Schema that can be used: ${error instanceof Error ? error.message : ''}`)];
  }
}
