import { foldUsage } from '@bastionary/billing/actions/metering/fold-usage';
import { type Connection, connect } from '@bastionary/prisma/client';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { foldAll } from './world.js';

let house: House;
let connection: Connection;
beforeAll(async () => {
  house = await House.open();
  connection = connect(house.api.databaseUrl, { applicationName: 'usage-test', poolSize: 4 });
  await post('/api/meters', { key: 'bytes', event_type: 'call', aggregation: 'sum', property: 'bytes' });
});
afterAll(async () => {
  await connection.close();
  await house.close();
});

let made = 0;
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function post(path: string, body: object): Promise<any> {
  const answer = await house.manage(path, { body });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const customer = async (some: object = {}): Promise<string> =>
  (await post('/api/customers', { name: 'C', email: 'c@example.com', currency: 'EUR', ...some })).id;
const send = (subject: string, time: string, bytes: unknown) =>
  post('/api/usage/events', { id: `e${++made}`, source: 'test', type: 'call', subject, time, data: { bytes } });
const threshold = (body: object) => post('/api/usage-thresholds', { meter: 'bytes', ...body });
const fold = () => foldAll(connection.db);
const told = async (id: string) => {
  const rows = await house.sql(
    `SELECT key, customer_id, data FROM outbox_event WHERE type = 'usage.threshold_reached' ORDER BY seq`,
  );
  return rows
    .filter((row) => JSON.parse(row.data).threshold_id === id)
    .map((row) => ({ ...row, data: JSON.parse(row.data) }));
};

test('a threshold is told once in each window of the customer’s time zone, with the usage that reached it', async () => {
  const id = await customer({ time_zone: 'America/New_York' });
  const { id: day } = await threshold({ customer_id: id, window: 'day', value: '10' });
  const { id: month } = await threshold({ window: 'month', value: '25.5' });
  await send(id, '2026-03-09T02:00:00Z', 6);
  await fold();
  expect(await told(day)).toEqual([]);
  // Eight in the evening of the 8th, and of the 9th: the day that lost an hour, and the next.
  await send(id, '2026-03-09T03:59:59.999Z', '4.5');
  await send(id, '2026-03-09T04:00:00Z', 9);
  await fold();
  const event = (start: string, end: string, usage: string) => ({
    key: `customer:${id}`,
    customer_id: id,
    data: { threshold_id: day, meter: 'bytes', customer_id: id, window: 'day', start, end, value: '10', usage },
  });
  const eighth = event('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', '10.5');
  expect(await told(day)).toEqual([eighth]);
  await send(id, '2026-03-09T05:00:00Z', 9);
  await send(id, '2026-03-08T06:00:00Z', 9);
  await fold();
  await fold();
  expect(await told(day)).toEqual([eighth, event('2026-03-09T04:00:00Z', '2026-03-10T04:00:00Z', '18')]);
  expect((await told(month)).map(({ data }) => [data.customer_id, data.start, data.usage])).toEqual([
    [id, '2026-03-01T05:00:00Z', '37.5'],
  ]);
  const listed = (await house.manage(`/api/usage-thresholds?customer_id=${id}`)).body.data;
  expect(listed.map((one: { id: string }) => one.id)).toEqual([day, month]);
  expect((await house.manage(`/api/usage-thresholds/${day}`)).body).toEqual({
    id: day,
    meter: 'bytes',
    customer_id: id,
    window: 'day',
    value: '10',
    created_at: expect.any(String),
    reached: { customer_id: id, start: '2026-03-09T04:00:00Z', end: '2026-03-10T04:00:00Z', at: expect.any(String) },
  });
});

test('what was reached before the threshold was made is told too; the period is that of the subscription', async () => {
  const id = await customer();
  await post('/api/plans', { key: 'basic', name: 'Basic', publish: true });
  const start = new Date(Date.now() - 5 * 86_400_000).toISOString();
  await post('/api/subscriptions', { customer_id: id, plan: 'basic', start });
  await send(id, new Date(Date.now() - 4 * 86_400_000).toISOString(), 7);
  await fold();
  const { id: made } = await threshold({ customer_id: id, window: 'period', value: '7' });
  await Promise.all([fold(), fold()]);
  expect((await told(made)).map(({ data }) => [new Date(data.start).toISOString(), data.usage])).toEqual([
    [start, '7'],
  ]);
});

test('a fold that is cut off tells nothing, and what it would have told is told by the next', async () => {
  const id = await customer();
  const { id: made } = await threshold({ customer_id: id, window: 'day', value: '1' });
  await fold();
  await send(id, '2026-05-05T05:05:05Z', 1);
  await house.sql(
    `CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut off'; END $$`,
  );
  await house.sql('CREATE TRIGGER cut_off BEFORE UPDATE ON usage_fold EXECUTE FUNCTION cut_off()');
  await waitFor('a fold that is cut off', () =>
    connection.db
      .$transaction((tx) => foldUsage(tx, 1_000, new Date()))
      .then(
        () => false,
        (error) => String(error).includes('cut off'),
      ),
  );
  expect(await told(made)).toEqual([]);
  await house.sql('DROP TRIGGER cut_off ON usage_fold');
  await fold();
  expect(await told(made)).toHaveLength(1);
});

test('what is deleted is gone and leaves a record; what is wrong is refused', async () => {
  const { id } = await threshold({ window: 'day', value: '1000000' });
  expect((await house.manage(`/api/usage-thresholds/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await house.manage(`/api/usage-thresholds/${id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await house.audit(`usage_threshold:${id}`)).map(({ action }) => action)).toEqual([
    'usage_threshold.created',
    'usage_threshold.deleted',
  ]);
  for (const [body, status] of [
    [{ meter: 'bytes', window: 'day', value: '0' }, 422],
    [{ meter: 'bytes', window: 'week', value: '1' }, 422],
    [{ meter: 'none', window: 'day', value: '1' }, 404],
    [{ meter: 'bytes', window: 'day', value: '1', customer_id: 'cus_none' }, 404],
  ] as const) {
    expect((await house.manage('/api/usage-thresholds', { body })).status).toBe(status);
  }
});
