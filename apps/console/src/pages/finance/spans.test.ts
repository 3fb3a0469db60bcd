import { describe, expect, test } from '@jest/globals';
import { SPANS, spanName, spanOf } from './spans';

const now = new Date('2026-02-10T12:00:00Z');

describe('spans of finance', () => {
  test.each([
    ['this_month', { from: '2026-02-01T00:00:00.000Z' }],
    ['last_month', { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' }],
    ['this_quarter', { from: '2026-01-01T00:00:00.000Z' }],
    ['last_quarter', { from: '2025-10-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' }],
    ['this_year', { from: '2026-01-01T00:00:00.000Z' }],
    ['last_12_months', { from: '2025-03-01T00:00:00.000Z' }],
  ] as const)('%s', (name, span) => {
    expect(spanOf(name, now)).toEqual(span);
  });

  test('each is known again by its instants', () => {
    const midYear = new Date('2026-08-10T12:00:00Z');
    for (const name of SPANS) {
      const { from, to } = spanOf(name, midYear);
      expect(spanName(from, to, midYear)).toBe(name);
    }
    expect(spanName('2026-08-01T00:00:00Z', undefined, midYear)).toBe('this_month');
    expect(spanName('2026-08-02T00:00:00Z', undefined, midYear)).toBe('custom');
    expect(spanName(undefined, undefined, midYear)).toBe('this_month');
  });
});
