import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { House } from '../support.js';

let house: House;
let blocker: pg.Client;
beforeAll(async () => {
  house = await House.open({ env: { DATABASE_POOL_SIZE: '6' } });
  blocker = new pg.Client({ connectionString: house.api.databaseUrl });
  await blocker.connect();
  expect((await house.manage('/api/features', { body: { key: 'seats', name: 'Seats', type: 'limit' } })).status).toBe(
    201,
  );
});
afterAll(async () => {
  await blocker.end();
  await house.close();
});

const customer = async (): Promise<string> =>
  (await house.manage('/api/customers', { body: { name: 'A', email: 'a@b.example', currency: 'EUR' } })).body.id;
const override = (id: string, value: number) =>
  house.manage(`/api/customers/${id}/overrides/seats`, { method: 'PUT', body: { value, reason: 'test' } });
const waiting = async (): Promise<number> => {
  const [row] = await house.sql(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return row.count;
};

test('who changes a customer that is never let go is told to come again; meanwhile tokens and questions are answered', async () => {
  const [held, other] = [await customer(), await customer()];
  const client = await house.client({ customer_id: other });
  await blocker.query('BEGIN');
  await blocker.query('SELECT 1 FROM customer WHERE id = $1 FOR UPDATE', [held]);
  // More than there are connections.
  const changes = Array.from({ length: 12 }, (_, index) => override(held, index + 1));
  await waitFor('as many as may wait in the database', async () => (await waiting()) === 2);
  // Another process changed it, so it is not in memory any more.
  await house.sql(`SELECT pg_notify('bastionary_changes', $1)`, [
    JSON.stringify({ kind: 'customer', customerId: other, epoch: 0 }),
  ]);
  expect(await house.isActive(await house.accessToken(client))).toBe(true);
  expect((await house.manage(`/api/customers/${other}/entitlements`)).status).toBe(200);
  const answers = await Promise.all(changes);
  await blocker.query('ROLLBACK');
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.code}`))).toEqual(new Set(['503 unavailable']));
  expect(answers.every(({ headers }) => headers.has('retry-after'))).toBe(true);
  const { body } = await house.manage(`/api/customers/${held}/entitlements`);
  expect([body.epoch, body.features.seats]).toEqual([1, 0]);
  expect((await override(held, 5)).status).toBe(200);
}, 60_000);
