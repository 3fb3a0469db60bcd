import type { ReceivedEventPage } from '@bastionary/contracts/usage';
import { type Answer, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, patiently } from '../support.js';

let house: House;
let acme: { id: string };
let other: { id: string };
let machine: MadeClient;
/** Of a client of Acme. */
let token: string;
beforeAll(async () => {
  house = await House.open({
    env: { USAGE_EVENTS_MAX: '200', USAGE_BODY_LIMIT_BYTES: '65536', USAGE_OF_PLATFORM: '0' },
  });
  acme = await customer('Acme', 'acme');
  other = await customer('Other', 'other');
  machine = await house.client({
    client_id: 'acme-machine',
    customer_id: acme.id,
    scopes: ['usage:write', 'usage:read'],
  });
  token = await house.accessToken(machine);
});
afterAll(() => house.close());

const customer = async (name: string, external_id: string) =>
  (await house.manage('/api/customers', { body: { name, email: 'x@example.com', currency: 'EUR', external_id } })).body;
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
const send = (body: unknown, options: object = {}): Promise<Answer<any>> =>
  patiently(() => house.manage('/api/usage/events', { body, ...options }));
const event = (id: string, more: object = {}) => ({ id, source: 'api', type: 'api.call', subject: 'acme', ...more });
const stored = (source: string) =>
  house.sql(
    `SELECT (SELECT count(*)::int FROM usage_event WHERE source = $1) AS events,
       (SELECT count(*)::int FROM usage_event_key WHERE source = $1) AS names,
       (SELECT coalesce(sum((data->>'n')::numeric), 0)::int FROM usage_event WHERE source = $1) AS sum`,
    [source],
  );
const batch = (source: string, size: number, from = 0) =>
  Array.from({ length: size }, (_, index) => event(`${from + index}`, { source, data: { n: 1 } }));

describe('what is sent', () => {
  test('one event and an array, at both addresses; results in the order of the request', async () => {
    const time = '2026-03-01T08:30:00.5+01:00';
    const one = await send(event('a', { source: 'forms', time, data: { path: '/v1', bytes: 0.1 } }));
    expect([one.status, one.body]).toEqual([
      200,
      { accepted: 1, duplicate: 0, conflict: 0, rejected: 0, results: [{ id: 'a', result: 'accepted' }] },
    ]);
    const many = await house.manage('/api/v1/events', {
      body: [
        event('b', { source: 'forms', subject: acme.id }),
        event('a', { source: 'forms', time, data: { bytes: 0.1, path: '/v1' } }),
        { id: 'x' },
        event('c', { source: 'forms', subject: 'acme-machine' }),
        event('b', { source: 'forms', subject: acme.id, data: {} }),
        event('d', { source: 'forms', subject: 'nobody' }),
        event('c', { source: 'forms', subject: 'acme-machine' }),
        7,
      ],
    });
    expect([many.status, many.body]).toEqual([
      200,
      {
        accepted: 2,
        duplicate: 2,
        conflict: 1,
        rejected: 3,
        results: [
          { id: 'b', result: 'accepted' },
          { id: 'a', result: 'duplicate' },
          { id: 'x', result: 'rejected', reason: 'source: is missing' },
          { id: 'c', result: 'accepted' },
          {
            id: 'b',
            result: 'conflict',
            reason: 'another event with this source and id was accepted before, and stays',
          },
          {
            id: 'd',
            result: 'rejected',
            reason: 'subject: is no id or external id of a customer, nor a client_id of one',
          },
          { id: 'c', result: 'duplicate' },
          { id: null, result: 'rejected', reason: 'an event must be an object' },
        ],
      },
    ]);
    const rows = await house.sql(
      `SELECT id, customer_id, type, time, subject, client_id, data FROM usage_event WHERE source = 'forms' ORDER BY id`,
    );
    const kept = { customer_id: acme.id, type: 'api.call' };
    expect(rows).toEqual([
      { ...kept, id: 'a', time: new Date(time), subject: 'acme', client_id: null, data: { path: '/v1', bytes: 0.1 } },
      { ...kept, id: 'b', time: expect.any(Date), subject: null, client_id: null, data: null },
      { ...kept, id: 'c', time: expect.any(Date), subject: 'acme-machine', client_id: 'acme-machine', data: null },
    ]);
  });

  test('CloudEvents, structured and batched', async () => {
    const cloud = {
      specversion: '1.0',
      ...event('1', { source: '/cloud' }),
      datacontenttype: 'application/json',
      traceparent: '00-ab',
      data: { n: 1 },
    };
    const structured = { headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } };
    const batched = { headers: { 'content-type': 'application/cloudevents-batch+json' } };
    expect((await send(JSON.stringify(cloud), structured)).body).toMatchObject({ accepted: 1 });
    const { body } = await send(
      JSON.stringify([
        { ...cloud, traceparent: '00-cd' },
        { ...cloud, id: '2', data: undefined, data_base64: 'AA==' },
        { ...cloud, id: '3', specversion: '0.3' },
        event('4'),
      ]),
      batched,
    );
    expect(body.results).toEqual([
      { id: '1', result: 'duplicate' },
      { id: '2', result: 'rejected', reason: 'data_base64: binary data cannot be measured; send JSON as data' },
      { id: '3', result: 'rejected', reason: 'specversion: must be "1.0"' },
      { id: '4', result: 'rejected', reason: 'specversion: must be "1.0"' },
    ]);
    expect((await send([cloud])).body).toMatchObject({ duplicate: 1 });
    expect((await send(JSON.stringify([]), batched)).body).toEqual({
      accepted: 0,
      duplicate: 0,
      conflict: 0,
      rejected: 0,
      results: [],
    });
    for (const [text, options] of [
      [JSON.stringify([cloud]), structured],
      [JSON.stringify(cloud), batched],
    ] as const) {
      const refused = await send(text, options);
      expect([refused.status, refused.body.code]).toEqual([422, 'invalid_request']);
    }
    const elsewhere = await house.manage('/api/customers', { body: JSON.stringify(cloud), ...structured });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  const JSON_TYPE = { headers: { 'content-type': 'application/json' } };
  test.each([
    ['no event', '5', 422, 'invalid_request'],
    ['a text', '"x"', 422, 'invalid_request'],
    ['nothing', 'null', 422, 'invalid_request'],
    ['no JSON', '{', 400, 'malformed_json'],
    ['a name twice', '{"id":"1","id":"2"}', 400, 'malformed_json'],
    ['a prototype', '{"id":"1","data":{"__proto__":{"a":1}}}', 400, 'malformed_json'],
    ['too many', JSON.stringify(Array(201).fill({})), 413, 'body_too_large'],
    ['too much', `[${' '.repeat(65_536)}]`, 413, 'body_too_large'],
  ])('a body that is %s is a problem, and changes nothing', async (_name, body, status, code) => {
    const before = await house.sql(
      'SELECT (SELECT count(*) FROM usage_event) AS a, (SELECT count(*) FROM usage_rejection) AS b',
    );
    const answer = await send(body, JSON_TYPE);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(
      await house.sql('SELECT (SELECT count(*) FROM usage_event) AS a, (SELECT count(*) FROM usage_rejection) AS b'),
    ).toEqual(before);
  });

  test('hostile events are refused one by one, and the good one among them counts', async () => {
    const hostile = [
      '{"id":"h1","source":"h","type":"t","subject":"acme","data":{"n":9007199254740993}}',
      '{"id":"h2","source":"h","type":"t","subject":"acme","data":{"n":0.12345678901234567890}}',
      '{"id":"h3","source":"h","type":"t","subject":"acme","data":{"n":1e999}}',
      '{"id":"h4","source":"h","type":"t","subject":"acme","data":{"n":"\\u0000"}}',
      '{"id":"h5","source":"h","type":"t","subject":"acme","data":{"n":"\\ud800"}}',
      '{"id":"h\\u0000","source":"h","type":"t","subject":"acme"}',
      '{"id":"h7\\udfff","source":"h","type":"t","subject":"acme"}',
      `{"id":"h8","source":"h","type":"t","subject":"acme","data":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
      `{"id":"h9","source":"h","type":"t","subject":"acme","data":{"a":"${'x'.repeat(20_000)}"}}`,
      '{"id":"h10","source":"h","type":"t","subject":"acme","time":"2999-01-01T00:00:00Z"}',
      '{"id":"h11","source":"h","type":"t","subject":"acme","customer_id":"x"}',
      `{"id":"h12","source":"${"'; DROP TABLE usage_event; --"}","type":"t","subject":"$1"}`,
      '{"id":"good\\\\,{}\\"","source":"h","type":"t","subject":"acme","data":{"n":"\\\\ \\" , {} NULL \\n"}}',
    ];
    const { status, body } = await send(`[${hostile.join(',')}]`, JSON_TYPE);
    expect([status, body.accepted, body.rejected]).toEqual([200, 1, hostile.length - 1]);
    expect(body.results.at(-1)).toEqual({ id: 'good\\,{}"', result: 'accepted' });
    expect(await house.sql(`SELECT id, data FROM usage_event WHERE source = 'h'`)).toEqual([
      { id: 'good\\,{}"', data: { n: '\\ " , {} NULL \n' } },
    ]);
    expect(
      await house.sql(`SELECT count(*)::int AS kept FROM usage_rejection WHERE source = 'h' OR source LIKE '%DROP%'`),
    ).toEqual([{ kept: 12 }]);
  });

  test('usage of a suspended customer happened all the same', async () => {
    const paused = await customer('Paused', 'paused');
    await house.manage(`/api/customers/${paused.id}`, {
      method: 'PATCH',
      body: { status: 'suspended' },
      headers: { 'if-match': '*' },
    });
    expect((await send(event('1', { source: 'paused', subject: 'paused' }))).body).toMatchObject({ accepted: 1 });
  });

  test('a subject means whom it means now; what was accepted under it before stays a duplicate', async () => {
    const moved = await customer('Moved', 'before');
    const first = event('1', { source: 'moved', subject: 'before', time: '2026-03-01T00:00:00Z' });
    expect((await send(first)).body).toMatchObject({ accepted: 1 });
    const renamed = await house.manage(`/api/customers/${moved.id}`, {
      method: 'PATCH',
      body: { external_id: 'after' },
      headers: { 'if-match': '*' },
    });
    expect(renamed.status).toBe(200);
    expect(
      (await send([first, { ...first, type: 'x' }, { ...first, id: '2' }, { ...first, id: '3', subject: 'after' }]))
        .body.results,
    ).toMatchObject([
      { id: '1', result: 'duplicate' },
      { id: '1', result: 'conflict' },
      { id: '2', result: 'rejected' },
      { id: '3', result: 'accepted' },
    ]);
    const heir = await customer('Heir', 'before');
    expect((await send({ ...first, id: '4' })).body).toMatchObject({ accepted: 1 });
    expect(await house.sql(`SELECT customer_id FROM usage_event WHERE source = 'moved' AND id = '4'`)).toEqual([
      { customer_id: heir.id },
    ]);
  });
});

describe('each event counts once', () => {
  test('E50: a failure between claim and write leaves nothing; the retry counts once', async () => {
    await house.sql(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON usage_event FOR EACH ROW WHEN (new.source = 'e50') EXECUTE FUNCTION fail()`);
    const failed = await send(batch('e50', 10));
    expect([failed.status, failed.body.code]).toEqual([500, 'internal']);
    expect(await stored('e50')).toEqual([{ events: 0, names: 0, sum: 0 }]);
    // Others who send at that moment are not concerned.
    const answers = await Promise.all([
      send(batch('e50', 10)),
      ...[1, 2, 3].map((n) => send(batch(`beside-${n}`, 10))),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 200, 200]);
    await house.sql('DROP TRIGGER fail ON usage_event; DROP FUNCTION fail()');
    expect((await send(batch('e50', 10))).body).toMatchObject({ accepted: 10, duplicate: 0 });
    expect(await stored('e50')).toEqual([{ events: 10, names: 10, sum: 10 }]);
  });

  test('E51: the same batch fifty times at once counts once; one duplicate does not refuse the others', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(batch('e51', 100))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const sum = (name: 'accepted' | 'duplicate') => answers.reduce((total, { body }) => total + body[name], 0);
    expect([sum('accepted'), sum('duplicate')]).toEqual([100, 4_900]);
    expect(await stored('e51')).toEqual([{ events: 100, names: 100, sum: 100 }]);
    const mixed = await send(batch('e51', 100, 99));
    expect(mixed.body).toMatchObject({ accepted: 99, duplicate: 1, conflict: 0, rejected: 0 });
    expect(mixed.body.results[0]).toEqual({ id: '99', result: 'duplicate' });
    expect(await stored('e51')).toEqual([{ events: 199, names: 199, sum: 199 }]);
  });

  test('E51: batches that overlap, in opposite orders, all end', async () => {
    const size = 150;
    const forwards = batch('overlap', size);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(n % 2 === 0 ? forwards : [...forwards].reverse())),
    );
    expect(answers.map(({ body }) => body.accepted + body.duplicate)).toEqual(Array(20).fill(size));
    expect(await stored('overlap')).toEqual([{ events: size, names: size, sum: size }]);
  });

  test('E52: another time or payload under the same name is a conflict, and the first is kept', async () => {
    const first = event('1', { source: 'e52', time: '2026-03-01T00:00:00Z', data: { n: 1 } });
    expect((await send(first)).body).toMatchObject({ accepted: 1 });
    const others = [{ time: '2026-03-01T00:00:01Z' }, { data: { n: 2 } }, { type: 'x' }, { subject: 'other' }];
    for (const differing of others) {
      expect((await send({ ...first, ...differing })).body).toEqual({
        accepted: 0,
        duplicate: 0,
        conflict: 1,
        rejected: 0,
        results: [
          {
            id: '1',
            result: 'conflict',
            reason: 'another event with this source and id was accepted before, and stays',
          },
        ],
      });
    }
    expect(await stored('e52')).toEqual([{ events: 1, names: 1, sum: 1 }]);
    expect(await house.sql(`SELECT customer_id, type, time FROM usage_event WHERE source = 'e52'`)).toEqual([
      { customer_id: acme.id, type: 'api.call', time: new Date('2026-03-01T00:00:00Z') },
    ]);
    // A month later it is in another partition, and still the same name.
    expect((await send({ ...first, time: '2026-02-01T00:00:00Z' })).body).toMatchObject({ conflict: 1 });
  });

  test('an event without a time, sent again later, is the same event', async () => {
    const timeless = event('1', { source: 'timeless' });
    expect((await send(timeless)).body).toMatchObject({ accepted: 1 });
    expect((await send(timeless)).body).toMatchObject({ duplicate: 1 });
  });
});

describe('a customer’s client', () => {
  const own = (body: unknown) => json(`${house.api.url}/api/usage/events`, { token, body });
  const look = (query: string, bearer = token) => json(`${house.api.url}/api/usage/events?${query}`, { token: bearer });

  test('sends for its own customer only, and need not say so; a foreign subject is like none', async () => {
    const { body } = await own([
      event('1', { source: 'own', subject: undefined }),
      event('2', { source: 'own' }),
      event('3', { source: 'own', subject: acme.id }),
      event('4', { source: 'own', subject: 'acme-machine' }),
      event('5', { source: 'own', subject: 'other' }),
      event('6', { source: 'own', subject: other.id }),
      event('7', { source: 'own', subject: 'nobody' }),
      event('1', { source: 'own', subject: acme.id }),
    ]);
    expect(body.results.map(({ result }: { result: string }) => result)).toEqual([
      ...Array(4).fill('accepted'),
      ...Array(3).fill('rejected'),
      'duplicate',
    ]);
    expect(body.results[4].reason).toBe(body.results[6].reason);
    expect(await house.sql(`SELECT DISTINCT customer_id, sent_by FROM usage_event WHERE source = 'own'`)).toEqual([
      { customer_id: acme.id, sent_by: 'client:acme-machine' },
    ]);
  });

  test('cannot take names from others, nor learn that they are taken', async () => {
    expect((await own(event('1', { source: 'names' }))).body).toMatchObject({ accepted: 1 });
    expect((await send(event('1', { source: 'names', subject: 'other' }))).body).toMatchObject({ accepted: 1 });
    expect((await own(event('1', { source: 'names', subject: 'other' }))).body).toMatchObject({ conflict: 1 });
    expect((await own(event('2', { source: 'names', subject: 'other' }))).body).toMatchObject({ rejected: 1 });
  });

  test('sees what became of its own customer’s events, and nothing of others', async () => {
    await send([event('mine', { source: 'seen' }), event('theirs', { source: 'seen', subject: 'other' })]);
    await own(event('refused', { source: 'seen', subject: 'other' }));
    const mine = await look('source=seen&id=mine');
    expect(mine.body).toEqual({
      data: [
        {
          result: 'accepted',
          reason: 'no meter counts events of this type',
          id: 'mine',
          source: 'seen',
          type: 'api.call',
          subject: 'acme',
          customer_id: acme.id,
          client_id: null,
          time: expect.any(String),
          recorded_at: expect.any(String),
          sent_by: null,
          data: null,
        },
      ],
      next_cursor: null,
    });
    expect((await look('source=seen&id=refused')).body.data).toMatchObject([
      { result: 'rejected', customer_id: acme.id, sent_by: 'client:acme-machine', time: null },
    ]);
    for (const query of ['source=seen&id=theirs', 'customer=other', `customer=${other.id}`, 'customer=nobody']) {
      expect((await look(query)).body).toEqual({ data: [], next_cursor: null });
    }
    const all = (await look('limit=100')).body.data;
    expect(new Set(all.map(({ customer_id }: { customer_id: string }) => customer_id))).toEqual(new Set([acme.id]));
  });

  test('without the permission nothing is taken or told', async () => {
    const reader = await house.accessToken(machine, 'usage:read');
    const refused = await json(`${house.api.url}/api/usage/events`, {
      token: reader,
      body: event('1', { source: 'denied' }),
    });
    expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_scope']);
    const writer = await house.accessToken(machine, 'usage:write');
    expect((await look('', writer)).status).toBe(403);
  });
});

describe('was my event accepted, and why not', () => {
  test('the newest first, page by page, by customer, type, result and time', async () => {
    const source = 'pages';
    const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
    await send([1, 2, 3].map((day) => event(`p${day}`, { source, type: 'paged', time: at(day) })));
    await send([
      event('p1', { source, type: 'paged', time: at(9) }),
      event('p9', { source, type: 'paged', subject: 'nobody' }),
    ]);
    const ids: [string, string][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: ReceivedEventPage } = await house.manage(
        `/api/usage/events?type=paged&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      ids.push(...body.data.map(({ id, result }): [string, string] => [id ?? '', result]));
      cursor = body.next_cursor;
    }
    expect(ids).toEqual([
      ['p9', 'rejected'],
      ['p1', 'conflict'],
      ['p3', 'accepted'],
      ['p2', 'accepted'],
      ['p1', 'accepted'],
    ]);
    const idsOf = async (query: string) =>
      (await house.manage(`/api/usage/events?type=paged&${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await idsOf('result=accepted&customer=acme')).toEqual(['p3', 'p2', 'p1']);
    expect(await idsOf(`result=accepted&from=${at(2)}&to=${at(3)}`)).toEqual(['p2']);
    expect(await idsOf('result=conflict')).toEqual(['p1']);
    expect(await idsOf(`customer=${other.id}`)).toEqual([]);
    const named = (await house.manage(`/api/usage/events?source=${source}&id=p1`)).body.data;
    expect(named.map(({ result, time }: { result: string; time: string }) => [result, time])).toEqual([
      ['conflict', at(9)],
      ['accepted', at(1)],
    ]);
  });

  test.each(['cursor=x', 'id=1', 'source=x', 'result=duplicate', 'from=yesterday', 'unknown=1'])(
    '%s is refused',
    async (query) => {
      const answer = await house.manage(`/api/usage/events?${query}`);
      expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    },
  );
});

test('/metrics counts what became of events', async () => {
  const counted = async (): Promise<Record<string, number>> => {
    const text = await (await fetch(`${house.api.url}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^bastionary_usage_events_total\{result="(\w+)"\} (\d+)$/gm)].map(([, result, count]) => [
        result,
        Number(count),
      ]),
    );
  };
  const before = await counted();
  await send([
    event('1', { source: 'metrics' }),
    event('1', { source: 'metrics' }),
    event('1', { source: 'metrics', type: 'x' }),
    {},
  ]);
  await waitFor('the counts', async () => (await counted()).rejected === (before.rejected ?? 0) + 1);
  expect(await counted()).toEqual(
    Object.fromEntries(Object.entries(before).map(([result, count]) => [result, count + 1])),
  );
});
