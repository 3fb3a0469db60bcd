import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';

export const TYPES: Record<FeatureType, { label: string; description: string }> = {
  switch: { label: 'Switch', description: 'On or off: single sign-on, audit export.' },
  limit: { label: 'Limit', description: 'A whole number, or unlimited: seats, API calls.' },
  value: { label: 'Value', description: 'A text or JSON: a support tier, a list of regions.' },
};

/** What becomes of a feature that a customer has from several plans and add-ons. */
export const COMBINES: Record<Combine, { label: string; description: string }> = {
  any: { label: 'On if any', description: 'On as soon as one of them switches it on.' },
  sum: { label: 'Sum', description: 'They add up: two packs of 5 seats are 10.' },
  max: { label: 'Largest', description: 'The largest counts; unlimited is the largest.' },
  latest: { label: 'Newest', description: 'The one that was given last counts.' },
};

/** A value of a feature in words: on, 1,000, unlimited, gold, {"a":1}. */
export const valueWords = (type: FeatureType, value: FeatureValue): string => {
  if (type === 'limit' && value === null) return 'unlimited';
  if (value === null) return 'none';
  if (typeof value === 'boolean' && type === 'switch') return value ? 'on' : 'off';
  if (typeof value === 'number') return value.toLocaleString();
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** `API calls` → `api_calls`: what a key could be, until somebody says otherwise. */
export const keyFrom = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9.-]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 64);
