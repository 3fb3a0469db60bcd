import { expect, test } from '@jest/globals';
import { readKeys } from './pasted-keys';

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };

test('one key and a set are both a set', () => {
  expect(readKeys(JSON.stringify(KEY))).toEqual({ keys: [KEY] });
  expect(readKeys(` ${JSON.stringify({ keys: [KEY, KEY] })}\n`)).toEqual({ keys: [KEY, KEY] });
});

test.each([
  ['', 'not JSON'],
  ['-----BEGIN PUBLIC KEY-----', 'not JSON'],
  ['{"keys":[]}', 'holds no key'],
  ['{}', '"kty"'],
  ['[]', '"kty"'],
  ['null', '"kty"'],
  ['"text"', '"kty"'],
  ['{"keys":[null]}', '"kty"'],
])('%j is told what is wrong with it', (pasted, words) => {
  expect(readKeys(pasted)).toContain(words);
});

test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
  'a key with the secret member %s never becomes a request',
  (member) => {
    expect(readKeys(JSON.stringify({ keys: [KEY, { ...KEY, [member]: 'secret' }] }))).toContain(`"${member}"`);
  },
);
