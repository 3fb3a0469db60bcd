import { describe, expect, test } from '@jest/globals';
import { shareWords, stepRow } from './step-words';

describe('why an amount is what it is, in words', () => {
  test.each([
    [
      { kind: 'flat', amount: '1900' },
      { what: 'Flat price', how: '', amount: '19.00 EUR' },
    ],
    [
      { kind: 'free', quantity: '1000' },
      { what: 'Free units', how: '1,000 are not charged', amount: null },
    ],
    [
      { kind: 'tier', from: '0', up_to: '1000', quantity: '1000', unit_amount: '0.1', flat_amount: '0', amount: '100' },
      { what: 'Tier above 0 up to 1,000', how: '1,000 × 0.001 EUR', amount: '1.00 EUR' },
    ],
    [
      {
        kind: 'tier',
        from: '1000',
        up_to: null,
        quantity: '5',
        unit_amount: '0.05',
        flat_amount: '200',
        amount: '200.25',
      },
      { what: 'Tier above 1,000', how: '5 × 0.0005 EUR + 2.00 EUR', amount: '2.0025 EUR' },
    ],
    [
      { kind: 'packages', quantity: '101', package_size: '100', packages: '2', unit_amount: '500', amount: '1000' },
      { what: 'Packages of 100', how: '2 begun for 101 units × 5.00 EUR', amount: '10.00 EUR' },
    ],
    [
      { kind: 'percent', from: '0', up_to: null, base: '10000', percent: '1.3', flat_amount: '0', amount: '130' },
      { what: 'Percentage', how: '1.3 % of 100.00 EUR', amount: '1.30 EUR' },
    ],
    [
      { kind: 'events', events: '7', free_events: '2', unit_amount: '25', amount: '125' },
      { what: 'Events', how: '7 events, 2 free, × 0.25 EUR', amount: '1.25 EUR' },
    ],
    [
      { kind: 'minimum', minimum: '5000', amount: '3875' },
      { what: 'Minimum', how: 'up to 50.00 EUR for what was served', amount: '38.75 EUR' },
    ],
    [
      { kind: 'loyalty_bonus', years: 3, amount: '-100' },
      { what: 'loyalty bonus', how: 'years 3', amount: '−1.00 EUR' },
    ],
  ])('%j', (step, row) => {
    expect(stepRow(step, 'EUR')).toEqual(row);
  });

  test('a share by days, and by seconds to the millisecond', () => {
    expect(shareWords({ numerator: '15', denominator: '31', unit: 'days' })).toBe('15 of 31 days');
    expect(shareWords({ numerator: '1296000500', denominator: '2678400000', unit: 'milliseconds' })).toBe(
      '1,296,000.5 of 2,678,400 seconds',
    );
  });
});
