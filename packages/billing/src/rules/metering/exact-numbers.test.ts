import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactly } from './exact-numbers.js';

const read = (json: string) => exactly(json, JSON.parse(json));

describe('exactly', () => {
  test.each([
    '0.1',
    '123456789012345',
    '9007199254740991',
    '0.30000000000000004',
    '1e3',
    '1.50',
    '-0.0',
    '0.000001',
    '1E-7',
    '100000000000000000000',
    '5e-324',
  ])('%s is kept', (number) => {
    expect(read(`{"a":${number}}`)).toEqual({ a: Number(number) });
  });

  test.each([
    '9007199254740993',
    '0.1234567890123456789',
    '1e400',
    '123456789012345678901',
    '0.100000000000000000001',
    '1e-400',
  ])('%s would be rounded', (number) => {
    expect(read(`[{"a":${number}},1]`)).toEqual([{ a: Number.NaN }, 1]);
  });

  test('what JavaScript wrote is kept as it is, texts full of digits too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.double({ noNaN: true, noDefaultInfinity: true }), (value, number) => {
        const json = JSON.stringify({ value, number, text: '12345678901234567890 1e9' });
        expect(read(json)).toEqual(JSON.parse(json));
      }),
    );
  });
});
