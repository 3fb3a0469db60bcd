import { describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { readEvent } from './store-event.js';

const SECRET = 'whsec_test_secret';
const AT = 1_700_000_000;
const at = (seconds: number) => new Date((AT + seconds) * 1_000);
const read = (payload: string, header: string | undefined, seconds = 0, secret = SECRET) =>
  readEvent(payload, header, secret, at(seconds));
const refusal = expect.objectContaining({ code: 'invalid_signature' });

describe('E67: the signature is over the bytes, and not older than five minutes', () => {
  const PAYLOAD = '{"id":"evt_test_webhook","object":"event"}';
  const V1 = 'd95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990';
  const HEADER = `t=${AT},v1=${V1}`;

  test('the vector holds, at once and 300 s later', () => {
    expect(() => read(PAYLOAD, HEADER)).not.toThrow();
    expect(() => read(PAYLOAD, HEADER, 300)).not.toThrow();
  });

  test('while a secret rolls there are several signatures, one of which fits', () => {
    expect(() => read(PAYLOAD, `t=${AT},v1=${'0'.repeat(64)},v1=${V1}`)).not.toThrow();
    expect(() => read(PAYLOAD, `t=${AT},v1=${V1},v0=${'0'.repeat(64)}`)).not.toThrow();
  });

  const REFUSED: [string, string, string | undefined, number][] = [
    ['301 s later', PAYLOAD, HEADER, 301],
    ['serialized again', JSON.stringify(JSON.parse(PAYLOAD), null, 2), HEADER, 0],
    ['one byte more', `${PAYLOAD} `, HEADER, 0],
    ['another time', PAYLOAD, `t=${AT + 1},v1=${V1}`, 0],
    ['only an older scheme', PAYLOAD, `t=${AT},v0=${V1}`, 0],
    ['no signature', PAYLOAD, undefined, 0],
    ['an empty one', PAYLOAD, '', 0],
    ['something else', PAYLOAD, 'nonsense', 0],
    ['nothing signed', '', HEADER, 0],
  ];
  test.each(REFUSED)('refused: %s', (_name, payload, header, seconds) => {
    expect(() => read(payload, header, seconds)).toThrow(refusal);
  });

  test('refused: another secret, and the empty one', () => {
    expect(() => read(PAYLOAD, HEADER, 0, 'whsec_other')).toThrow(refusal);
    const forged = Stripe.webhooks.generateTestHeaderString({ payload: PAYLOAD, secret: 'x', timestamp: AT });
    expect(() => read(PAYLOAD, forged, 0, '')).toThrow(refusal);
  });
});

const sign = (event: object) => {
  const payload = JSON.stringify(event);
  return [payload, Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: AT })] as const;
};

test('of an event only the name of its object is taken', () => {
  const object = { object: 'charge', id: 'ch_1', payment_intent: { id: 'pi_1', object: 'payment_intent' } };
  const event = { id: 'evt_1', object: 'event', type: 'charge.refunded', created: AT, data: { object } };
  const about = { kind: 'payment_intent', id: 'pi_1' };
  expect(read(...sign(event))).toEqual({ id: 'evt_1', type: 'charge.refunded', createdAt: at(0), about });
});

test('an event of the second kind says nothing about objects here', () => {
  const thin = { id: 'evt_2', object: 'v2.core.event', type: 'v1.billing.meter.no_meter_found', created: 'x' };
  expect(read(...sign(thin))).toBeNull();
});
