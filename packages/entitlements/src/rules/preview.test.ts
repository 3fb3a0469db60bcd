import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gainsAndLosses } from './preview.js';

const of = (type: FeatureType, from: FeatureValue, to: FeatureValue) =>
  gainsAndLosses(() => type, { x: from }, { x: to });

describe('what a change means', () => {
  test.each<[FeatureType, FeatureValue, FeatureValue, 'gains' | 'loses' | 'both' | 'nothing']>([
    ['switch', false, true, 'gains'],
    ['switch', true, false, 'loses'],
    ['switch', true, true, 'nothing'],
    ['limit', 5, 6, 'gains'],
    ['limit', 6, 5, 'loses'],
    ['limit', 5, null, 'gains'],
    ['limit', null, 5, 'loses'],
    ['limit', null, null, 'nothing'],
    ['value', null, 'eu', 'gains'],
    ['value', 'eu', null, 'loses'],
    ['value', 'eu', 'us', 'both'],
    ['value', { a: 1, b: 2 }, { b: 2, a: 1 }, 'nothing'],
  ])('a %s from %j to %j: %s', (type, from, to, expected) => {
    const { gains, loses } = of(type, from, to);
    const change = { x: { from, to } };
    expect(gains).toEqual(['gains', 'both'].includes(expected) ? change : {});
    expect(loses).toEqual(['loses', 'both'].includes(expected) ? change : {});
  });

  test('a feature that comes or goes counts as empty where it is not', () => {
    const type = (key: string): FeatureType => (key === 'seats' ? 'limit' : 'switch');
    expect(gainsAndLosses(type, { api: true }, { seats: 3 })).toEqual({
      gains: { seats: { from: 0, to: 3 } },
      loses: { api: { from: true, to: false } },
    });
    expect(gainsAndLosses(type, { api: false }, {})).toEqual({ gains: {}, loses: {} });
  });
});

test('there and back: what is gained is lost', () => {
  const features = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(fc.nat(3)));
  fc.assert(
    fc.property(features, features, (before, after) => {
      const there = gainsAndLosses(() => 'limit', before, after);
      const back = gainsAndLosses(() => 'limit', after, before);
      const turned = Object.entries(back.loses).map(([key, { from, to }]) => [key, { from: to, to: from }]);
      expect(there.gains).toEqual(Object.fromEntries(turned));
    }),
  );
});
