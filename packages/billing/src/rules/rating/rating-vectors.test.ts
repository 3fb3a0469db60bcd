import type { Price, Tier } from '@bastionary/contracts/prices';
import { describe, expect, test } from '@jest/globals';
import { minimumShortfall } from './minimum-shortfall.js';
import { Exact, roundMinor } from './money.js';
import { ratePrice } from './rate-price.js';
import type { RatingFacts } from './rated.js';

const price = (model: Price['model'], some: Partial<Price> = {}): Price => ({
  key: 'p',
  model,
  currency: 'USD',
  interval: 'month',
  interval_count: 1,
  timing: 'in_arrears',
  ...some,
});
/** Tiers as [up to, for each, flat], in major units. */
const tiers = (...list: [string | null, string, string?][]): Tier[] =>
  list.map(([up_to, unit_amount, flat_amount]) => ({
    up_to,
    unit_amount: minor(unit_amount),
    ...(flat_amount !== undefined && { flat_amount: minor(flat_amount) }),
  }));
const minor = (major: string): string => new Exact(major).times(100).toFixed();
/** In major units, not rounded. */
const rated = (one: Price, quantity: string, events?: bigint): string =>
  new Exact(ratePrice(one, quantity, events === undefined ? {} : { events }).exact).div(100).toFixed();

describe('published examples', () => {
  const e30 = price('graduated', { tiers: tiers(['10', '10', '2'], ['20', '5', '3'], [null, '5', '3']) });
  const e32 = price('volume', { tiers: tiers(['100', '2', '10'], ['200', '1'], [null, '0.5', '50']) });
  const e33 = price('volume', { tiers: tiers(['1000', '0.001'], [null, '0.0006', '10']) });
  const tens = price('package', { package_size: '10', amount: minor('100') });
  const hundreds = price('package', { package_size: '100', unit_amount: minor('5'), free_units: '100' });
  const by10k = (...each: [string, string, string]) => tiers(['1000', each[0]], ['10000', each[1]], [null, each[2]]);
  test.each<[string, Price, string, string]>([
    ['E30 graduated', e30, '0', '2'],
    ['E30 graduated', e30, '1', '12'],
    ['E30 graduated', e30, '10', '102'],
    ['E30 graduated', e30, '11', '110'],
    ['E30 graduated', e30, '20', '155'],
    ['E30 graduated', e30, '21', '163'],
    ['E32 volume', e32, '0', '10'],
    ['E32 volume', e32, '1', '12'],
    ['E32 volume', e32, '100', '210'],
    ['E32 volume', e32, '100.5', '100.5'],
    ['E32 volume', e32, '101', '101'],
    ['E32 volume', e32, '200', '200'],
    ['E32 volume', e32, '201', '150.5'],
    ['E33 volume', e33, '65000', '49'],
    ['E34 package', tens, '121', '1300'],
    ['E34 package, 10 free', { ...tens, free_units: '10' }, '121', '1200'],
    ['E34 package, 200 free', { ...tens, free_units: '200' }, '121', '0'],
    ['E34 package of the docs', hundreds, '201', '10'],
    ['E39 graduated', price('graduated', { tiers: by10k('0.10', '0.05', '0.01') }), '15000', '600'],
    ['E39 volume', price('volume', { tiers: by10k('0.10', '0.05', '0.01') }), '15000', '150'],
    ['E39 graduated', price('graduated', { tiers: by10k('0.01', '0.008', '0.005') }), '15000', '107'],
  ])('%s: %#', (_, one, quantity, expected) => {
    expect(rated(one, quantity)).toBe(expected);
  });

  test('E35: 1.3 % of 800 of which 250 are free, and 2 for each of four events of which two are free', () => {
    const one = price('percentage', {
      unit_amount: '1.3',
      free_units: minor('250'),
      flat_amount: minor('2'),
      free_events: '2',
    });
    expect(rated(one, minor('800'), 4n)).toBe('11.15');
  });

  test.each([
    ['0', '200'],
    ['1', '200.01'],
    ['10', '200.1'],
    ['11', '500.12'],
  ])('E37: graduated percentage of %s', (sum, expected) => {
    const one = price('percentage', {
      tiers: [
        { up_to: minor('10'), unit_amount: '1', flat_amount: minor('200') },
        { up_to: minor('20'), unit_amount: '2', flat_amount: minor('300') },
        { up_to: null, unit_amount: '3', flat_amount: minor('400') },
      ],
    });
    expect(rated(one, minor(sum))).toBe(expected);
  });

  test('E40: a minimum of 100 and no usage: nothing of it in the rating, 100 when the period is over', () => {
    const one = price('per_unit', { meter: 'calls', unit_amount: '1', minimum: '10000' });
    const { exact } = ratePrice(one, '0');
    expect(exact).toBe('0');
    expect(minimumShortfall(one, exact)).toEqual({
      exact: '10000',
      steps: [{ kind: 'minimum', minimum: '10000', amount: '10000' }],
    });
  });

  test('E41: a commitment of 10,000.00 and 100.00 used: 9,900.00 are missing', () => {
    const one = price('per_unit', { unit_amount: '10000', minimum: '1000000' });
    expect(minimumShortfall(one, ratePrice(one, '1').exact).exact).toBe('990000');
    expect(minimumShortfall(one, ratePrice(one, '100').exact)).toEqual({ exact: '0', steps: [] });
    expect(minimumShortfall(one, '10000', { numerator: 1n, denominator: 2n }).exact).toBe('490000');
  });

  test('E49: 2^53 + 1 units at one minor unit each are 2^53 + 1 minor units', () => {
    const many = (2n ** 53n + 1n).toString();
    expect(roundMinor(ratePrice(price('per_unit', { unit_amount: '1' }), many).exact)).toBe(9_007_199_254_740_993n);
  });
});

describe('at the edges', () => {
  const all: [string, Price, RatingFacts][] = [
    ['flat', price('flat', { amount: '500' }), {}],
    ['per_unit', price('per_unit', { unit_amount: '3', free_units: '2' }), {}],
    ['graduated', price('graduated', { tiers: tiers(['5', '1'], [null, '2']) }), {}],
    ['volume', price('volume', { tiers: tiers(['5', '1'], [null, '2']) }), {}],
    ['package', price('package', { package_size: '0.5', unit_amount: '3' }), {}],
    ['percentage', price('percentage', { unit_amount: '2', flat_amount: '1' }), { events: 0n }],
  ];
  test.each(all)('%s: less than nothing costs as much as nothing', (_, one, facts) => {
    expect(ratePrice(one, '-7.5', facts)).toEqual(ratePrice(one, '0', facts));
  });

  test('a package that is begun by the smallest part is a whole one, and thirds of a unit are exact', () => {
    const one = price('package', { package_size: '3', unit_amount: '100' });
    expect(['3', '3.000000000001', '6'].map((quantity) => ratePrice(one, quantity).exact)).toEqual([
      '100',
      '200',
      '200',
    ]);
    const fine = price('per_unit', { unit_amount: '0.000000000001' });
    expect(ratePrice(fine, '0.000000000001').exact).toBe('0.000000000000000000000001');
  });

  test('what a price lacks is said', () => {
    expect(() => ratePrice(price('flat'), '1')).toThrow(new RangeError('The flat price p has no amount.'));
    expect(() => ratePrice(price('percentage', { unit_amount: '1', flat_amount: '5' }), '1')).toThrow(
      new RangeError('The price p costs something per event: how many were there?'),
    );
  });
});
