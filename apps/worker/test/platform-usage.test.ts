import { askingPool, askingTransaction, recordEvents } from '@bastionary/billing/actions/metering/record-events';
import { makeUsageMonths } from '@bastionary/billing/actions/metering/usage-months';
import { platformEvent } from '@bastionary/billing/rules/metering/platform-usage';
import { connect } from '@bastionary/prisma/client';
import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Works } from './support.js';

let works: Works;
let customerId: string;
beforeAll(async () => {
  works = await Works.open({ USAGE_REJECTION_KEEP_DAYS: '3', USAGE_REJECTION_KEEP_MAX: '1000' });
  const customer = { name: 'Acme', email: 'x@example.com', currency: 'EUR' };
  customerId = (await works.manage('/api/customers', { body: customer })).body.id;
});
afterAll(() => works.close());

const count = async (sql: string): Promise<number> =>
  (await works.sql(`SELECT count(*)::int AS count FROM ${sql}`))[0].count;
const used = (type: string) =>
  works.sql(
    `SELECT customer_id, client_id, sent_by, data->>'permission' AS permission, sum((data->>'count')::int)::int AS count
     FROM usage_event WHERE type = $1 GROUP BY 1, 2, 3, 4 ORDER BY 4`,
    [type],
  );

test('tokens and API calls of customers’ clients become their usage, once, whoever is killed in between', async () => {
  const made = await works.client({
    client_id: 'acme-machine',
    customer_id: customerId,
    scopes: ['read', 'usage:read', 'customers:read'],
  });
  const own = await works.client({ client_id: 'our-own' });
  const worker = await works.worker();
  await works.issue(made, 3);
  await works.issue(own, 2);
  await waitFor('some to be folded', async () => (await used('bastionary.token.issued')).length > 0);
  await worker.kill();
  await works.issue(made, 4);
  await works.worker();
  const whose = { customer_id: customerId, client_id: 'acme-machine', sent_by: 'bastionary' };
  await waitFor('all of them', async () => (await used('bastionary.token.issued'))[0].count >= 7, { within: 30_000 });
  expect(await used('bastionary.token.issued')).toEqual([{ ...whose, permission: null, count: 7 }]);

  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const authorization = `Basic ${Buffer.from(`${made.client_id}:${made.client_secret}`).toString('base64')}`;
  const token = (await json(`${works.api.url}/oauth2/token`, { body, headers: { authorization } })).body.access_token;
  for (let call = 0; call < 5; call++) await json(`${works.api.url}/api/customers/${customerId}`, { token });
  await json(`${works.api.url}/api/usage/events`, { token });
  // Refused: no use of anything.
  expect((await json(`${works.api.url}/api/audit`, { token })).status).toBe(403);
  await waitFor('the calls', async () => (await used('bastionary.api.call')).length === 2, { within: 30_000 });
  expect(await used('bastionary.api.call')).toEqual([
    { ...whose, permission: 'customers:read', count: 5 },
    { ...whose, permission: 'usage:read', count: 1 },
  ]);
}, 120_000);

test('a batch of counts that is written again is the same events, on the pool and in a transaction', async () => {
  const connection = connect(works.database.url, { applicationName: 'platform-usage', poolSize: 2 });
  try {
    const use = {
      type: 'bastionary.api.call',
      customerId,
      clientId: 'twice',
      minute: 1_800_000_000_000,
      count: 3,
    } as const;
    const events = [platformEvent({ ...use, batch: 'cbt_1' }), platformEvent({ ...use, batch: 'cbt_2' })];
    expect(await recordEvents(askingPool(connection.pool), events)).toEqual(['accepted', 'accepted']);
    expect(await recordEvents(askingPool(connection.pool), events)).toEqual(['duplicate', 'duplicate']);
    const third = platformEvent({ ...use, batch: 'cbt_3', permission: 'usage:read' });
    const again = await connection.db.$transaction((tx) => recordEvents(askingTransaction(tx), [...events, third]));
    expect(again).toEqual(['duplicate', 'duplicate', 'accepted']);
    expect(
      await works.sql(`SELECT sum((data->>'count')::int)::int AS sum FROM usage_event WHERE client_id = 'twice'`),
    ).toEqual([{ sum: 9 }]);
  } finally {
    await connection.close();
  }
});

test('months are made ahead; what came before its month was there moves into it, counted once', async () => {
  const connection = connect(works.database.url, { applicationName: 'usage-months', poolSize: 2 });
  const months = async () =>
    (
      await works.sql(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'usage_partitions' AND tablename ~ '^event_2031' ORDER BY 1`,
      )
    ).map(({ tablename }) => tablename);
  try {
    const at = Date.parse('2031-03-31T23:30:00-01:00');
    const event = (id: string, time: number) => ({
      ...platformEvent({
        type: 'bastionary.api.call',
        customerId,
        clientId: id,
        minute: time,
        count: 1,
        batch: 'cbt_4',
      }),
    });
    await recordEvents(askingPool(connection.pool), [
      event('march', at - 3_600_000),
      event('april', at),
      event('long-ago', 0),
    ]);
    expect(await count('usage_partitions.event_other')).toBe(3);
    const now = new Date('2031-03-15T00:00:00Z');
    expect(await connection.db.$transaction((tx) => makeUsageMonths(tx, now, 1))).toBe(2);
    expect(await makeUsageMonths(connection.db, now, 1)).toBe(0);
    expect(await months()).toEqual(['event_2031_03', 'event_2031_04']);
    expect(
      await works.sql(
        `SELECT client_id, tableoid::regclass::text AS lies FROM usage_event WHERE id LIKE 'cbt_4%' ORDER BY time`,
      ),
    ).toEqual([
      { client_id: 'long-ago', lies: 'usage_partitions.event_other' },
      { client_id: 'march', lies: 'usage_partitions.event_2031_03' },
      { client_id: 'april', lies: 'usage_partitions.event_2031_04' },
    ]);
    // Made by hand for what lies long ago.
    await works.sql(`SELECT make_usage_month('1970-01-15')`);
    expect(await count('usage_partitions.event_other')).toBe(0);
    expect(await count('usage_partitions.event_1970_01')).toBe(1);
    // The index of the whole table is there too, and the wall.
    expect(
      await works.sql(`SELECT relrowsecurity AS walled, (SELECT count(*)::int FROM pg_index WHERE indrelid = c.oid) AS indexes
      FROM pg_class c WHERE oid = 'usage_partitions.event_1970_01'::regclass`),
    ).toEqual([{ walled: true, indexes: 2 }]);
  } finally {
    await connection.close();
  }
});

test('why events were refused is kept for so long and no longer, and so many and no more', async () => {
  await works.sql(`INSERT INTO usage_rejection (xid, seq, recorded_at, result, reason, sent_by)
    SELECT 10, n, now() - make_interval(hours => (2000 - n) / 25), 'rejected', 'x', 'x' FROM generate_series(1, 2000) AS n`);
  await waitFor('the newest to be left', async () => (await count('usage_rejection')) === 1_000, { within: 50_000 });
  expect(await works.sql('SELECT min(seq), max(seq) FROM usage_rejection')).toEqual([{ min: 1001, max: 2000 }]);
}, 90_000);
