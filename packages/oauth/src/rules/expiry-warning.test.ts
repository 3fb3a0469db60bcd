import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dueWarning, expiryWarnings, type GivenWarning } from './expiry-warning.js';

const DAY = 86_400_000;
const NOW = Date.parse('2027-01-01T00:00:00Z');
const inDays = (days: number): Date => new Date(NOW + days * DAY);

describe('dueWarning', () => {
  const end = inDays(5);
  test.each([
    ['far away', inDays(31), null, null],
    ['a moment too early', new Date(NOW + 30 * DAY + 1), null, null],
    ['30 days', inDays(30), null, 30],
    ['between', inDays(8), null, 30],
    ['a week', inDays(7), null, 7],
    ['a day', inDays(1), null, 1],
    ['the last moment', new Date(NOW + 1), null, 1],
    ['over', inDays(0), null, null],
    ['long over', inDays(-3), null, null],
    ['given already', end, { expiresAt: end, days: 7 }, null],
    ['the nearer one was given', inDays(6), { expiresAt: inDays(6), days: 1 }, null],
    ['the one before was given', end, { expiresAt: end, days: 30 }, 7],
    ['the end has moved: anew', end, { expiresAt: inDays(4), days: 7 }, 7],
    ['the end has moved far away', inDays(300), { expiresAt: end, days: 7 }, null],
  ])('%s', (_what, expiresAt, given, expected) => {
    expect(dueWarning(expiresAt, given, NOW)).toBe(expected);
  });

  test('whenever the worker looks, each warning is given at most once, in falling order, and the last one always if it looks on the last day', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2 * DAY, max: 40 * DAY }), { maxLength: 30 }), (looks) => {
        let given: GivenWarning | null = null;
        const warned: number[] = [];
        for (const left of looks.sort((a, b) => b - a)) {
          const days = dueWarning(new Date(NOW), given, NOW - left);
          if (days === null) continue;
          warned.push(days);
          given = { expiresAt: new Date(NOW), days };
        }
        expect(warned).toEqual([...new Set(warned)].sort((a, b) => b - a));
        expect(warned.includes(1)).toBe(looks.some((left) => left > 0 && left <= DAY));
      }),
    );
  });
});

describe('expiryWarnings', () => {
  const none = { label: null, hint: '…ab', expiresAt: null };
  test('name the client and each credential that ends within 30 days', () => {
    const credentials = [
      none,
      { ...none, label: 'ci', expiresAt: inDays(2) },
      { ...none, expiresAt: inDays(30) },
      { ...none, expiresAt: inDays(31) },
      { ...none, expiresAt: inDays(0) },
    ];
    expect(expiryWarnings({ expiry: inDays(7), credentials }, NOW)).toEqual([
      {
        code: 'client_expires_soon',
        message: 'The client expires in 7 d (2027-01-08T00:00:00Z) and gets no token from then on.',
      },
      { code: 'credential_expires_soon', message: 'The credential ‘ci’ expires in 2 d (2027-01-03T00:00:00Z).' },
      { code: 'credential_expires_soon', message: 'The credential …ab expires in 30 d (2027-01-31T00:00:00Z).' },
    ]);
  });

  test('are none where nothing ends soon', () => {
    expect(expiryWarnings({ expiry: inDays(31), credentials: [none] }, NOW)).toEqual([]);
    expect(expiryWarnings({ expiry: inDays(-1), credentials: [] }, NOW)).toEqual([]);
  });
});
