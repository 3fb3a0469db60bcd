import { type FeatureType, type FeatureValue, jsonValue } from '@bastionary/contracts/entitlements';
import { valueFault } from '@bastionary/entitlements/rules/feature-value';

/** What stands in the field of a feature's value. */
export type ValueDraft =
  | { type: 'switch'; isOn: boolean }
  | { type: 'limit'; typed: string; isUnlimited: boolean }
  | { type: 'value'; typed: string; form: 'text' | 'json' };

export const readValue = (type: FeatureType, value: FeatureValue): ValueDraft => {
  if (type === 'switch') return { type, isOn: value === true };
  if (type === 'limit') return { type, typed: value === null ? '' : String(value), isUnlimited: value === null };
  if (typeof value === 'string') return { type, typed: value, form: 'text' };
  return { type, typed: JSON.stringify(value, null, 2), form: 'json' };
};

/** The value, or what is wrong with what was typed. */
export const writeValue = (draft: ValueDraft): { value: FeatureValue } | { fault: string } => {
  const value = read(draft);
  if (value === undefined) return { fault: draft.type === 'limit' ? NO_NUMBER : 'is not JSON' };
  const fault = valueFault(draft.type, value) ?? jsonValue.safeParse(value).error?.issues[0]?.message;
  return fault === undefined ? { value } : { fault };
};

// Digits, grouped by threes or not. A point could be that of a fraction.
const IN_GROUPS = /^(\d{1,16}|\d{1,3}([\s,'’_]\d{3}){1,4})$/;
const NO_NUMBER = 'must be a whole number, such as 1000, or unlimited';

const read = (draft: ValueDraft): FeatureValue | undefined => {
  if (draft.type === 'switch') return draft.isOn;
  if (draft.type === 'limit') {
    if (draft.isUnlimited) return null;
    const typed = draft.typed.trim();
    return IN_GROUPS.test(typed) ? Number(typed.replaceAll(/\D/g, '')) : undefined;
  }
  if (draft.form === 'text') return draft.typed;
  try {
    return JSON.parse(draft.typed) as FeatureValue;
  } catch {
    return undefined;
  }
};
