import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bucketStart, keyResolution, piecesOf } from './pieces.js';
import { windowAt, windowsOf } from './windows.js';

const at = (text: string): Date => new Date(text);
const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Africa/Cairo', 'Pacific/Apia', 'Australia/Lord_Howe'];
const instant = fc.integer({ min: Date.parse('2009-01-01'), max: Date.parse('2030-01-01') });
const span = fc.tuple(instant, fc.nat(20 * 86_400_000)).map(([start, length]) => ({
  start: new Date(start),
  end: new Date(start + length),
}));

describe('windows', () => {
  test.each([
    ['day', 'America/New_York', '2026-03-08T12:00:00Z', '2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z'],
    ['day', 'Africa/Cairo', '2026-04-24T10:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ['week', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['month', 'America/New_York', '2026-03-20T00:00:00Z', '2026-03-01T05:00:00Z', '2026-04-01T04:00:00Z'],
    ['hour', 'Asia/Kolkata', '2026-03-20T10:10:10.123Z', '2026-03-20T09:30:00Z', '2026-03-20T10:30:00Z'],
    ['minute', 'UTC', '2026-03-20T10:10:10.123Z', '2026-03-20T10:10:00Z', '2026-03-20T10:11:00Z'],
  ] as const)('the %s in %s around %s', (window, zone, instantIn, start, end) => {
    expect(windowAt(at(instantIn), window, zone)).toEqual({ start: at(start), end: at(end) });
  });

  test('tile their span, in every zone: no gap, no overlap, cut where the local window ends', () => {
    const window = fc.constantFrom('hour', 'day', 'week', 'month');
    fc.assert(
      fc.property(span, window, fc.constantFrom(...ZONES), (whole, kind, zone) => {
        const windows = windowsOf(whole, kind, zone, 5_000) ?? [];
        expect(windows.length > 0).toBe(whole.start < whole.end);
        let end = whole.start;
        for (const one of windows) {
          expect(one.start).toEqual(end);
          expect(one.start < one.end).toBe(true);
          end = one.end;
          const local = windowAt(one.start, kind, zone);
          expect(local.start <= one.start && one.end <= local.end).toBe(true);
        }
        expect(end).toEqual(whole.end);
      }),
      { numRuns: 30 },
    );
  });

  test('more than are allowed are none', () => {
    const day = { start: at('2026-01-01T00:00:00Z'), end: at('2026-01-02T00:00:00Z') };
    expect(windowsOf(day, 'hour', 'UTC', 24)).toHaveLength(24);
    expect(windowsOf(day, 'hour', 'UTC', 23)).toBeNull();
  });
});

describe('pieces', () => {
  test('tile a span by buckets that lie in it whole; the events only at its ends, less than a minute each', () => {
    fc.assert(
      fc.property(span, ({ start, end }) => {
        let from = start;
        const pieces = piecesOf(start, end);
        for (const piece of pieces) {
          expect(piece.start).toEqual(from);
          from = piece.until;
          if (piece.resolution === 0) {
            expect(piece.until.getTime() - piece.start.getTime()).toBeLessThan(120_000);
            continue;
          }
          expect(bucketStart(piece.start, piece.resolution)).toEqual(piece.start);
          expect(bucketStart(piece.until, piece.resolution)).toEqual(piece.until);
        }
        expect(from).toEqual(pieces.length === 0 ? start : end);
        expect(pieces.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  test('keys answer what is no shorter than their bucket', () => {
    const after = (ms: number) => keyResolution(new Date(0), new Date(ms));
    expect([3_599_999, 3_600_000, 86_399_999, 86_400_000].map(after)).toEqual([null, 60, 60, 1440]);
  });
});
