import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Till } from '../stripe/till.js';
import { Buyer, makePolicy, openShop, patience } from './right.js';

const HOLDERS = 25;

let till: Till;
beforeAll(async () => {
  till = await Till.open();
  await openShop(till, false);
});
afterAll(() => till.close());

test('who holds the plan already gets a licence, each one, also if the worker is killed over it', async () => {
  const buyers: Buyer[] = [];
  for (let number = 0; number < HOLDERS; number++) {
    const customer = await till.customer();
    const body = { customer_id: customer, plan: 'desktop', quantity: 1 + (number % 3) };
    const { id } = await till.ask('POST', '/api/subscriptions', body);
    buyers.push(new Buyer(till, customer, { client_id: '', client_secret: '' }, id));
  }
  const victim = await till.works.worker();
  const policy = await makePolicy(till);
  const issued = async (): Promise<number> =>
    (await till.works.sql('SELECT count(*)::int AS count FROM license WHERE policy_id = $1', [policy]))[0].count;
  await waitFor('the first licence', async () => (await issued()) > 0, patience);
  await victim.kill();
  await till.works.worker();
  const isDone = async () => {
    const [row] = await till.works.sql('SELECT issued_up_to FROM license_policy WHERE id = $1', [policy]);
    return row.issued_up_to === null;
  };
  await waitFor('all of them', isDone, patience);
  expect(await issued()).toBe(HOLDERS);
  const seats = await Promise.all(buyers.map(async (buyer) => (await buyer.license()).max_machines));
  expect(seats).toEqual(buyers.map((_, number) => 1 + (number % 3)));

  // What it decides is changed there, and what an operator took away is not issued anew.
  const [first] = buyers;
  if (first === undefined) throw new Error('nobody');
  const { id } = await first.license();
  const refused = await till.works.manage(`/api/licenses/${id}`, { method: 'PATCH', body: { max_machines: 99 } });
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'license_conflict',
      errors: [{ path: '/max_machines', code: 'issued_by_subscription', message: expect.stringContaining('sub_') }],
    },
  });
  expect((await till.works.manage(`/api/licenses/${id}/renew`, { method: 'POST', body: {} })).status).toBe(409);
  await till.ask('PATCH', `/api/licenses/${id}`, { name: 'Of the workshop' });
  await till.ask('POST', `/api/licenses/${id}/revoke`, {});
  await first.change({ quantity: 9 });
  expect((await first.licenses()).map((one) => [one.id, one.status])).toEqual([[id, 'REVOKED']]);

  // A policy that issues for no plan any more: what it issued follows its subscription all the same.
  const second = buyers[1] as Buyer;
  await till.ask('PATCH', `/api/license-policies/${policy}`, { plan: null });
  await second.change({ quantity: 7 });
  expect(await second.license()).toMatchObject({ max_machines: 7, status: 'ACTIVE' });
  await second.change({ cancel: true });
  expect(await second.license()).toMatchObject({ status: 'SUSPENDED', suspensions: ['subscription'] });
  const { key } = await second.license();
  const url = `${till.works.api.url}/v1/licenses/actions/validate-key`;
  expect((await json(url, { body: { meta: { key } } })).body.meta).toMatchObject({ valid: false, code: 'SUSPENDED' });
});
