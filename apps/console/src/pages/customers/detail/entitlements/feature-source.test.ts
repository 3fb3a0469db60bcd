import type { Override } from '@bastionary/contracts/entitlements';
import type { Plan } from '@bastionary/contracts/plans';
import { expect, test } from '@jest/globals';
import { sourceOf } from './feature-source';

const plan = (key: string, ...versions: Record<string, unknown>[]) =>
  ({ key, versions: versions.map((features, index) => ({ version: index + 1, features })) }) as unknown as Plan;
const override = (feature: string, expires_at: string | null) => ({ feature, expires_at }) as Override;

const NOW = Date.parse('2027-01-01T00:00:00Z');
const catalogue = [plan('pro', { calls: 1 }, { calls: 2, api: true }), plan('extra', { calls: 3 })];
const from = (feature: string, overrides: Override[], ...plans: string[]) =>
  sourceOf(feature, { plans, overrides, catalogue, now: NOW });

test.each([
  ['calls', ['pro@2'], ['pro@2']],
  ['calls', ['extra@1', 'pro@1'], ['extra@1', 'pro@1']],
  ['api', ['extra@1', 'pro@2'], ['pro@2']],
])('%s with the plans %j comes from %j', (feature, plans, giving) => {
  expect(from(feature, [], ...plans)).toEqual({ kind: 'plans', plans: giving });
});

test.each([
  ['api', ['pro@1']],
  ['calls', []],
  ['calls', ['gone@1']],
  ['toString', ['pro@2']],
])('%s with the plans %j is the default', (feature, plans) => {
  expect(from(feature, [], ...plans)).toEqual({ kind: 'default' });
});

test('an override wins until just before its end', () => {
  const forever = override('calls', null);
  expect(from('calls', [forever], 'pro@2')).toEqual({ kind: 'override', override: forever });
  const later = override('calls', '2027-01-01T00:00:01Z');
  expect(from('calls', [later], 'pro@2')).toEqual({ kind: 'override', override: later });
  expect(from('calls', [override('calls', '2027-01-01T00:00:00Z')], 'pro@2').kind).toBe('plans');
  expect(from('calls', [override('api', null)], 'pro@2').kind).toBe('plans');
});
