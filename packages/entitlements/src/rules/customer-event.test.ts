import { expect, test } from '@jest/globals';
import { customerEvent, entitlementsEvent } from './customer-event.js';

const snapshot = {
  customer: 'cus_1',
  epoch: 2,
  hash: 'new',
  status: 'active' as const,
  plans: ['pro@1'],
  features: { seats: 5 },
  valid_until: null,
};

test('all about a customer has one key, and names it', () => {
  const event = customerEvent('override.set', 'cus_1', { feature: 'seats' });
  expect(event).toEqual({
    type: 'override.set',
    key: 'customer:cus_1',
    customerId: 'cus_1',
    data: { customer_id: 'cus_1', feature: 'seats' },
  });
  const at = new Date('2030-01-01T00:00:00Z');
  const epoch = entitlementsEvent({ before: null, after: snapshot, cause: 'customer.created', at });
  expect([epoch.key, epoch.customerId]).toEqual([event.key, event.customerId]);
});

test('a new epoch is told as it is served, with its cause, its instant and the epoch before', () => {
  const at = new Date('2030-01-01T00:00:00.250Z');
  const before = { ...snapshot, epoch: 1, hash: 'old', plans: [] };
  expect(entitlementsEvent({ before, after: snapshot, cause: 'time.passed', at }).data).toEqual({
    ...snapshot,
    at: '2030-01-01T00:00:00.250Z',
    cause: 'time.passed',
    previous: { epoch: 1, hash: 'old' },
  });
  expect(entitlementsEvent({ before: null, after: snapshot, cause: 'x', at }).data.previous).toBeNull();
});
