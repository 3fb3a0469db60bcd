import { expect, test } from '@jest/globals';
import { waterfall } from './waterfall';

const window = (part: object) => ({
  from: '',
  to: '',
  start: '0',
  new: '0',
  expansion: '0',
  contraction: '0',
  churn: '0',
  reactivation: '0',
  end: '0',
  customers: 0,
  ...part,
});

test('each bar begins where the one before ended, and the last stands on the ground', () => {
  const falls = waterfall([
    window({ start: '1000', new: '500', churn: '-200', end: '1300' }),
    window({ start: '1300', expansion: '50', contraction: '-20', reactivation: '10', end: '1340' }),
  ]);
  expect(falls.map(({ key, from, to }) => [key, from, to])).toEqual([
    ['start', 0n, 1000n],
    ['new', 1000n, 1500n],
    ['expansion', 1500n, 1550n],
    ['reactivation', 1550n, 1560n],
    ['contraction', 1560n, 1540n],
    ['churn', 1540n, 1340n],
    ['end', 0n, 1340n],
  ]);
});

test('without windows nothing stands there', () => {
  expect(waterfall([]).every(({ amount }) => amount === 0n)).toBe(true);
});
