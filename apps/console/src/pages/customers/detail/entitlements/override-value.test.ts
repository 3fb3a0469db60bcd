import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { expect, test } from '@jest/globals';
import { readValue, writeValue } from './override-value';

test.each<[FeatureType, FeatureValue]>([
  ['switch', true],
  ['switch', false],
  ['limit', 0],
  ['limit', 5_000],
  ['limit', null],
  ['limit', Number.MAX_SAFE_INTEGER],
  ['value', 'eu'],
  ['value', null],
  ['value', { regions: ['eu', 'us'] }],
])('a %s of %j survives its fields', (type, value) => {
  expect(writeValue(type, readValue(type, value))).toEqual({ value });
});

test.each(['', '-1', '1.5', '1e3', '9007199254740993', 'x'])('%j is no limit', (typed) => {
  expect(writeValue('limit', { isOn: false, isUnlimited: false, typed })).toEqual({
    fault: 'must be a whole number of 0 or more',
  });
});

test.each(['', 'eu', '{'])('%j is no value', (typed) => {
  expect(writeValue('value', { isOn: false, isUnlimited: false, typed })).toEqual({
    fault: 'must be JSON; a text stands in quotes, such as "eu"',
  });
});
