import { expect, test } from '@jest/globals';
import { couponWords } from './coupon-words';

const coupon = { percent: null, amount: null, currency: null, duration: 'once', periods: null } as const;

test.each([
  [{ percent: '12.5' }, '12.5 % off, once'],
  [{ amount: '500', currency: 'EUR', duration: 'forever' }, '5.00 EUR off, for ever'],
  [{ percent: '20', duration: 'repeating', periods: 3 }, '20 % off, for 3 billing periods'],
  [{ percent: '20', duration: 'repeating', periods: 1 }, '20 % off, for 1 billing period'],
] as const)('%j', (part, words) => {
  expect(couponWords({ ...coupon, ...part })).toBe(words);
});
