import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasRepeatedName } from '../../src/platform/repeated-names.js';

describe('hasRepeatedName', () => {
  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":{"c":[1,{"x":1,"x":2}]}}',
    '[{"a":1,"a":2}]',
    '{"a":1,"\\u0061":2}',
    '{ "a" : 1 , "b" : "a:" , "a" : 2 }',
    '{"a":{"a":1},"a":2}',
    '{"":1,"":2}',
    '{"\\"":1,"\\u0022":2}',
  ])('%s has one', (json) => {
    expect(hasRepeatedName(json)).toBe(true);
  });

  test.each([
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"{\\"a\\":1,\\"a\\":2}"}',
    '"a"',
    '{}',
    '[]',
  ])('%s has none', (json) => {
    expect(hasRepeatedName(json)).toBe(false);
  });

  test('no text that JSON.stringify wrote has one; the same text with a member written twice does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.jsonValue(), (value, name, other) => {
        const json = JSON.stringify(value);
        expect(hasRepeatedName(json)).toBe(false);
        const member = `${JSON.stringify(name)}:`;
        expect(hasRepeatedName(`{"outer":{${member}${json},${member}${JSON.stringify(other)}}}`)).toBe(true);
      }),
    );
  });
});
