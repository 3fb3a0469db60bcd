import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { valueFault } from '@bastionary/entitlements/rules/feature-value';

/** What the fields of a value hold. */
export type ValueDraft = { isOn: boolean; isUnlimited: boolean; typed: string };

export const readValue = (type: FeatureType, value: FeatureValue): ValueDraft => ({
  isOn: value === true,
  isUnlimited: type === 'limit' && value === null,
  typed: type === 'limit' ? (value === null ? '' : String(value)) : JSON.stringify(value),
});

/** The value of a feature of that type, or what is wrong with what was typed. */
export const writeValue = (type: FeatureType, draft: ValueDraft): { value: FeatureValue } | { fault: string } => {
  if (type === 'switch') return { value: draft.isOn };
  const typed = draft.typed.trim();
  if (type === 'limit') {
    const value = draft.isUnlimited ? null : /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
    return valueFault(type, value) === undefined ? { value } : { fault: 'must be a whole number of 0 or more' };
  }
  try {
    return { value: JSON.parse(typed) as FeatureValue };
  } catch {
    return { fault: 'must be JSON; a text stands in quotes, such as "eu"' };
  }
};
