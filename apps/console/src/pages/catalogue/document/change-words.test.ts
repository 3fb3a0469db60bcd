import type { CatalogueChange } from '@bastionary/contracts/catalogue';
import type { FeatureType } from '@bastionary/contracts/entitlements';
import { expect, test } from '@jest/globals';
import { diffSentence } from '../version-diff';
import { addedTypes, changeWords } from './change-words';

const TYPES: Record<string, FeatureType> = { seats: 'limit', sso: 'switch' };

test.each<[CatalogueChange, string]>([
  [
    {
      path: '/features/export',
      change: 'created',
      to: { key: 'export', name: 'Export', type: 'switch', combine: 'any', default: false, description: null },
    },
    'created Feature export: name added (Export); type added (switch); combine added (on if any); default added (off)',
  ],
  [
    { path: '/features/seats', change: 'updated', from: { default: 5 }, to: { default: null } },
    'updated Feature seats: default 5 → unlimited',
  ],
  [
    { path: '/plans/pro', change: 'updated', from: { description: null }, to: { description: 'For teams' } },
    'updated Plan pro: description none → For teams',
  ],
  [
    {
      path: '/plans/pro/versions/2',
      change: 'created',
      to: { features: { seats: 6, export: true }, prices: [], trial_days: 14 },
    },
    'created pro, version 2: export added; seats added (6); trial added (14 days)',
  ],
  [
    {
      path: '/plans/pro/versions/2',
      change: 'updated',
      from: { features: { seats: 6 } },
      to: { features: { seats: 1_000 } },
    },
    'updated pro, version 2: seats 6 → 1,000',
  ],
  [{ path: '/plans/pro/versions/2', change: 'published', to: { status: 'published' } }, 'published pro, version 2: '],
])('%j', (change, words) => {
  const types = new Map([...Object.entries(TYPES), ['export', 'switch' as const]] as [string, FeatureType][]);
  const { act, title, differences } = changeWords(change, (key) => types.get(key) ?? 'value');
  expect(`${act} ${title}: ${diffSentence(differences)}`).toBe(words);
});

test('the types of what is added are known before it is there', () => {
  const to = { key: 'export', type: 'switch' };
  expect([...addedTypes([{ path: '/features/export', change: 'created', to }])]).toEqual([['export', 'switch']]);
});
