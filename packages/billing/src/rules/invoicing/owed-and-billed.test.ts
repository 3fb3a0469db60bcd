import { describe, expect, test } from '@jest/globals';
import { boundary, type Cycle } from '../periods.js';
import { nextBoundary } from './boundaries.js';
import { chargesWithin } from './charges.js';
import {
  at,
  Books,
  boundaries,
  ended,
  flat,
  type Held,
  holds,
  plan,
  price,
  seats,
  toBilled,
} from './simulated-books.js';

describe('when it is billed', () => {
  test('E01 a month that begins on the 31st never drifts', () => {
    const holding = holds('2024-01-31', [[plan(flat('100')), '2024-01-31']]);
    expect(boundaries(holding, 6).map((day) => day.slice(5))).toEqual([
      '01-31',
      '02-29',
      '03-31',
      '04-30',
      '05-31',
      '06-30',
    ]);
  });

  test('E02 a year from 29 February; an event at noon of the 28th counts once, in the second period', () => {
    const usage = price({ key: 'calls', model: 'per_unit', unit_amount: '10', meter: 'calls', interval: 'year' });
    const books = new Books(holds('2024-02-29', [[plan(usage), '2024-02-29']]));
    expect(boundaries(books.holding, 5).slice(1)).toEqual(['2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']);
    books.used = [at('2025-02-28T12:00:00Z')];
    expect([books.bill('2025-02-28'), books.bill('2026-02-28'), books.bill('2027-02-28')]).toEqual([[], [10n], []]);
  });

  test.each([
    ['E03', '2022-01-31', 'quarter', 1, '2022-05-31', '2022-04-30'],
    ['E03', '2022-01-31', 'quarter', 1, '2022-07-30', '2022-04-30'],
    ['E03', '2022-01-31', 'quarter', 1, '2022-08-15', '2022-07-31'],
    ['E04', '2021-01-31', 'month', 6, '2021-04-30', '2021-01-31'],
    ['E04', '2021-04-30', 'month', 6, '2021-11-15', '2021-10-30'],
    ['E05', '2022-01-29', 'quarter', 1, '2022-02-28', '2022-01-29'],
  ] as const)(
    '%s from %s every %s ×%i, asked on %s: the period began on %s',
    (_id, anchor, interval, interval_count, asked, start) => {
      const holding = holds(anchor, [[plan(flat('100', { interval, interval_count })), anchor]]);
      const [charge] = chargesWithin(holding, at(asked), new Date(at(asked).getTime() + 1)).slice(-1);
      expect(charge?.period.start).toEqual(at(start));
    },
  );

  test('E06 after a trial of seven days the first paid period is a whole one', () => {
    const books = new Books(
      holds('2026-05-05', [[plan(flat('3000')), '2026-04-28']], { service: { from: at('2026-05-05'), until: null } }),
    );
    expect(boundaries(books.holding, 2)).toEqual(['2026-05-05', '2026-06-05']);
    expect([books.bill('2026-05-05'), books.bill('2026-06-05')]).toEqual([[3000n], [3000n]]);
  });

  test('E13 E17 weekly in Paris: the boundary is its midnight, and asked twice it is billed once', () => {
    const weekly = plan(flat('100', { interval: 'week' }));
    const books = new Books({
      ...holds('2025-05-22T22:00:00Z', [[weekly, '2025-05-22T22:00:00Z']]),
      timeZone: 'Europe/Paris',
    });
    expect(nextBoundary(books.holding, at('2025-05-30T20:00:00Z'))).toEqual(at('2025-06-05T22:00:00Z'));
    expect(nextBoundary(books.holding, at('2025-05-23T00:00:00Z'))).toEqual(at('2025-05-29T22:00:00Z'));
    books.bill('2025-05-22T22:00:00Z');
    expect([books.bill('2025-05-30T20:00:00Z'), books.bill('2025-05-30T23:00:00Z')]).toEqual([[100n], []]);
  });
});

describe('shares', () => {
  const MARCH: Held[] = [[plan(flat('74300')), '2026-03-01T05:00:00Z']];
  test('E11 a month of 743 hours, canceled after 170: the rest is credited', () => {
    const holding = { ...holds('2026-03-01T05:00:00Z', MARCH), timeZone: 'America/New_York' };
    const books = new Books(holding);
    expect(books.bill('2026-03-01T05:00:00Z')).toEqual([74_300n]);
    const over = new Books({ ...holding, ...ended('2026-03-01T05:00:00Z', '2026-03-08T07:00:00Z') });
    over.billed.push(...books.billed);
    expect(over.bill('2026-03-08T07:00:00Z')).toEqual([-57_300n]);
  });

  test('E12 a boundary that the clock skips: no gap, no error', () => {
    const cycle: Cycle = {
      anchor: at('2026-03-23T22:00:00Z'),
      timeZone: 'Africa/Cairo',
      interval: { unit: 'month', count: 1 },
    };
    expect(boundary(cycle, 1)).toEqual(at('2026-04-23T22:00:00Z'));
    const cairo = {
      ...holds('2026-03-23T22:00:00Z', [[plan(flat('100')), '2026-03-23T22:00:00Z']]),
      timeZone: 'Africa/Cairo',
    };
    const [first, second] = chargesWithin(cairo, at('2026-03-24'), at('2026-05-01'));
    expect(first?.period.end).toEqual(second?.period.start);
  });

  test('E15 canceled at the end of the term: nothing is credited', () => {
    const yearly = plan(flat('3990', { interval: 'year' }));
    const begin = '2013-01-20T07:30:42Z';
    const books = new Books({
      ...holds(begin, [[yearly, begin]], ended(begin, '2014-01-20T07:30:42Z')),
      timeZone: 'America/Los_Angeles',
    });
    expect([books.bill(begin), books.bill('2014-01-20T07:30:42Z')]).toEqual([[3990n], []]);
  });

  test('E18 91,000 a quarter by days, ended after an upgrade: 32 days are 32,000', () => {
    const quarter = plan(flat('91000', { interval: 'quarter' }));
    const holding = holds('2024-04-15', [[quarter, '2024-05-20']], ended('2024-05-20', '2024-06-21'));
    expect(new Books(holding, { proration: 'day' }).bill('2024-06-21')).toEqual([32_000n]);
  });

  test.each([
    ['E19 5.00 to 20.00 after 1 of 30 days', '500', '2000', '2026-06-02', [-483n, 1_933n]],
    ['E19 back again', '2000', '500', '2026-06-02', [-1_933n, 483n]],
    ['E20 10.00 to 20.00 halfway', '1000', '2000', '2026-06-16', [-500n, 1_000n]],
    ['E21 20.00 to 50.00 halfway', '2000', '5000', '2026-06-16', [-1_000n, 2_500n]],
    ['E24 at the start of the period', '1000', '2000', '2026-06-01', [-1_000n, 2_000n]],
    [
      'E28 in the last second, where the share of it is less than half a cent',
      '1000',
      '2000',
      '2026-06-30T23:59:59Z',
      [],
    ],
    ['E29 from nothing to something on the same day', '0', '2000', '2026-06-01T12:00:00Z', [1_967n]],
  ])('%s', (_name, before, after, change, expected) => {
    const [old, fresh] = [plan(flat(before)), plan(flat(after))];
    const books = new Books(holds('2026-06-01', [[old, '2026-06-01']]));
    books.bill('2026-06-01');
    const isLater = at(change) > at('2026-06-01');
    const spans: Held[] = [...(isLater ? [[old, '2026-06-01', change] as Held] : []), [fresh, change]];
    const changed = new Books(holds('2026-06-01', spans, { service: { from: at('2026-06-01'), until: null } }));
    changed.billed.push(...books.billed);
    const amounts = changed.bill(change);
    expect(amounts.toSorted((one, other) => (one < other ? -1 : 1))).toEqual(expected);
    expect(changed.bill(change)).toEqual([]);
  });

  test('E24 at the end of the period nothing of the old is left, and there is no line of zero', () => {
    const [old, fresh] = [plan(flat('1000')), plan(flat('2000'))];
    const books = new Books(
      holds('2026-06-01', [
        [old, '2026-06-01', '2026-07-01'],
        [fresh, '2026-07-01'],
      ]),
    );
    expect([books.bill('2026-06-01'), books.bill('2026-07-01')]).toEqual([[1_000n], [2_000n]]);
  });

  test('E23 50.00 with the first five of thirty days free', () => {
    const trial = holds('2026-04-01', [[plan(flat('5000')), '2026-04-01']], {
      service: { from: at('2026-04-06'), until: null },
    });
    expect(new Books(trial).bill('2026-04-06')).toEqual([4_167n]);
  });

  test('E25 a whole price for an add-on of one period is charged in full where its own period begins', () => {
    const books = new Books(holds('2026-06-23', [[plan(flat('900')), '2026-06-23']]));
    expect(books.bill('2026-06-23')).toEqual([900n]);
  });

  test('E27 2,000.00 from the 4th of a month of 29 days', () => {
    const books = new Books(holds('2024-02-01', [[plan(flat('200000')), '2024-02-04']]), { proration: 'day' });
    expect(books.bill('2024-02-04')).toEqual([179_310n]);
  });

  test('seats added and removed: each stretch for itself', () => {
    const each = plan(seats('3000'));
    const books = new Books(holds('2026-06-01', [[each, '2026-06-01', null, 3]]));
    expect(books.bill('2026-06-01')).toEqual([9_000n]);
    const more = new Books(
      holds('2026-06-01', [
        [each, '2026-06-01', '2026-06-16', 3],
        [each, '2026-06-16', null, 5],
      ]),
    );
    more.billed.push(...books.billed);
    expect(more.bill('2026-07-01')).toEqual([-4_500n, 7_500n, 15_000n]);
  });

  test('a pause is not charged, and does not shift the periods', () => {
    const pauses = [{ from: at('2026-06-11'), until: at('2026-06-21') }];
    const books = new Books(holds('2026-06-01', [[plan(flat('3000')), '2026-06-01']], { pauses }));
    expect(books.bill('2026-06-01')).toEqual([1_000n]);
    expect(books.bill('2026-07-01')).toEqual([1_000n, 3_000n]);
  });
});

describe('usage', () => {
  const tiers = [
    { up_to: '100', unit_amount: '100' },
    { up_to: null, unit_amount: '50' },
  ];
  const metered = () => plan(price({ key: 'calls', model: 'graduated', meter: 'calls', tiers }));
  const times = (count: number, day: string): Date[] => Array.from({ length: count }, () => at(day));

  test('E53 late units of a closed month: an adjustment that names it, in the tier they belong to', () => {
    const books = new Books(holds('2026-06-01', [[metered(), '2026-06-01']]));
    books.used = times(100, '2026-06-10');
    expect(books.bill('2026-07-01')).toEqual([10_000n]);
    books.used.push(...times(10, '2026-06-20'));
    const [line] = books.draft({ kind: 'due', by: at('2026-08-01') }, at('2026-08-01'));
    expect(line).toMatchObject({ kind: 'adjustment', amount: 500n, quantity: '10' });
    expect(line?.description).toContain('late usage of 2026-06-01 – 2026-07-01');
    expect(line?.explanation.corrects).toMatchObject({ amount: '10000' });
  });

  test('billed while it is under way, the rest follows at its end: in sum the same', () => {
    const books = new Books(holds('2026-06-01', [[metered(), '2026-06-01']]));
    books.used = [...times(80, '2026-06-05'), ...times(40, '2026-06-25')];
    const period = { start: at('2026-06-01'), end: at('2026-07-01') };
    const half = books.draft({ kind: 'period', period, now: at('2026-06-15') }, at('2026-06-15'));
    expect(half.map(({ kind, amount }) => [kind, amount])).toEqual([['charge', 8_000n]]);
    books.billed.push(...half.map(toBilled));
    expect(
      books.draft({ kind: 'due', by: at('2026-07-01') }, at('2026-07-01')).map(({ kind, amount }) => [kind, amount]),
    ).toEqual([['charge', 3_000n]]);
  });

  test('E41 a minimum is made up for at the end of the period only', () => {
    const least = plan(
      price({ key: 'calls', model: 'per_unit', unit_amount: '100', meter: 'calls', minimum: '1000000' }),
    );
    const books = new Books(holds('2026-06-01', [[least, '2026-06-01']]));
    books.used = times(100, '2026-06-10');
    const period = { start: at('2026-06-01'), end: at('2026-07-01') };
    expect(
      books.draft({ kind: 'period', period, now: at('2026-06-15') }, at('2026-06-15')).map(({ amount }) => amount),
    ).toEqual([10_000n]);
    expect(books.bill('2026-07-01')).toEqual([10_000n, 990_000n]);
    expect(books.bill('2026-07-01')).toEqual([]);
  });
});
