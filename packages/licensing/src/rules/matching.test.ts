import type { MatchingStrategy } from '@bastionary/contracts/license-policies';
import { describe, expect, test } from '@jest/globals';
import { isMatch } from './matching.js';
import { collides, collisionScope, isStricter, type Place, type UniquenessStrategy } from './uniqueness.js';

test.each<[MatchingStrategy, string, string, boolean]>([
  ['MATCH_ANY', 'abc', 'c', true],
  ['MATCH_ANY', 'abc', 'd', false],
  ['MATCH_TWO', 'abc', 'c', false],
  ['MATCH_TWO', 'abc', 'ac', true],
  ['MATCH_TWO', 'a', 'abc', false],
  ['MATCH_TWO', 'aa', 'a', false],
  ['MATCH_MOST', 'abc', 'a', false],
  ['MATCH_MOST', 'abc', 'ab', true],
  ['MATCH_MOST', 'abcd', 'ad', true],
  ['MATCH_MOST', 'abbb', 'a', true],
  ['MATCH_ALL', 'abc', 'abcd', true],
  ['MATCH_ALL', 'abc', 'ab', false],
  ['MATCH_ALL', 'aab', 'ab', true],
])('%s: of %s are known %s: %s', (strategy, asked, known, expected) => {
  expect(isMatch(strategy, [...asked], [...known])).toBe(expected);
});

describe('uniqueness', () => {
  const place: Place = { productId: 'prd_1', policyId: 'pol_1', licenseId: 'lic_1', machineId: 'mac_1' };
  const sameMachine = { ...place };
  const sameLicense = { ...place, machineId: 'mac_2' };
  const samePolicy = { ...sameLicense, licenseId: 'lic_2' };
  const sameProduct = { ...samePolicy, policyId: 'pol_2' };
  const sameAccount = { ...sameProduct, productId: 'prd_2' };
  const places = [sameMachine, sameLicense, samePolicy, sameProduct, sameAccount];
  const strategies: [UniquenessStrategy, object][] = [
    ['UNIQUE_PER_MACHINE', { machineId: 'mac_1' }],
    ['UNIQUE_PER_LICENSE', { licenseId: 'lic_1' }],
    ['UNIQUE_PER_POLICY', { policyId: 'pol_1' }],
    ['UNIQUE_PER_PRODUCT', { productId: 'prd_1' }],
    ['UNIQUE_PER_ACCOUNT', {}],
  ];

  test.each(strategies)('%s collides with all that is in the same one, and no further', (strategy, scope) => {
    const reach = strategies.findIndex(([name]) => name === strategy);
    expect(collisionScope(strategy, place)).toEqual(scope);
    expect(places.map((other) => collides(strategy, place, other))).toEqual(places.map((_, index) => index <= reach));
    expect(strategies.map(([other]) => isStricter(strategy, other))).toEqual(
      strategies.map((_, index) => index < reach),
    );
  });
});
