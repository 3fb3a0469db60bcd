import { expect, test } from '@jest/globals';
import { ownPath } from './return-to';

const ORIGIN = 'https://auth.example';

test.each([
  ['/clients?status=active', '/clients?status=active'],
  ['/clients/a?tab=scopes#x', '/clients/a?tab=scopes'],
  [undefined, '/'],
  ['', '/'],
  ['clients', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example/clients', '/'],
  ['javascript:alert(1)', '/'],
])('after signing in, %j leads to %j', (candidate, path) => {
  expect(ownPath(candidate, ORIGIN)).toBe(path);
});
