import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { type PlanVersionContent, planVersionContent } from '@bastionary/contracts/plans';
import { ApiError } from '../../../api/http';
import { readValue, type ValueDraft, writeValue } from '../value-draft';
import type { TypeOf } from '../version-diff';
import { type PriceDraft, readPrice, writePrice } from './price-draft';

/** What stands in the fields of a version. */
export type ContentDraft = { features: Record<string, ValueDraft>; prices: PriceDraft[]; trialDays: string };

/** What is wrong, by field: `features.seats`, `prices.<id>.amount`, `prices.<id>.tiers.0.up_to`, `trial_days`. */
export type ContentFaults = Record<string, string>;

export const readContent = ({ features, prices, trial_days }: PlanVersionContent, typeOf: TypeOf): ContentDraft => ({
  features: Object.fromEntries(Object.entries(features).map(([key, value]) => [key, readValue(typeOf(key), value)])),
  prices: prices.map((price, index) => readPrice(price, `price-${index}`)),
  trialDays: String(trial_days),
});

const whole = (typed: string) => (/^\d{1,7}$/.test(typed.trim()) ? Number(typed) : Number.NaN);

/** The content, or what is wrong with what was typed. */
export const writeContent = (draft: ContentDraft): { body: PlanVersionContent } | { faults: ContentFaults } => {
  const faults: ContentFaults = {};
  const features: Record<string, FeatureValue> = {};
  for (const [key, value] of Object.entries(draft.features)) {
    const written = writeValue(value);
    if ('fault' in written) faults[`features.${key}`] = written.fault;
    else features[key] = written.value;
  }
  const prices = draft.prices.map((price) => {
    const written = writePrice(price);
    for (const [field, fault] of Object.entries(written.faults)) faults[`prices.${price.id}.${field}`] = fault;
    return written.given;
  });
  const parsed = planVersionContent.safeParse({ features, prices, trial_days: whole(draft.trialDays.trim() || '0') });
  for (const { path, message } of parsed.error?.issues ?? []) faults[fieldAt(path.map(String), draft)] ??= message;
  return parsed.data && Object.keys(faults).length === 0 ? { body: parsed.data } : { faults };
};

/** The same of what the server refused. */
export const refusedContent = (error: Error | null, draft: ContentDraft): ContentFaults => {
  const found = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return Object.fromEntries(found.map(({ path, message }) => [fieldAt(path.split('/').slice(1), draft), message]));
};

const fieldAt = ([part = '', index = '', ...field]: string[], draft: ContentDraft) => {
  if (part === 'features') return `features.${index}`;
  const row = part === 'prices' ? draft.prices[Number(index)] : undefined;
  return row ? ['prices', row.id, ...field].join('.') : part;
};
