import { describe, expect, test } from '@jest/globals';
import { type Cycle, type Interval, periodAt } from '../periods.js';
import { shareByDay, shareByTime } from '../proration.js';
import type { Share } from '../share.js';
import { Exact, roundMinor } from './money.js';
import { sharePart } from './share-part.js';

const at = (text: string): Date => new Date(`${text}Z`);
const cycle = (anchor: string, unit: Interval['unit'] = 'month'): Cycle => ({
  anchor: at(anchor),
  interval: { unit, count: 1 },
  timeZone: 'UTC',
});
const amount = (minor: string, share: Share): bigint => roundMinor(sharePart(minor, share));
/** Of April 2026, which has thirty days, from this day on. */
const april = periodAt(cycle('2026-04-01T00:00:00'), at('2026-04-01T00:00:00'));
const aprilFrom = (start: string): Share => shareByTime(april, { start: at(start), end: april.end });

describe('shares of amounts', () => {
  test('E18: 91,000 a quarter, 32 of its 91 days: 32,000', () => {
    const quarter = periodAt(cycle('2024-04-15T00:00:00', 'quarter'), at('2024-05-20T00:00:00'));
    const used = { start: at('2024-05-20T00:00:00'), end: at('2024-06-21T00:00:00') };
    expect(amount('9100000', shareByDay(quarter, used, 'UTC'))).toBe(32_000_00n);
  });

  test('E19: 5 to 20 after one of thirty days: 4.83 back, 19.33 to pay, 14.50 net; the other way round −14.50', () => {
    const rest = aprilFrom('2026-04-02T00:00:00');
    const [old, next] = [amount('-500', rest), amount('2000', rest)];
    expect([old, next, old + next]).toEqual([-4_83n, 19_33n, 14_50n]);
    expect(amount('-2000', rest) + amount('500', rest)).toBe(-14_50n);
  });

  test('E20, E21: halfway, 10 to 20 is 5 more and 20 to 50 is 15 more', () => {
    const half = aprilFrom('2026-04-16T00:00:00');
    expect([amount('-1000', half), amount('2000', half)]).toEqual([-5_00n, 10_00n]);
    expect(amount('-2000', half) + amount('5000', half)).toBe(15_00n);
  });

  test('E23: 50 a month of which five days are a trial: 41.67', () => {
    expect(amount('5000', aprilFrom('2026-04-06T00:00:00'))).toBe(41_67n);
  });

  test('E24: at the start all of it, at the end nothing', () => {
    expect(amount('1999', aprilFrom('2026-04-01T00:00:00'))).toBe(19_99n);
    expect(amount('1999', aprilFrom('2026-05-01T00:00:00'))).toBe(0n);
  });

  test('E27: 2,000.00 from 4 February of a leap year: 26 of 29 days, 1,793.10', () => {
    const february = periodAt(cycle('2024-02-01T00:00:00'), at('2024-02-04T00:00:00'));
    const service = { start: at('2024-02-04T00:00:00'), end: february.end };
    expect(amount('200000', shareByDay(february, service, 'UTC'))).toBe(1_793_10n);
  });
});

describe('sums of rounded lines', () => {
  const percentOf = (base: bigint, percent: string): bigint =>
    roundMinor(new Exact(base.toString()).times(percent).div(100));
  test.each<[string, Share, string, bigint, bigint]>([
    ['20000', { numerator: 29n, denominator: 30n }, '25', 193_33n, 241_66n],
    ['16000', { numerator: 29n, denominator: 30n }, '25', 154_67n, 193_34n],
    ['2999', { numerator: 6n, denominator: 7n }, '23.33', 25_71n, 31_71n],
  ])('E43: the credit for a share of %s', (minor, share, rate, net, gross) => {
    const credited = amount(minor, share);
    expect([credited, credited + percentOf(credited, rate)]).toEqual([net, gross]);
  });

  test.each<[string, string[], bigint]>([
    ['six of 0.4 and two of 1', [...Array(6).fill('0.4'), '1', '1'], 3n],
    ['eight of 1.4', Array(8).fill('1.4'), 11n],
  ])('E45: %s minor units with 40 %% tax on the document', (_, lines, expected) => {
    const net = lines.reduce((sum, line) => sum + roundMinor(line), 0n);
    expect(net + percentOf(net, '40')).toBe(expected);
  });

  test('a halfway share of an odd amount is a tie, and goes away from zero both ways', () => {
    const half = { numerator: 15n * 86_400_000n, denominator: 30n * 86_400_000n };
    expect([amount('1', half), amount('-1', half), amount('333', half)]).toEqual([1n, -1n, 167n]);
  });
});
