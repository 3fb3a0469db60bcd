import type { FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import { readValue, writeValue } from './value-draft';

test.each<[FeatureType, FeatureValue]>([
  ['switch', true],
  ['switch', false],
  ['limit', 0],
  ['limit', 1_000],
  ['limit', Number.MAX_SAFE_INTEGER],
  ['limit', null],
  ['value', 'gold'],
  ['value', ''],
  ['value', null],
  ['value', 5],
  ['value', { regions: ['eu', 'us'], level: 2 }],
])('a %s that is %j survives its field', (type, value) => {
  expect(writeValue(readValue(type, value))).toEqual({ value });
});

describe('a limit', () => {
  const typed = (text: string) => writeValue({ type: 'limit', typed: text, isUnlimited: false });
  test.each([
    ['1,000', 1_000],
    [' 12 000 ', 12_000],
    ["1'000'000", 1_000_000],
    ['007', 7],
  ])('typed as %j is %d', (text, value) => {
    expect(typed(text)).toEqual({ value });
  });

  test.each(['', 'x', '-1', '1.5', '1.500', '1,5', '10,00', '1e3'])('typed as %j is refused', (text) => {
    expect(typed(text)).toEqual({ fault: 'must be a whole number, such as 1000, or unlimited' });
  });

  test('beyond what is held exactly is refused', () => {
    expect(typed('9007199254740993')).toEqual({ fault: expect.stringContaining('9007199254740991') });
  });
});

test('JSON that is none is refused, and a text that looks like it is a text', () => {
  expect(writeValue({ type: 'value', typed: '{"a":', form: 'json' })).toEqual({ fault: 'is not JSON' });
  expect(writeValue({ type: 'value', typed: '{"a":', form: 'text' })).toEqual({ value: '{"a":' });
});
