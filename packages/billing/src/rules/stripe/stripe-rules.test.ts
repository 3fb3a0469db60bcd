import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AttemptState, askAgainMs, mayBecome, OPEN_STATES, retryAt, stateOfIntent } from './attempt-state.js';
import { callOutcome } from './call-outcome.js';
import { subjectOf } from './event-subject.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

describe('amounts as Stripe counts them', () => {
  test.each([
    [1234n, 'EUR', 1234],
    [1234n, 'JPY', 1234],
    [5n, 'ISK', 500],
    [5n, 'UGX', 500],
    [500n, 'MGA', 5],
    [501n, 'MGA', null],
    [1230n, 'KWD', 1230],
    [1234n, 'KWD', null],
    [BigInt(Number.MAX_SAFE_INTEGER) + 1n, 'EUR', null],
  ])('%s %s is %s', (ours, currency, theirs) => expect(toStripeAmount(ours, currency)).toBe(theirs));

  test('what can be said comes back as it was', () => {
    const currencies = fc.constantFrom('EUR', 'JPY', 'ISK', 'UGX', 'MGA', 'KWD');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), currencies, (amount, currency) => {
        const said = toStripeAmount(amount, currency);
        if (said !== null) expect(fromStripeAmount(said, currency)).toBe(amount);
      }),
    );
  });

  test('half a unit is not rounded away', () => expect(() => fromStripeAmount(150, 'ISK')).toThrow(RangeError));
});

test.each([
  ['no answer', { type: 'StripeConnectionError' }, 'unknown'],
  ['500', { type: 'StripeAPIError', statusCode: 500 }, 'unknown'],
  ['503', { type: 'StripeAPIError', statusCode: 503 }, 'unknown'],
  ['the key is in use', { type: 'StripeAPIError', statusCode: 409, code: 'idempotency_key_in_use' }, 'unknown'],
  ['the key had other parameters', { type: 'StripeIdempotencyError', statusCode: 400 }, 'unknown'],
  ['429', { type: 'StripeRateLimitError', statusCode: 429 }, 'not_done'],
  ['a wrong key', { type: 'StripeAuthenticationError', statusCode: 401 }, 'not_done'],
  ['a lock', { type: 'StripeInvalidRequestError', statusCode: 400, code: 'lock_timeout' }, 'not_done'],
  ['declined', { type: 'StripeCardError', statusCode: 402, code: 'card_declined' }, 'declined'],
  ['too small', { type: 'StripeInvalidRequestError', statusCode: 400, code: 'amount_too_small' }, 'refused'],
  ['no such customer', { type: 'StripeInvalidRequestError', statusCode: 404, code: 'resource_missing' }, 'refused'],
])('a call that failed: %s', (_name, error, outcome) => expect(callOutcome(error)).toBe(outcome));

describe('attempts', () => {
  const STATES: AttemptState[] = [...OPEN_STATES, 'declined', 'refused', 'succeeded', 'canceled'];
  const state = fc.constantFrom(...STATES);

  test.each([
    ['succeeded', null, 'succeeded'],
    ['processing', null, 'processing'],
    ['requires_action', null, 'requires_action'],
    ['canceled', null, 'canceled'],
    ['requires_payment_method', { code: 'card_declined' }, 'declined'],
    ['requires_payment_method', null, 'processing'],
  ])('a payment intent that is %s, with %j, is %s', (status, error, expected) => {
    expect(stateOfIntent({ status, error })).toBe(expected);
  });

  test('whatever is read in whatever order: money stays, and what ended never opens again', () => {
    fc.assert(
      fc.property(fc.array(state, { maxLength: 20 }), (read) => {
        let now: AttemptState = 'planned';
        for (const next of read) {
          const before = now;
          if (mayBecome(now, next)) now = next;
          if (before === 'succeeded') expect(now).toBe('succeeded');
          if (!OPEN_STATES.includes(before)) expect(OPEN_STATES).not.toContain(now);
        }
        if (read.includes('succeeded')) expect(now).toBe('succeeded');
      }),
    );
  });

  const NOW = new Date('2026-01-01T00:00:00Z');
  test.each([
    [1, 'insufficient_funds', '2026-01-02T00:00:00.000Z'],
    [2, 'insufficient_funds', '2026-01-04T00:00:00.000Z'],
    [3, 'insufficient_funds', null],
    [1, 'stolen_card', null],
    [1, 'authentication_required', null],
    [1, null, '2026-01-02T00:00:00.000Z'],
  ])('after %s tries, the last for %s: again at %s', (tries, code, at) => {
    expect(retryAt(tries, code, [24, 72], NOW)?.toISOString() ?? null).toBe(at);
  });

  test('pauses grow to a quarter of an hour', () => {
    expect([1, 2, 5, 30].map(askAgainMs)).toEqual([2_000, 4_000, 32_000, 900_000]);
  });
});

test.each([
  [
    { object: 'payment_intent', id: 'pi_1' },
    { kind: 'payment_intent', id: 'pi_1' },
  ],
  [
    { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' },
    { kind: 'payment_intent', id: 'pi_1' },
  ],
  [
    { object: 'refund', id: 're_1', payment_intent: { id: 'pi_1' } },
    { kind: 'payment_intent', id: 'pi_1' },
  ],
  [{ object: 'charge', id: 'ch_1', payment_intent: null }, null],
  [
    { object: 'checkout.session', id: 'cs_1' },
    { kind: 'checkout_session', id: 'cs_1' },
  ],
  [
    { object: 'payment_method', id: 'pm_1', customer: 'cus_1' },
    { kind: 'customer', id: 'cus_1' },
  ],
  [{ object: 'payment_method', id: 'pm_1', customer: null }, null],
  [
    { object: 'customer', id: 'cus_1' },
    { kind: 'customer', id: 'cus_1' },
  ],
  [{ object: 'invoice', id: 'in_1', customer: 'cus_1' }, null],
  [{}, null],
])('an event with %j is about %j', (object, subject) => expect(subjectOf({ object })).toEqual(subject));

test('a payment method that was taken away is about whose it was', () => {
  const object = { object: 'payment_method', id: 'pm_1', customer: null };
  expect(subjectOf({ object, previous: { customer: 'cus_1' } })).toEqual({ kind: 'customer', id: 'cus_1' });
});
