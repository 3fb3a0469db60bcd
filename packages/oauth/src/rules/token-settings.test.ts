import { describe, expect, test } from '@jest/globals';
import { type TokenWishes, tokenSettings } from './token-settings.js';

const wishes = (given: Partial<TokenWishes> = {}): TokenWishes => ({
  accessTokenTtl: null,
  accessTokenFormat: null,
  dpopRequired: false,
  ...given,
});

describe('what a token is', () => {
  test('without any wish: a JWT of the default life', () => {
    expect(tokenSettings(wishes(), [wishes()], 900)).toEqual({ ttlSeconds: 900, format: 'jwt', dpopRequired: false });
  });
  test.each([
    [600, [null], 600],
    [null, [300], 300],
    [600, [300, 1_200], 300],
    [60, [300], 60],
    [3_600, [null, 7_200], 3_600],
  ])('client %s, resources %j: %s seconds', (client, resources, expected) => {
    const settings = tokenSettings(
      wishes({ accessTokenTtl: client }),
      resources.map((accessTokenTtl) => wishes({ accessTokenTtl })),
      900,
    );
    expect(settings.ttlSeconds).toBe(expected);
  });
  test.each([
    [null, [null], 'jwt'],
    [null, ['opaque'], 'opaque'],
    [null, ['jwt', 'opaque'], 'opaque'],
    ['jwt', ['opaque'], 'jwt'],
    ['opaque', ['jwt'], 'opaque'],
  ] as const)('client %s, resources %j: %s', (client, resources, expected) => {
    const settings = tokenSettings(
      wishes({ accessTokenFormat: client }),
      resources.map((accessTokenFormat) => wishes({ accessTokenFormat })),
      900,
    );
    expect(settings.format).toBe(expected);
  });
  test('DPoP is needed as soon as one demands it', () => {
    expect(tokenSettings(wishes({ dpopRequired: true }), [wishes()], 900).dpopRequired).toBe(true);
    expect(tokenSettings(wishes(), [wishes(), wishes({ dpopRequired: true })], 900).dpopRequired).toBe(true);
  });
});
