import type { Combine, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combined, combinesOf, emptyValue, timesQuantity, valueFault } from './feature-value.js';

const MAX = Number.MAX_SAFE_INTEGER;

describe('values of each type', () => {
  test.each<[FeatureType, unknown, boolean]>([
    ['switch', true, true],
    ['switch', false, true],
    ['switch', null, false],
    ['switch', 0, false],
    ['switch', 'true', false],
    ['limit', 0, true],
    ['limit', MAX, true],
    ['limit', null, true],
    ['limit', MAX + 1, false],
    ['limit', -1, false],
    ['limit', 1.5, false],
    ['limit', '5', false],
    ['limit', true, false],
    ['value', 'eu', true],
    ['value', null, true],
    ['value', { regions: ['eu', 'us'] }, true],
  ])('a %s may be %j: %s', (type, value, fits) => {
    expect(valueFault(type, value) === undefined).toBe(fits);
  });

  test.each<[FeatureType, readonly Combine[], FeatureValue]>([
    ['switch', ['any', 'latest'], false],
    ['limit', ['max', 'sum', 'latest'], 0],
    ['value', ['latest'], null],
  ])('a %s combines by %j and is %j where nobody gave it', (type, combines, empty) => {
    expect([combinesOf(type), emptyValue(type)]).toEqual([combines, empty]);
    expect(valueFault(type, empty)).toBeUndefined();
  });
});

describe('several grants become one value', () => {
  test.each<[FeatureType, Combine, FeatureValue[], FeatureValue | undefined]>([
    ['switch', 'any', [], undefined],
    ['switch', 'any', [false, true, false], true],
    ['switch', 'any', [false, false], false],
    ['switch', 'latest', [true, false], false],
    ['limit', 'max', [3, 9, 4], 9],
    ['limit', 'max', [3, null, 4], null],
    ['limit', 'max', [0], 0],
    ['limit', 'sum', [3, 9, 4], 16],
    ['limit', 'sum', [3, null], null],
    ['limit', 'sum', [MAX, 1], MAX],
    ['limit', 'latest', [null, 4], 4],
    ['limit', 'latest', [4, null], null],
    ['value', 'latest', ['a', { b: 1 }], { b: 1 }],
    ['value', 'latest', ['a', null], null],
  ])('%s by %s of %j is %j', (type, combine, values, expected) => {
    expect(combined({ type, combine }, values)).toEqual(expected);
  });

  const limits = fc.array(fc.option(fc.nat(1_000_000)), { minLength: 1 });
  test('max and sum do not care for the order, and sum is never below max', () => {
    fc.assert(
      fc.property(limits, (values) => {
        const [max, sum] = (['max', 'sum'] as const).map((combine) => [
          combined({ type: 'limit', combine }, values),
          combined({ type: 'limit', combine }, values.toReversed()),
        ]);
        expect([max?.[0], sum?.[0]]).toEqual([max?.[1], sum?.[1]]);
        expect((sum?.[0] ?? Infinity) >= (max?.[0] ?? Infinity)).toBe(true);
      }),
    );
  });

  test('what comes out is a value of the type', () => {
    fc.assert(
      fc.property(fc.constantFrom<Combine>('max', 'sum', 'latest'), limits, (combine, values) => {
        expect(valueFault('limit', combined({ type: 'limit', combine }, values))).toBeUndefined();
      }),
    );
  });
});

test.each<[FeatureType, Combine, FeatureValue, number, FeatureValue]>([
  ['limit', 'sum', 10, 3, 30],
  ['limit', 'sum', null, 3, null],
  ['limit', 'sum', MAX, 2, MAX],
  ['limit', 'max', 10, 3, 10],
  ['switch', 'any', true, 3, true],
  ['value', 'latest', 7, 3, 7],
])('a %s by %s of %j, %i times, is %j', (type, combine, value, quantity, expected) => {
  expect(timesQuantity({ type, combine }, value, quantity)).toEqual(expected);
});
