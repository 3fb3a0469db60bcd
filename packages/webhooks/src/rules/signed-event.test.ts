import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { eventBody, signatureHeaders } from './signed-event.js';

const secretOf = (bytes: Uint8Array): string => `whsec_${Buffer.from(bytes).toString('base64')}`;

test('the vector of the specification', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = new Date(1_614_265_330_000);
  expect(signatureHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', [secret])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('the reference library verifies every body under each of two secrets, and under no third', () => {
  const secret = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf);
  fc.assert(
    fc.property(secret, secret, fc.jsonValue(), (first, second, data) => {
      const facts = {
        id: 'evt_1',
        type: 'client.created',
        timestamp: '2027-01-01T00:00:00Z',
        data: JSON.stringify(data),
      };
      const body = eventBody(facts);
      const headers = signatureHeaders('evt_1', new Date(), body, [first, second]);
      for (const one of [first, second]) expect(new Webhook(one).verify(body, headers)).toEqual(JSON.parse(body));
      const third = new Webhook(secretOf(randomBytes(32)));
      expect(() => third.verify(body, headers)).toThrow('No matching signature');
      expect(() => new Webhook(first).verify(`${body} `, headers)).toThrow('No matching signature');
    }),
  );
});

test('the body is canonical: members in order, data as it stands', () => {
  const body = eventBody({ id: 'evt_1', type: 'a.b', timestamp: '2027-01-01T00:00:00Z', data: '{"a":"\u20ac"}' });
  expect(body).toBe('{"data":{"a":"€"},"id":"evt_1","timestamp":"2027-01-01T00:00:00Z","type":"a.b"}');
});
