import { describe, expect, test } from '@jest/globals';
import { statusAt } from './client-status.js';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const past = new Date(NOW - 1);
const present = new Date(NOW);
const future = new Date(NOW + 1);

describe('statusAt', () => {
  test.each([
    ['active', null, 'active'],
    ['active', future, 'active'],
    ['active', present, 'expired'],
    ['active', past, 'expired'],
    ['suspended', null, 'suspended'],
    ['suspended', future, 'suspended'],
    ['suspended', past, 'expired'],
    ['expired', past, 'expired'],
    // Marked by the worker, then its expiry was moved: the mark alone never keeps a client out.
    ['expired', future, 'active'],
    ['deleted', null, 'deleted'],
    ['deleted', past, 'deleted'],
    ['deleted', future, 'deleted'],
  ])('%s with expiry %p is %s', (status, expiry, expected) => {
    expect(statusAt({ status, expiry }, NOW)).toBe(expected);
  });
});
