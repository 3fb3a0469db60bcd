import { expect, test } from '@jest/globals';
import { outcomeOf } from './attempt-outcome.js';

const failed = (error: string, gone = false) => ({ delivered: false, gone, error });

test.each([
  [200, { delivered: true, gone: false, error: null }],
  [204, { delivered: true, gone: false, error: null }],
  [299, { delivered: true, gone: false, error: null }],
  [301, failed('it redirects, and redirects are not followed')],
  [307, failed('it redirects, and redirects are not followed')],
  [400, failed('it answers 400')],
  [410, failed('it answers 410', true)],
  [500, failed('it answers 500')],
  [199, failed('it answers 199')],
])('%i', (status, outcome) => {
  expect(outcomeOf({ status, fault: null })).toEqual(outcome);
});

test('without an answer the reason stands', () => {
  expect(outcomeOf({ status: null, fault: 'it took longer than 5 ms' })).toEqual(failed('it took longer than 5 ms'));
});
