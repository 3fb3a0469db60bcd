import { type Connection, connect } from '@bastionary/prisma/client';
import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { foldAll } from './world.js';

let house: House;
let connection: Connection;
beforeAll(async () => {
  house = await House.open();
  connection = connect(house.api.databaseUrl, { applicationName: 'usage-test', poolSize: 2 });
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
const meter = (key: string, some: object = {}) =>
  post('/api/meters', { key, event_type: 'call', aggregation: 'count', ...some });
const send = (subject: string, ...events: object[]) =>
  post(
    '/api/usage/events',
    events.map((event) => ({ id: `e${++made}`, source: 'test', type: 'call', subject, ...event })),
  );
const ask = (query: Record<string, string>, token = house.token) =>
  json(`${house.api.url}/api/usage?${new URLSearchParams(query)}`, { token });
const fold = () => foldAll(connection.db);

describe('GET /api/usage', () => {
  beforeAll(async () => {
    await meter('calls', { group_by: ['region', 'model.name'] });
    await meter('bytes', { aggregation: 'sum', property: 'bytes', group_by: 'region' });
    await meter('users', { aggregation: 'unique', property: 'user' });
    await meter('peak', { aggregation: 'max', property: 'bytes' });
  });

  test('E10: months of New York around the change of its clocks', async () => {
    const id = await customer({ time_zone: 'America/New_York' });
    const local = (text: string) => ({
      time: Temporal.PlainDateTime.from(text).toZonedDateTime('America/New_York').toInstant().toString(),
    });
    await send(
      id,
      ...['03-01T04:00', '03-15T00:00', '03-31T23:59', '04-01T00:00', '04-01T00:01', '04-15T12:00', '04-30T23:59']
        .concat('05-01T00:00', '05-01T00:01')
        .map((time) => local(`2023-${time}`)),
    );
    const query = { meter: 'calls', customer: id, from: '2023-03-01T05:00:00Z', to: '2023-06-01T04:00:00Z' };
    const months = {
      status: 200,
      body: {
        meter: 'calls',
        customer_id: id,
        from: '2023-03-01T05:00:00Z',
        to: '2023-06-01T04:00:00Z',
        time_zone: 'America/New_York',
        total: '9',
        events: '9',
        data: [
          { start: '2023-03-01T05:00:00Z', end: '2023-04-01T04:00:00Z', value: '3', events: '3' },
          { start: '2023-04-01T04:00:00Z', end: '2023-05-01T04:00:00Z', value: '4', events: '4' },
          { start: '2023-05-01T04:00:00Z', end: '2023-06-01T04:00:00Z', value: '2', events: '2' },
        ],
        groups_left_out: 0,
      },
    };
    expect(await ask({ ...query, window: 'month' })).toMatchObject(months);
    await fold();
    expect(await ask({ ...query, window: 'month' })).toMatchObject(months);
    const days = (await ask({ ...query, window: 'day' })).body.data;
    expect(days).toHaveLength(92);
    expect(days[11]).toEqual({ start: '2023-03-12T05:00:00Z', end: '2023-03-13T04:00:00Z', value: '0', events: '0' });
  });

  test('by group: values that are there, those with most usage first, the rest in the total only', async () => {
    const id = await customer({ external_id: 'grouped' });
    const time = '2026-02-03T10:00:00Z';
    const data = [
      { region: 'eu', model: { name: 'a' }, bytes: 1, user: 'u' },
      { region: 'eu', model: { name: 'b' }, bytes: '2.5', user: 'v' },
      { region: 'us', bytes: 10, user: 'u' },
      { bytes: 'many' },
    ];
    await send('grouped', ...data.map((one) => ({ time, data: one })));
    for (const step of ['from the events', 'from the rollups']) {
      const about = async (query: Record<string, string>) => {
        const span = { customer: 'grouped', from: '2026-02-03T09:59:59.999Z', to: '2026-02-03T10:00:00.001Z' };
        const { status, body } = await ask({ ...span, ...query });
        expect([step, status, body.customer_id]).toEqual([step, 200, id]);
        return [
          body.total,
          body.events,
          body.data.map(({ group, value }: { group?: object; value: string }) => [value, group]),
          body.groups_left_out,
        ];
      };
      expect(await about({ meter: 'calls', group_by: 'region' })).toEqual([
        '4',
        '4',
        [
          ['2', { region: 'eu' }],
          ['1', { region: null }],
          ['1', { region: 'us' }],
        ],
        0,
      ]);
      expect(await about({ meter: 'calls', group_by: 'model.name,region', limit: '1' })).toEqual([
        '4',
        '4',
        [['1', { 'model.name': null, region: null }]],
        3,
      ]);
      expect(await about({ meter: 'bytes', group_by: 'region,customer' })).toEqual([
        '13.5',
        '3',
        [
          ['10', { region: 'us', customer: id }],
          ['3.5', { region: 'eu', customer: id }],
        ],
        0,
      ]);
      expect(await about({ meter: 'users' })).toEqual(['2', '3', [['2', undefined]], 0]);
      expect(await about({ meter: 'peak', window: 'minute' })).toEqual([
        '10',
        '3',
        [
          ['0', undefined],
          ['10', undefined],
        ],
        0,
      ]);
      await fold();
    }
  });

  test('of all customers each by itself, added up, the largest first', async () => {
    const ids = [await customer(), await customer(), await customer()];
    const time = '2025-11-11T11:11:11.111Z';
    for (const [place, id] of ids.entries()) {
      await send(
        id,
        { time, data: { bytes: place, user: 'same' } },
        { time, data: { bytes: 7 * place, user: 'same' } },
      );
    }
    const span = { from: '2025-11-11T11:00:00Z', to: '2025-11-11T12:00:00Z', group_by: 'customer' };
    for (const _step of ['from the events', 'from the rollups']) {
      const peak = (await ask({ meter: 'peak', ...span, limit: '2' })).body;
      expect([peak.customer_id, peak.total, peak.groups_left_out]).toEqual([null, '21', 1]);
      expect(peak.data.map(({ group, value }: { group: object; value: string }) => [group, value])).toEqual([
        [{ customer: ids[2] }, '14'],
        [{ customer: ids[1] }, '7'],
      ]);
      expect((await ask({ meter: 'users', ...span })).body.total).toBe('3');
      await fold();
    }
  });

  test('as of an instant: what had been recorded by then', async () => {
    const id = await customer();
    await send(id, { time: '2026-01-01T00:00:00Z' });
    const [{ at }] = await house.sql(`SELECT max(recorded_at) AS at FROM usage_event WHERE customer_id = $1`, [id]);
    await send(id, { time: '2026-01-01T00:00:00Z' });
    await house.sql(
      `UPDATE usage_event SET recorded_at = recorded_at + interval '1 second'
      WHERE customer_id = $1 AND seq >= 0 AND recorded_at > $2`,
      [id, at],
    );
    const query = { meter: 'calls', customer: id, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    await fold();
    expect((await ask(query)).body.total).toBe('2');
    expect((await ask({ ...query, as_of: at.toISOString() })).body.total).toBe('1');
    expect((await ask({ ...query, as_of: '2025-12-31T00:00:00Z' })).body.total).toBe('0');
  });

  test('a customer’s client sees its own, whatever it asks for', async () => {
    const [own, foreign] = [await customer(), await customer({ external_id: 'foreign' })];
    for (const id of [own, foreign]) await send(id, { time: '2026-04-01T00:00:00Z' }, { time: '2026-04-01T00:00:00Z' });
    const client = await house.client({ customer_id: own, scopes: ['usage:read'] });
    const token = await house.accessToken(client, 'usage:read');
    const query = { meter: 'calls', from: '2026-04-01T00:00:00Z', to: '2026-04-02T00:00:00Z' };
    for (const _step of ['from the events', 'from the rollups']) {
      for (const whose of [{}, { customer: own }] as Record<string, string>[]) {
        expect((await ask({ ...query, ...whose, group_by: 'customer' }, token)).body).toMatchObject({
          customer_id: own,
          total: '2',
          data: [{ group: { customer: own }, value: '2' }],
        });
      }
      await fold();
    }
    const nobody = await ask({ ...query, customer: 'cus_00000000000000000000000000' }, token);
    expect(nobody.status).toBe(404);
    for (const name of [foreign, 'foreign']) {
      const { request_id: _, detail, ...refused } = (await ask({ ...query, customer: name }, token)).body;
      const { request_id: __, detail: sentence, ...unknown } = nobody.body;
      expect([refused, detail.replace(name, '')]).toEqual([unknown, sentence.replace(/cus_0+/, '')]);
    }
    const forecast = await json(`${house.api.url}/api/usage/forecast?meter=calls`, { token });
    expect(forecast).toMatchObject({ status: 200, body: { customer_id: own, so_far: '0', method: 'linear' } });
  });

  test('an event that a meter does not count is accepted, and says so where it is looked for', async () => {
    const id = await customer();
    const time = '2026-06-06T06:06:06Z';
    await send(
      id,
      { time, source: 'why', data: { bytes: 'many', user: 'u' } },
      { time, source: 'why', type: 'unheard' },
    );
    const seen = (await house.manage(`/api/usage/events?customer=${id}`)).body.data;
    expect(seen.map(({ result, reason }: Record<string, string>) => [result, reason])).toEqual([
      ['accepted', 'no meter counts events of this type'],
      [
        'accepted',
        'not counted by bytes: its bytes is no decimal number below 10^26; not counted by peak: its bytes is no decimal number below 10^26',
      ],
    ]);
  });

  test('the figures tell how far the fold is behind, and whether rollups differ', async () => {
    const figures = await (await fetch(`${house.api.url}/metrics`)).text();
    expect(figures).toMatch(/^bastionary_usage_fold_behind_seconds \d/m);
    expect(figures).toMatch(/^bastionary_usage_rollups_differing 0$/m);
  });

  test.each([
    [{ meter: 'nothing' }, 404, 'not_found', undefined],
    [{ meter: 'calls', customer: 'nobody' }, 404, 'not_found', undefined],
    [{ meter: 'calls', group_by: 'bytes' }, 422, 'invalid_request', '?group_by'],
    [{ meter: 'calls', from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' }, 422, 'invalid_request', '?to'],
    [
      { meter: 'calls', window: 'minute', from: '2026-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' },
      422,
      'invalid_request',
      '?window',
    ],
    [{ meter: 'calls', window: 'year' }, 422, 'invalid_request', '?window'],
    [{ meter: 'calls', time_zone: 'Mars/Base' }, 422, 'invalid_request', '?time_zone'],
    [{ meter: 'calls', other: '1' }, 422, 'invalid_request', '?other'],
    [{}, 422, 'invalid_request', '?meter'],
  ])('%j: %i', async (query, status, code, path) => {
    const answer = await ask(query as Record<string, string>);
    expect([answer.status, answer.body.code, answer.body.errors?.[0].path]).toEqual([status, code, path]);
  });
});

describe('/api/meters', () => {
  const key = () => `m${++made}`;
  let audits: number;
  beforeEach(async () => {
    audits = (await house.sql('SELECT count(*)::int AS n FROM audit_log'))[0].n;
  });

  test('a meter is as it was made, for ever; what is said about it can change', async () => {
    const name = key();
    const made = await house.manage('/api/meters', {
      body: {
        key: name,
        event_type: 'gpu.used',
        aggregation: 'sum',
        property: 'seconds',
        group_by: 'region',
        filters: [{ property: 'paid', operator: 'in', values: ['true'] }],
        unit: 's',
      },
    });
    const body = {
      key: name,
      name,
      description: null,
      unit: 's',
      event_type: 'gpu.used',
      aggregation: 'sum',
      property: 'seconds',
      group_by: ['region'],
      filters: [{ property: 'paid', operator: 'in', values: ['true'] }],
      archived_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    };
    expect(made).toMatchObject({ status: 201, body });
    const change = (some: object) => house.manage(`/api/meters/${name}`, { method: 'PATCH', body: some });
    expect((await change({ name: 'GPU', archived: true })).body).toMatchObject({
      name: 'GPU',
      archived_at: expect.any(String),
    });
    expect((await change({ name: 'GPU', archived: true })).status).toBe(200);
    expect((await change({ archived: false })).body.archived_at).toBeNull();
    expect((await change({ aggregation: 'max' })).status).toBe(422);
    await expect(house.sql(`UPDATE meter SET property = 'bytes' WHERE key = $1`, [name])).rejects.toThrow('for ever');
    expect((await house.audit(`meter:${name}`)).map(({ action, detail }) => [action, detail.changes])).toEqual([
      ['meter.created', undefined],
      ['meter.updated', { name: { from: name, to: 'GPU' }, archived: { from: false, to: true } }],
      ['meter.updated', { archived: { from: true, to: false } }],
    ]);
    const found = (await house.manage('/api/meters')).body.data.map((one: { key: string }) => one.key);
    expect(found).toContain(name);
  });

  test.each([
    [{ aggregation: 'sum' }, '/property'],
    [{ aggregation: 'count', property: 'x' }, '/property'],
    [{ aggregation: 'sum', property: '__proto__.x' }, '/property'],
    [{ aggregation: 'sum', property: 'a..b' }, '/property'],
    [{ aggregation: 'sum', property: "a') OR 1" }, '/property'],
    [{ aggregation: 'median', property: 'x' }, '/aggregation'],
    [{ group_by: ['a', 'a'] }, '/group_by'],
    [{ filters: [{ property: 'x', operator: 'gt', values: ['many'] }] }, '/filters/0/values'],
    [{ event_type: '' }, '/event_type'],
  ])('%j is refused, and nothing is written', async (some, path) => {
    const answer = await house.manage('/api/meters', {
      body: { key: key(), event_type: 'call', aggregation: 'count', ...some },
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors.map((one: { path: string }) => one.path)).toContain(path);
    expect((await house.sql('SELECT count(*)::int AS n FROM audit_log'))[0].n).toBe(audits);
  });

  test('a key is taken once', async () => {
    const name = key();
    await meter(name);
    const again = await house.manage('/api/meters', { body: { key: name, event_type: 'call', aggregation: 'count' } });
    expect([again.status, again.body.code]).toEqual([409, 'duplicate_meter']);
  });
});
