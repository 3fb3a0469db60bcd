import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { type PlanVersionContent, type Price, planVersionContent } from '@bastionary/contracts/plans';
import { ApiError } from '../../../api/http';
import { readValue, type ValueDraft, writeValue } from '../value-draft';
import type { TypeOf } from '../version-diff';

/** `id` tells the rows apart while they are being typed. */
export type PriceDraft = Omit<Price, 'interval_count' | 'key'> & { id: string; key: string; intervalCount: string };

/** What stands in the fields of a version. */
export type ContentDraft = { features: Record<string, ValueDraft>; prices: PriceDraft[]; trialDays: string };

/** What is wrong, by field: `features.seats`, `prices.<id>.amount`, `trial_days`. */
export type ContentFaults = Record<string, string>;

export const readContent = ({ features, prices, trial_days }: PlanVersionContent, typeOf: TypeOf): ContentDraft => ({
  features: Object.fromEntries(Object.entries(features).map(([key, value]) => [key, readValue(typeOf(key), value)])),
  prices: prices.map(({ key = '', interval_count, ...price }, index) => ({
    ...price,
    key,
    id: `price-${index}`,
    intervalCount: String(interval_count),
  })),
  trialDays: String(trial_days),
});

let rows = 0;
/** In the currency and rhythm of the one before it. */
export const emptyPrice = (before: PriceDraft | undefined): PriceDraft => {
  rows += 1;
  return {
    id: `new-${rows}`,
    key: '',
    kind: 'flat',
    amount: '',
    currency: before?.currency ?? 'EUR',
    interval: before?.interval ?? 'month',
    intervalCount: before?.intervalCount ?? '1',
    billing: before?.billing ?? 'in_advance',
  };
};

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
  const parsed = planVersionContent.safeParse({
    features,
    prices: draft.prices.map(({ id: _, key, intervalCount, amount, currency, ...price }) => ({
      ...price,
      ...(key.trim() && { key: key.trim() }),
      amount: amount.trim().replace(',', '.'),
      currency: currency.trim().toUpperCase(),
      interval_count: whole(intervalCount),
    })),
    trial_days: whole(draft.trialDays.trim() || '0'),
  });
  for (const { path, message } of parsed.error?.issues ?? []) faults[fieldAt(path.map(String), draft)] ??= message;
  return parsed.data && Object.keys(faults).length === 0 ? { body: parsed.data } : { faults };
};

/** The same of what the server refused. */
export const refusedContent = (error: Error | null, draft: ContentDraft): ContentFaults => {
  const found = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return Object.fromEntries(found.map(({ path, message }) => [fieldAt(path.split('/').slice(1), draft), message]));
};

const fieldAt = ([part = '', index = '', field = '']: string[], draft: ContentDraft) => {
  if (part === 'features') return `features.${index}`;
  const row = part === 'prices' ? draft.prices[Number(index)] : undefined;
  return row ? `prices.${row.id}.${field}` : part;
};
