import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
let actor: string;
beforeAll(async () => {
  house = await House.open();
  actor = `client:${house.api.admin.client_id}`;
});
afterAll(() => house.close());

const FIELDS = { name: 'Acme GmbH', email: 'office@acme.example', currency: 'EUR' };
const post = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  house.manage('/api/customers', { body, headers });
const make = async (body: Record<string, unknown> = {}) => {
  const answer = await post({ ...FIELDS, ...body });
  expect(answer.status).toBe(201);
  return answer.body;
};
const path = ({ id }: { id: string }) => `/api/customers/${id}`;
const change = (one: { id: string }, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  house.manage(path(one), { method: 'PATCH', body, headers });
const all = () =>
  house.sql(`SELECT (SELECT json_agg(c ORDER BY id) FROM customer c) c, (SELECT count(*) FROM audit_log) a,
    (SELECT json_agg(s ORDER BY customer_id) FROM entitlement_snapshot s) s, (SELECT count(*) FROM entitlement_history) h`);

describe('POST /api/customers', () => {
  test('makes one, whole, with its first epoch and a record', async () => {
    const given = {
      ...FIELDS,
      name: ' Acme GmbH ',
      country: 'DE',
      time_zone: 'Europe/Berlin',
      tax_id: 'DE123456789',
      external_id: 'crm-1',
      metadata: { tier: 'gold' },
    };
    const answer = await post(given);
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^cus_[0-9a-z]{26}$/),
        ...given,
        name: 'Acme GmbH',
        status: 'active',
        created_at: expect.stringMatching(/Z$/),
        updated_at: answer.body.created_at,
      },
    ]);
    const { id, created_at, updated_at, ...detail } = answer.body;
    expect(await house.audit(`customer:${id}`)).toEqual([{ actor, action: 'customer.created', detail }]);
    const read = await house.manage(path(answer.body));
    expect([read.body, read.headers.get('etag')]).toEqual([answer.body, '"v1"']);
    expect((await house.manage(`${path(answer.body)}/entitlements`)).body).toEqual({
      customer: id,
      epoch: 1,
      hash: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      status: 'active',
      plans: [],
      features: {},
      valid_until: null,
    });
  });

  test('what is left out has its default', async () => {
    expect(await make()).toMatchObject({
      country: null,
      time_zone: 'UTC',
      tax_id: null,
      external_id: null,
      metadata: {},
    });
  });

  test('a retry with its Idempotency-Key makes no second one', async () => {
    const again = () => post({ ...FIELDS, external_id: 'once' }, { 'idempotency-key': 'once' });
    const [one, two] = await Promise.all([again(), again()]);
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    expect(await house.audit(`customer:${one.body.id}`)).toHaveLength(1);
  });

  test('of ten at once with one external id one is made; the others are told', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post({ ...FIELDS, external_id: 'race' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({
      code: 'duplicate_external_id',
      detail: 'Another customer has the external id race. Search for it.',
      errors: [{ path: '/external_id', code: 'duplicate_external_id', message: 'is taken' }],
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no name', { name: undefined }, '/name'],
    ['an empty name', { name: ' ' }, '/name'],
    ['a control character', { name: 'a\u0000' }, '/name'],
    ['a lone surrogate', { metadata: { a: '\ud800' } }, '/metadata/a'],
    ['no e-mail address', { email: 'acme' }, '/email'],
    ['no currency of this world', { currency: 'XQQ' }, '/currency'],
    ['a currency in small letters', { currency: 'eur' }, '/currency'],
    ['no time zone', { time_zone: 'Mars/Olympus' }, '/time_zone'],
    ['a country by name', { country: 'Germany' }, '/country'],
    ['a name of metadata with a space', { metadata: { 'a b': 'c' } }, '/metadata/a b'],
    ['an unknown field', { status: 'active' }, '/status'],
  ])('%s is 422 and named; nothing is made', async (_what, body, fault) => {
    const before = await all();
    const answer = await post({ ...FIELDS, ...body });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, 'invalid_request', fault]);
    expect(await all()).toEqual(before);
  });
});

describe('GET /api/customers', () => {
  test('pages, the newest first; each customer once', async () => {
    const made = [];
    for (let index = 0; index < 5; index++)
      made.push(await make({ name: `Paged ${index}`, metadata: { index: `${index}` } }));
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `?limit=2&search=paged${cursor && `&cursor=${cursor}`}`;
      const { body } = await house.manage(`/api/customers${query}`);
      expect(body.data.length).toBeLessThanOrEqual(2);
      seen.push(...body.data);
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(made.reverse());
  });

  test('finds by part of name, e-mail and external id, by id, and by status', async () => {
    const one = await make({ name: 'Needle 100%_', email: 'hay@stack.example', external_id: 'EXT-77' });
    const search = async (text: string, more = '') =>
      (await house.manage(`/api/customers?search=${encodeURIComponent(text)}${more}`)).body.data.map(
        ({ id }: { id: string }) => id,
      );
    for (const text of ['needle', '100%_', 'HAY@', 'ext-7', one.id, one.id.toUpperCase()]) {
      expect([text, await search(text)]).toEqual([text, [one.id]]);
    }
    expect(await search('100_%')).toEqual([]);
    await change(one, { status: 'suspended' });
    expect([await search('needle', '&status=active'), await search('needle', '&status=suspended')]).toEqual([
      [],
      [one.id],
    ]);
  });

  test.each([
    ['?cursor=nonsense', '?cursor'],
    ['?limit=0', '?limit'],
    ['?status=expired', '?status'],
    ['?search=%00', '?search'],
    ['?x=1', '?x'],
  ])('%s is 422', async (query, fault) => {
    const { status, body } = await house.manage(`/api/customers${query}`);
    expect([status, body.errors[0].path]).toEqual([422, fault]);
  });

  test.each([
    '/api/customers/cus_nobody',
    '/api/customers/cus_nobody/overview',
    '/api/customers/cus_nobody/entitlements',
  ])('%s is 404', async (address) => {
    const { status, body } = await house.manage(address);
    expect([status, body.code, body.detail]).toEqual([404, 'not_found', 'There is no customer cus_nobody.']);
  });
});

describe('PATCH /api/customers/{id}', () => {
  test('changes what it names, empties with null, records the differences', async () => {
    const one = await make({ country: 'DE', metadata: { a: '1' } });
    const answer = await change(one, { name: 'New', country: null, metadata: { b: '2' } }, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([
      200,
      '"v2"',
      { ...one, name: 'New', country: null, metadata: { b: '2' }, updated_at: expect.any(String) },
    ]);
    expect((await house.audit(`customer:${one.id}`)).at(-1)).toEqual({
      actor,
      action: 'customer.updated',
      detail: {
        name: { from: one.name, to: 'New' },
        country: { from: 'DE', to: null },
        metadata: { from: { a: '1' }, to: { b: '2' } },
      },
    });
    expect((await house.manage(path(one))).body).toEqual(answer.body);
    expect((await house.manage(`${path(one)}/entitlements`)).body.epoch).toBe(1);
  });

  test('what stays the same is not written', async () => {
    const one = await make({ external_id: 'same', metadata: { a: '1', b: '2' } });
    const before = await all();
    const { id, currency, created_at, updated_at, ...same } = one;
    const answer = await change(one, { ...same, metadata: { b: '2', a: '1' } });
    expect([answer.status, answer.body]).toEqual([200, one]);
    expect(await all()).toEqual(before);
  });

  test('suspending and resuming change the snapshot in the same breath', async () => {
    const one = await make();
    const entitled = async () => (await house.manage(`${path(one)}/entitlements`)).body;
    const first = await entitled();
    await change(one, { status: 'suspended' });
    const held = await entitled();
    expect(held).toEqual({ ...first, epoch: 2, status: 'suspended', hash: expect.any(String) });
    expect(held.hash).not.toBe(first.hash);
    await change(one, { status: 'active' });
    expect(await entitled()).toEqual({ ...first, epoch: 3 });
    expect((await house.audit(`customer:${one.id}`)).map(({ action }) => action)).toEqual([
      'customer.created',
      'customer.suspended',
      'customer.resumed',
    ]);
  });

  test('a version that has passed is 412, a taken external id 409; nothing changes', async () => {
    await make({ external_id: 'taken' });
    const one = await make();
    await change(one, { name: 'Second' });
    const before = await all();
    for (const tag of ['"v1"', '"v9"', 'v2', '*"']) {
      const { status, body } = await change(one, { name: 'Third' }, { 'if-match': tag });
      expect([status, body.code]).toEqual([412, 'version_mismatch']);
    }
    const { status, body } = await change(one, { external_id: 'taken' });
    expect([status, body.code, body.errors[0].path]).toEqual([409, 'duplicate_external_id', '/external_id']);
    for (const wrong of [{}, { currency: 'USD' }, { status: 'deleted' }, { id: 'cus_x' }]) {
      expect((await change(one, wrong)).status).toBe(422);
    }
    expect(await all()).toEqual(before);
    expect((await change({ id: 'cus_nobody' }, { name: 'x' })).status).toBe(404);
  });

  test('ten at once that take one external id: one has it', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => make()));
    const answers = await Promise.all(made.map((one) => change(one, { external_id: 'wanted' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)]);
  });
});

test('the overview has clients, subscriptions and entitlements; of nobody else', async () => {
  const [one, other] = [await make(), await make()];
  const mine = await house.client({ name: 'Mine' });
  const gone = await house.client();
  await house.sql('UPDATE client SET customer_id = $1 WHERE client_id = ANY($2)', [
    one.id,
    [mine.client_id, gone.client_id],
  ]);
  await house.manage(`/api/clients/${gone.client_id}`, { method: 'DELETE' });
  await house.sql(
    `INSERT INTO subscription (id, customer_id, start, anchor, time_zone, interval, interval_count, created_at, updated_at)
     VALUES ('sub_1', $1, '2030-01-01Z', '2030-01-01Z', 'UTC', 'month', 1, now(), now())`,
    [one.id],
  );
  await house.sql(
    "INSERT INTO subscription_item (id, subscription_id, plan_key, plan_version, quantity, created_at) VALUES ('sbi_1', 'sub_1', 'pro', 2, 1, now())",
  );
  const { status, body } = await house.manage(`${path(one)}/overview`);
  expect([status, body]).toEqual([
    200,
    {
      customer: one,
      entitlements: (await house.manage(`${path(one)}/entitlements`)).body,
      clients: {
        total: 1,
        data: [{ client_id: mine.client_id, name: 'Mine', status: 'active', created_at: mine.created_at }],
      },
      subscriptions: {
        total: 1,
        data: [
          {
            id: 'sub_1',
            state: 'scheduled',
            plans: ['pro@2'],
            start: '2030-01-01T00:00:00Z',
            trial_end: null,
            cancel_at: null,
            canceled_at: null,
          },
        ],
      },
    },
  ]);
  expect((await house.manage(`${path(other)}/overview`)).body).toMatchObject({
    clients: { total: 0, data: [] },
    subscriptions: { total: 0, data: [] },
  });
});
