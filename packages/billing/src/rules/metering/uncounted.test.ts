import { expect, test } from '@jest/globals';
import { whyUncounted } from './uncounted.js';

const sum = { aggregation: 'sum' as const, property: 'a.b', filters: [] };
const filtered = (operator: 'in' | 'not_in' | 'gte' | 'lt', ...values: string[]) => ({
  aggregation: 'count' as const,
  property: null,
  filters: [{ property: 'x', operator, values }],
});

test.each([
  [sum, { a: { b: 1 } }, null],
  [sum, { a: { b: '-0.5' } }, null],
  [sum, { a: { b: 'many' } }, 'its a.b is no decimal number below 10^26'],
  [sum, { a: { b: 1e26 } }, 'its a.b is no decimal number below 10^26'],
  [sum, { a: { b: true } }, 'its a.b is no decimal number below 10^26'],
  [sum, { a: {} }, 'it has no a.b'],
  [sum, { a: null }, 'it has no a.b'],
  [sum, null, 'it has no a.b'],
  [{ ...sum, property: 'toString.name' }, {}, 'it has no toString.name'],
  [{ ...sum, aggregation: 'unique' as const }, { a: { b: 'many' } }, null],
  [filtered('in', '5'), { x: 5 }, null],
  [filtered('in', '5'), {}, 'its x does not pass the filter of the meter'],
  [filtered('not_in', '5'), {}, null],
  [filtered('gte', '2'), { x: '2.0' }, null],
  [filtered('lt', '2'), { x: 'one' }, 'its x does not pass the filter of the meter'],
])('%j of %j: %s', (meter, data, reason) => {
  expect(whyUncounted(meter, data)).toBe(reason);
});
