import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { percentage } from './percentage.js';
import { startOf, waterfall, windowsOf } from './waterfall.js';

const at = (text: string): Date => new Date(`${text}T00:00:00Z`);

describe('windows of a span', () => {
  test.each([
    ['month', '2026-01-15', '2026-03-10', ['2026-01-15', '2026-02-01', '2026-03-01']],
    ['month', '2026-01-01', '2026-03-01', ['2026-01-01', '2026-02-01']],
    ['week', '2026-01-01', '2026-01-13', ['2026-01-01', '2026-01-05', '2026-01-12']],
    ['quarter', '2025-11-30', '2026-04-02', ['2025-11-30', '2026-01-01', '2026-04-01']],
    ['year', '2025-06-01', '2027-01-01', ['2025-06-01', '2026-01-01']],
    ['day', '2026-02-27', '2026-03-02', ['2026-02-27', '2026-02-28', '2026-03-01']],
    ['month', '2026-01-01', '2026-01-01', []],
  ] as const)('%s from %s to %s', (window, from, to, starts) => {
    expect(windowsOf({ from: at(from), to: at(to) }, window).map((one) => one.from)).toEqual(starts.map(at));
  });

  test('they tile the span, and each lies in one window of the calendar', () => {
    const day = fc.integer({ min: 0, max: 4_000 }).map((days) => new Date(Date.UTC(2020, 0, 1) + days * 86_400_000));
    const kinds = fc.constantFrom(
      'day' as const,
      'week' as const,
      'month' as const,
      'quarter' as const,
      'year' as const,
    );
    fc.assert(
      fc.property(day, fc.nat(800), kinds, (from, days, window) => {
        const to = new Date(from.getTime() + days * 86_400_000);
        const windows = windowsOf({ from, to }, window);
        expect(windows.map((one) => one.to)).toEqual([
          ...windows.slice(1).map((one) => one.from),
          ...(days > 0 ? [to] : []),
        ]);
        for (const one of windows) {
          expect(startOf(new Date(one.to.getTime() - 1), window)).toEqual(startOf(one.from, window));
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('bars begin where the one before ends, customers too', () => {
  const windows = windowsOf({ from: at('2026-01-10'), to: at('2026-03-10') }, 'month');
  const bars = waterfall({ amount: 100n, customers: 1 }, windows, [
    { from: at('2026-01-10'), sums: { new: 50n }, customers: 2 },
    { from: at('2026-02-01'), sums: { churn: -100n }, customers: -1 },
    { from: at('2026-02-01'), sums: { expansion: 7n }, customers: 0 },
  ]);
  expect(bars.map(({ start, end, customers }) => [start, end, customers])).toEqual([
    [100n, 150n, 3],
    [150n, 57n, 2],
    [57n, 57n, 2],
  ]);
  expect(bars[1]).toMatchObject({ new: 0n, churn: -100n, expansion: 7n, contraction: 0n, reactivation: 0n });
});

test.each([
  [1n, 3n, '33.33'],
  [2n, 3n, '66.67'],
  [1n, 1n, '100.00'],
  [0n, 9n, '0.00'],
  [5n, 4n, '125.00'],
  [1n, 20_000n, '0.01'],
  [0n, 0n, null],
])('%d of %d is %s percent', (part, whole, percent) => {
  expect(percentage(part, whole)).toBe(percent);
});
