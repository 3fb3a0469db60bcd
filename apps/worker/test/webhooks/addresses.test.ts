import { waitFor } from '@bastionary/testing/wait-for';
import { WebhookSink } from '@bastionary/testing/webhook-sink';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from './house.js';

let house: House;
let sink: WebhookSink;
beforeAll(async () => {
  sink = await WebhookSink.open();
  // Names are accepted, since something private is allowed; but not what these lead to.
  house = await openHouse({ WEBHOOK_RETRY_SECONDS: '0.1' }, { WEBHOOK_ALLOW_PRIVATE: '127.0.0.2' });
  await house.works.worker();
});
afterAll(async () => {
  await house.works.close();
  await sink.kill();
});

test.each([
  ['https://localhost:PORT', 'is not a public address; WEBHOOK_ALLOW_PRIVATE can allow it'],
  ['http://localhost:PORT', 'takes https; WEBHOOK_ALLOW_PRIVATE can allow it'],
])('N60: a name that leads to a private address is refused when it is connected to: %s', async (pattern, reason) => {
  const { id } = await house.register({ url: pattern.replace('PORT', String(sink.port)) });
  await house.post(id, '/test');
  const [dead] = await waitFor('the dead letter', async () => {
    const list = await house.deliveries(id, '&status=dead');
    return list.length > 0 && list;
  });
  expect(dead.last_attempt.response_status).toBeNull();
  expect(dead.last_attempt.error).toContain(reason);
  expect(sink.received).toEqual([]);
});
