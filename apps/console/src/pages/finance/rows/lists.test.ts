import { expect, test } from '@jest/globals';
import { linkToRows } from './lists';

test('what the api names behind a number leads to its page', () => {
  expect(linkToRows('/api/finance/receivables/invoices?currency=EUR&overdue=true')).toEqual({
    list: 'receivables',
    search: { currency: 'EUR', overdue: 'true' },
  });
  expect(linkToRows('/api/finance/cash')).toEqual({ list: 'cash', search: {} });
  expect(linkToRows('/api/finance/unheard-of?currency=EUR')).toBeNull();
});
