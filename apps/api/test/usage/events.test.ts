import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
let customer: { id: string };
beforeAll(async () => {
  house = await House.open();
  customer = (
    await house.manage('/api/customers', {
      body: { name: 'Acme', email: 'a@example.com', currency: 'EUR', external_id: 'acme' },
    })
  ).body;
});
afterAll(() => house.close());

test('smoke', async () => {
  const answer = await house.manage('/api/usage/events', {
    body: [
      { id: '1', source: 's', type: 't', subject: 'acme', data: { n: 1 } },
      { id: '1', source: 's', type: 't', subject: 'acme', data: { n: 1 } },
      { id: '1', source: 's', type: 't', subject: customer.id, data: { n: 1 } },
      { id: '2' },
      5,
    ],
  });
  console.log(JSON.stringify(answer.body, null, 1));
  const list = await house.manage('/api/usage/events?limit=2');
  console.log(JSON.stringify(list.body, null, 1));
  console.log(
    JSON.stringify(
      (await house.manage(`/api/usage/events?id=1&source=s&customer=acme&type=t&cursor=${list.body.next_cursor}`)).body,
      null,
      1,
    ),
  );
  expect(answer.status).toBe(200);
});
