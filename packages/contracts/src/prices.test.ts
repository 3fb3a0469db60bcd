import { describe, expect, test } from '@jest/globals';
import { type Price, prices } from './prices.js';

const flat = { model: 'flat', amount: '1999', currency: 'EUR' };
const calls = { model: 'per_unit', unit_amount: '0.06', meter: 'calls', currency: 'EUR' };
const tier = (up_to: string | null) => ({ up_to, unit_amount: '1' });
const faults = (...list: object[]) => {
  const parsed = prices.safeParse(list);
  return parsed.error?.issues.map(({ path, message }) => [path.slice(1).join('.'), message]);
};

test('what is left out follows from what is given, and again from what came of it', () => {
  const given = [
    flat,
    { ...flat, currency: 'USD', interval: 'quarter' },
    { ...flat, currency: 'USD', amount: '0' },
    { ...calls, package_size: undefined },
    { model: 'package', meter: 'calls', amount: '500', package_size: 100, free_units: 7, currency: 'EUR' },
    { model: 'volume', tiers: [tier('10'), tier('10.5'), tier(null)], currency: 'JPY', key: 'base-eur' },
    { ...flat },
  ];
  const made = prices.parse(given) as Price[];
  expect(made.map(({ key, timing, interval }) => [key, timing, interval])).toEqual([
    ['base', 'in_advance', 'month'],
    ['base-usd', 'in_advance', 'quarter'],
    ['base-usd-2', 'in_advance', 'month'],
    ['calls', 'in_arrears', 'month'],
    ['calls-eur', 'in_arrears', 'month'],
    ['base-eur', 'in_advance', 'month'],
    ['base-eur-2', 'in_advance', 'month'],
  ]);
  expect(made[4]).toMatchObject({ package_size: '100', free_units: '7', amount: '500' });
  expect(prices.parse(made)).toEqual(made);
  expect(prices.parse(given)).toEqual(made);
});

describe('refused, with what to do', () => {
  test.each<[string, object, [string, string][]]>([
    ['no amount', { model: 'flat', currency: 'EUR' }, [['amount', 'is missing: a flat price needs it']]],
    [
      'a field of another model',
      { ...flat, tiers: [tier(null)], meter: 'calls' },
      [
        ['meter', 'is nothing that a flat price takes; it takes amount'],
        ['tiers', 'is nothing that a flat price takes; it takes amount'],
      ],
    ],
    [
      'money with a fraction of the minor unit',
      { ...flat, amount: '19.99' },
      [['amount', 'must be a whole number of minor units as text: 1999 is EUR 19.99']],
    ],
    [
      'more than twelve places',
      { ...calls, unit_amount: `0.${'1'.repeat(13)}` },
      [['unit_amount', 'must be a decimal number such as 0.06']],
    ],
    ['less than nothing', { ...calls, unit_amount: '-1' }, [['unit_amount', 'must be a decimal number such as 0.06']]],
    [
      'usage in advance',
      { ...calls, timing: 'in_advance' },
      [['timing', 'must be in_arrears: what is measured is known only afterwards']],
    ],
    [
      'a percentage of nothing',
      { model: 'percentage', unit_amount: '1', currency: 'EUR' },
      [['meter', 'is missing: a percentage price needs it']],
    ],
    [
      'a percentage said twice',
      { model: 'percentage', meter: 'paid', unit_amount: '1', tiers: [tier(null)], currency: 'EUR' },
      [['tiers', 'must be left out where unit_amount is given: a percentage price takes one of both']],
    ],
    [
      'a package without a price, of nothing',
      { model: 'package', package_size: '0.0', currency: 'EUR' },
      [
        ['amount', 'is missing: a package price needs amount or unit_amount'],
        ['package_size', 'must be more than 0'],
      ],
    ],
    [
      'tiers that end too early, and do not rise',
      { model: 'graduated', tiers: [tier('10'), tier('10.0'), tier(null), tier('20')], currency: 'EUR' },
      [
        ['tiers.1.up_to', 'must be more than 10, where the tier before it ends'],
        ['tiers.2.up_to', 'must be a number: only the last tier has no end'],
        ['tiers.3.up_to', 'must be null: the last tier has no end'],
      ],
    ],
    [
      'a tier up to a word',
      { model: 'volume', tiers: [tier('ten'), tier(null)], currency: 'EUR' },
      [['tiers.0.up_to', 'must be a decimal number such as 1000']],
    ],
    ['no currency there is', { ...flat, currency: 'ABC' }, [['currency', 'is no currency of ISO 4217']]],
  ])('%s', (_, given, expected) => {
    expect(faults(given)).toEqual(expected);
  });

  test('two prices of one key', () => {
    expect(faults({ ...flat, key: 'a' }, calls, { ...flat, key: 'a' })).toEqual([
      ['key', 'is the key of another price of this version too: a'],
    ]);
  });
});
