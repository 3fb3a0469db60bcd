import { CUSTOMER_SCOPES, MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import { type Answer, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cases, management, nameOf, pathWith, type Route, UNKNOWN_IDS } from '../route-table.js';
import { House, type MadeClient, patiently } from '../support.js';

/** A customer with a row of every kind, and a client with every scope such a client may hold. */
interface Side {
  /** By the names of the path parameters. */
  ids: Record<string, string>;
  client: MadeClient;
  token: string;
}

let house: House;
let own: Side;
let foreign: Side;
const open = management.filter(({ openToCustomers }) => openToCustomers !== undefined);
const closed = management.filter(({ openToCustomers }) => openToCustomers === undefined);
const OPEN = [
  'GET /api/clients by query',
  'GET /api/clients/{client_id} by query',
  'GET /api/customers by query',
  'GET /api/customers/{customer_id} by path',
  'GET /api/customers/{customer_id}/overview by path',
  'GET /api/customers/{customer_id}/entitlements by path',
  'GET /api/customers/{customer_id}/entitlements/history by path',
  'GET /api/customers/{customer_id}/overrides by path',
  'GET /api/features by nobody',
  'GET /api/features/{key} by nobody',
  'POST /api/explain by body',
  'POST /api/quotas by body',
  'GET /api/quotas/{customer_id}/{feature} by path',
  'POST /api/quotas/{reservation_id}/commit by query',
  'POST /api/quotas/{reservation_id}/release by query',
  'GET /api/subscriptions by query',
  'GET /api/subscriptions/{subscription_id} by query',
  'GET /api/event-types by nobody',
  'GET /api/meters by nobody',
  'GET /api/meters/{key} by nobody',
  'GET /api/usage by query',
  'GET /api/usage/forecast by query',
  'POST /api/usage/events by query',
  'POST /api/v1/events by query',
  'GET /api/usage/events by query',
  'GET /api/customers/{customer_id}/credits by path',
  'GET /api/customers/{customer_id}/wallet-entries by path',
  'GET /api/invoices by query',
  'GET /api/invoices/{invoice_id} by query',
  'GET /api/invoices/{invoice_id}/pdf by query',
  'GET /api/payments by query',
  'GET /api/credit-notes by query',
  'GET /api/credit-notes/{credit_note_id} by query',
  'GET /api/credit-notes/{credit_note_id}/pdf by query',
  'GET /api/licenses by query',
  'GET /api/licenses/{license_id} by query',
  'GET /api/licenses/{license_id}/machines by query',
];
/** Parameters whose ids belong to a customer. The others name what belongs to nobody. */
const CUSTOMERS_OWN = [
  'customer_id',
  'client_id',
  'credential_id',
  'subscription_id',
  'change_id',
  'reservation_id',
  'invoice_id',
  'payment_id',
  'credit_note_id',
  'credit_id',
  'license_id',
  'machine_id',
  'license_token_id',
];
const isOfCustomer = ({ path, openToCustomers }: Route) =>
  openToCustomers === 'body' || CUSTOMERS_OWN.some((name) => path.includes(`{${name}}`));
/** What an open route with a body is sent; one that is missing here fails below. */
const BODIES: Record<string, (ids: Record<string, string>) => object> = {
  'POST /api/explain': ({ customer_id }) => ({ customer_id, question: { feature: 'seats' } }),
  'POST /api/quotas': ({ customer_id }) => ({ customer_id, feature: 'seats', amount: 1 }),
};

/** What an open route must be asked for; the key of the meter is that of the feature. */
const QUERIES: Record<string, string> = { 'GET /api/usage': '?meter=seats', 'GET /api/usage/forecast': '?meter=seats' };

beforeAll(async () => {
  house = await House.open({
    // Calls of theirs are metered elsewhere; here nothing may be written behind what is looked at.
    env: { MANAGEMENT_RATE_PER_SECOND: '100000', MANAGEMENT_ADDRESS_RATE_PER_SECOND: '100000', USAGE_OF_PLATFORM: '0' },
  });
  await made('/api/features', { key: 'seats', name: 'Seats', type: 'limit', default: 10 });
  await made('/api/plans', { key: 'basic', name: 'Basic', features: { seats: 5 }, publish: true });
  await made('/api/meters', { key: 'seats', event_type: 'seat.taken', aggregation: 'count' });
  own = await side('Ours');
  foreign = await side('Theirs');
  await side('Third');
});
afterAll(() => house.close());

async function made(path: string, body: object, method = 'POST') {
  const answer = await house.manage(path, { method, body });
  if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function side(name: string): Promise<Side> {
  const customer = { name, email: `${name.toLowerCase()}@example.com`, currency: 'EUR', external_id: `books-${name}` };
  const { id: customer_id } = await made('/api/customers', customer);
  const subscription = await made('/api/subscriptions', { customer_id, plan: 'basic' });
  const scheduled = await made(`/api/subscriptions/${subscription.id}`, { quantity: 2, at: 'period_end' }, 'PATCH');
  await made(`/api/customers/${customer_id}/overrides/seats`, { value: 20, reason: `for ${name}` }, 'PUT');
  const reservation = await made('/api/quotas', {
    customer_id,
    feature: 'seats',
    amount: 3,
    holder: `held by ${name}`,
  });
  const client = await house.client({
    client_id: `of-${name}`,
    name,
    customer_id,
    scopes: [...CUSTOMER_SCOPES, 'read'],
  });
  const token = await house.accessToken(client, CUSTOMER_SCOPES.join(' '));
  const money = await moneyOf(customer_id, name);
  const licensing = await licenceOf(customer_id, name);
  const { credentials } = (await house.manage(`/api/clients/${client.client_id}`)).body;
  const ids = {
    customer_id,
    client_id: client.client_id,
    credential_id: credentials[0].id,
    subscription_id: subscription.id,
    change_id: scheduled.scheduled[0].id,
    reservation_id: reservation.id,
    ...money,
    ...licensing,
    feature: 'seats',
    key: 'seats',
    version: '1',
  };
  return { ids, client, token };
}

/** A licence with a machine and a token; the policy is for everybody. */
async function licenceOf(customer_id: string, name: string): Promise<Record<string, string>> {
  const { id: policy_id } = await made('/api/license-policies', { name: `for ${name}`, max_machines: 2 });
  const { id: license_id } = await made('/api/licenses', { policy: policy_id, customer_id, name: `of ${name}` });
  const machine = await made(`/api/licenses/${license_id}/machines`, { fingerprint: `in ${name}` });
  const token = await made(`/api/licenses/${license_id}/tokens`, {});
  return { policy_id, product_id: 'default', license_id, machine_id: machine.id, license_token_id: token.id };
}

/** An invoice that is final, with a payment and a credit note; what was paid of that is in the wallet. */
async function moneyOf(customer_id: string, name: string): Promise<Record<string, string>> {
  const lines = [{ description: `Work for ${name}`, unit_amount: '1000' }];
  const { id: invoice_id } = await made('/api/invoices', { customer_id, lines });
  await made(`/api/invoices/${invoice_id}/finalize`, {});
  const payment = await made(`/api/invoices/${invoice_id}/payments`, { amount: '1000', reference: `paid by ${name}` });
  const note = await made(`/api/invoices/${invoice_id}/credit-notes`, { amount: '100', reason: `for ${name}` });
  const credits = await house.manage(`/api/customers/${customer_id}/credits`);
  return {
    invoice_id,
    payment_id: payment.id,
    credit_note_id: note.id,
    credit_id: credits.body.data[0].id,
  };
}

const request = (route: Route, ids: Record<string, string>, token = own.token, more = '') => {
  const body = route.body === undefined ? undefined : (BODIES[nameOf(route)]?.(ids) ?? {});
  return json(`${house.api.url}${pathWith(route.path, ids)}${more}`, { method: route.method, token, body });
};
/** An answer without what differs for a reason: the ids it was asked for, and its own. */
const told = ({ status, body }: Answer<Record<string, unknown>>, ids: Record<string, string>) => {
  const text = JSON.stringify({ ...body, request_id: '' });
  return [status, Object.values(ids).reduce((sum, id) => sum.replaceAll(id, '(id)'), text)];
};
/** All that is in the database, but for what counts requests. */
const everything = async (): Promise<Record<string, string>> => {
  const tables = await house.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
       AND relname !~ '^(limit_|issuance_batch|credential_use|tokens_per_hour|live_tokens|scope_use|written_batch|auth_failure)' ORDER BY 1`,
  );
  const sums = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS sum FROM "${name}" t`,
  );
  const rows = await house.sql<{ name: string; sum: string }>(sums.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
};

describe('N39, N40: a customer’s client with every scope it may hold, on every route', () => {
  test('the open routes are these and no others', () => {
    expect(open.map((route) => `${nameOf(route)} by ${route.openToCustomers}`).sort()).toEqual(OPEN.sort());
  });

  test.each(cases(closed))('%s is closed, with foreign ids, unknown ones and its own', async (_name, route) => {
    const before = await everything();
    for (const ids of [foreign.ids, {}, own.ids]) {
      const { status, body } = await request(route, ids);
      expect([status, body.code]).toEqual([403, 'insufficient_scope']);
    }
    expect(await everything()).toEqual(before);
  });

  test.each(cases(open.filter(isOfCustomer)))(
    '%s: a foreign id is answered like an unknown one',
    async (name, route) => {
      if (route.body !== undefined && route.openToCustomers === 'body') expect(Object.keys(BODIES)).toContain(name);
      const before = await everything();
      const other = await request(route, foreign.ids);
      expect(told(other, foreign.ids)).toEqual(told(await request(route, UNKNOWN_IDS), UNKNOWN_IDS));
      expect([other.status, other.body.code]).toEqual([404, 'not_found']);
      expect(await everything()).toEqual(before);
      // By the foreign customer's own client the same request is served: the ids are right.
      expect((await request(route, foreign.ids, foreign.token)).status).toBeLessThan(300);
      expect((await request(route, own.ids)).status).toBeLessThan(300);
    },
  );

  test.each(cases(open))('%s tells nothing of others', async (_name, route) => {
    const { status, body } = await request(route, own.ids, own.token, QUERIES[nameOf(route)]);
    if (route.method === 'GET') expect(status).toBe(200);
    const text = JSON.stringify(body);
    for (const secret of [...CUSTOMERS_OWN.map((name) => foreign.ids[name] ?? ''), 'Theirs', 'theirs@']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('N39: lists, counts, filters and cursors', () => {
  const LISTS = open.filter(
    ({ openToCustomers, method, path }) =>
      openToCustomers === 'query' && method === 'GET' && !path.includes('{') && QUERIES[`GET ${path}`] === undefined,
  );
  const idsIn = (page: { data: Record<string, unknown>[] }) =>
    page.data.map(({ id, client_id, customer_id }) => id ?? client_id ?? customer_id);

  test.each(cases(LISTS))('%s: its own rows only, and no next page of others', async (_name, route) => {
    const { body } = await request(route, own.ids, own.token, '?limit=100');
    expect(body).toMatchObject({ data: expect.arrayContaining([expect.anything()]), next_cursor: null });
    for (const id of idsIn(body)) expect(Object.values(own.ids)).toContain(id);
  });

  test.each(cases(LISTS))('%s: a cursor from another’s list leads to its own rows only', async (_name, route) => {
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await request(route, {}, house.token, query);
      cursor = page.body.next_cursor;
      if (cursor === null) break;
      const { status, body } = await request(route, {}, own.token, `?cursor=${encodeURIComponent(cursor)}`);
      expect(status).toBe(200);
      for (const id of idsIn(body)) expect(Object.values(own.ids)).toContain(id);
    }
  });

  test.each([
    ['/api/customers', () => `?search=${foreign.ids.customer_id}`],
    ['/api/customers', () => '?search=Theirs'],
    ['/api/customers', () => '?search=books-Theirs'],
    ['/api/clients', () => `?search=${foreign.ids.client_id}`],
    ['/api/subscriptions', () => `?customer_id=${foreign.ids.customer_id}`],
  ])('%s: a filter that names another finds nothing', async (path, query) => {
    expect((await house.manage(path + query())).body.data).toHaveLength(1);
    const { status, body } = await house.manage(path + query(), { token: own.token });
    expect([status, body]).toEqual([200, { data: [], next_cursor: null }]);
  });

  test('the same Idempotency-Key of two customers is two requests', async () => {
    const ask = (of: Side) =>
      house.manage('/api/quotas', {
        token: of.token,
        body: { customer_id: of.ids.customer_id, feature: 'seats', amount: 1 },
        headers: { 'idempotency-key': 'same-for-both' },
      });
    const answers = [await ask(own), await ask(foreign), await ask(own)];
    expect(answers.map(({ status, body }) => [status, body.customer_id])).toEqual([
      [201, own.ids.customer_id],
      [201, foreign.ids.customer_id],
      [201, own.ids.customer_id],
    ]);
    expect(answers[2]?.body).toEqual(answers[0]?.body);
  });
});

describe('N41: rights that a customer’s client must not have', () => {
  const beyond = Object.keys(MANAGEMENT_SCOPES).filter((scope) => !(CUSTOMER_SCOPES as string[]).includes(scope));

  test.each(beyond)('%s is not given to one, neither at once nor later nor by an import', async (scope) => {
    const { customer_id, client_id } = own.ids;
    const before = await house.written();
    const errors = (index: number) => [
      {
        path: `/scopes/${index}`,
        code: 'not_for_customers',
        message: expect.stringContaining(`${scope} reaches beyond`),
      },
    ];
    const registered = await house.manage('/api/clients', { body: { scopes: [scope], customer_id } });
    expect([registered.status, registered.body]).toMatchObject([422, { code: 'invalid_request', errors: errors(0) }]);
    const changed = await house.manage(`/api/clients/${client_id}`, {
      method: 'PATCH',
      body: { scopes: ['read', scope] },
    });
    expect([changed.status, changed.body]).toMatchObject([422, { code: 'invalid_request', errors: errors(1) }]);
    const imported = await house.manage('/api/bulk/clients', { body: { clients: [{ client_id, scopes: [scope] }] } });
    expect([imported.status, imported.body]).toMatchObject([200, { applied: false, results: [{ errors: errors(0) }] }]);
    expect(await house.written()).toEqual(before);
  });

  test('a client of a customer stays one: customer_id cannot be changed', async () => {
    for (const customer_id of [null, foreign.ids.customer_id]) {
      const { status, body } = await house.manage(`/api/clients/${own.ids.client_id}`, {
        method: 'PATCH',
        body: { customer_id },
      });
      expect(status).toBe(422);
      expect(body.errors).toContainEqual({ path: '/customer_id', code: 'unknown_field', message: expect.any(String) });
    }
  });

  test('one that holds them all the same gets no token with them, and a token from before reaches no closed route', async () => {
    const all = Object.keys(MANAGEMENT_SCOPES);
    const client = await house.client({ client_id: 'turned', scopes: all });
    const token = await house.accessToken(client);
    expect((await house.manage('/api/clients', { token })).body.data.length).toBeGreaterThan(1);
    await house.sql(`UPDATE client SET customer_id = $1 WHERE client_id = 'turned'`, [own.ids.customer_id]);
    await house.sql(`SELECT pg_notify('bastionary_changes', '{"kind":"client","clientId":"turned"}')`);
    await waitFor('the process to know', async () => (await house.manage('/api/resources', { token })).status === 403);
    for (const route of closed) {
      const { status, body } = await request(route, own.ids, token);
      expect([nameOf(route), status, body.code]).toEqual([nameOf(route), 403, 'insufficient_scope']);
    }
    expect((await house.manage('/api/customers', { token })).body.data).toMatchObject([{ id: own.ids.customer_id }]);
    const issued = await patiently(() => house.form('token', { grant_type: 'client_credentials' }, client));
    expect(issued.body.scope.split(' ').sort()).toEqual([...CUSTOMER_SCOPES].sort());
    const asked = await house.form('token', { grant_type: 'client_credentials', scope: 'customers:write' }, client);
    expect([asked.status, asked.body.error]).toEqual([400, 'invalid_scope']);
    expect((await house.form('introspect', { token: foreign.token }, client)).body).toEqual({ active: false });
  });
});

describe('what a customer’s client does works, behind the second wall', () => {
  test('takes of its own limit, keeps it and gives it back', async () => {
    const { customer_id } = own.ids;
    const manage = (path: string, body?: object) =>
      house.manage(path, { method: body ? 'POST' : 'GET', token: own.token, body });
    const before = (await manage(`/api/quotas/${customer_id}/seats`)).body;
    const taken = await manage('/api/quotas', { customer_id, feature: 'seats', amount: 2, holder: 'machine' });
    expect([taken.status, taken.body]).toMatchObject([201, { customer_id, amount: 2, state: 'reserved' }]);
    expect((await manage(`/api/quotas/${taken.body.id}/commit`, {})).body).toMatchObject({ state: 'committed' });
    expect((await manage(`/api/quotas/${customer_id}/seats`)).body).toEqual({
      ...before,
      used: before.used + 2,
      free: before.free - 2,
    });
    expect((await manage(`/api/quotas/${taken.body.id}/release`, {})).body).toMatchObject({ state: 'released' });
    expect((await manage(`/api/quotas/${customer_id}/seats`)).body).toEqual(before);
    const tooMany = await manage('/api/quotas', { customer_id, feature: 'seats', amount: 1_000 });
    expect([tooMany.status, tooMany.body.code]).toEqual([409, 'quota_exceeded']);
  });

  test('asks why of its own clients, now and then; of another’s it is told what it is told of none', async () => {
    const ask = (client_id: string, more: object = {}) =>
      house.manage('/api/explain', {
        token: own.token,
        body: { client_id, question: { token: { scope: 'read' } }, ...more },
      });
    const asked = new Date().toISOString();
    for (const more of [{}, { at: asked }, { question: { feature: 'seats' } }, { question: { quota: 'seats' } }]) {
      const { status, body } = await ask(own.client.client_id, more);
      expect([status, body.allowed]).toEqual([200, true]);
      const foreignIds = { client_id: foreign.client.client_id };
      const other = told(await ask(foreignIds.client_id, more), foreignIds);
      expect(other).toEqual(told(await ask('nobody', more), { client_id: 'nobody' }));
      expect(other[0]).toBe(404);
      expect((await ask(house.api.admin.client_id, more)).status).toBe(404);
    }
  });

  test('what fell due takes effect also when it is the first to notice', async () => {
    const { customer_id } = own.ids;
    const expires_at = new Date(Date.now() + 4_000).toISOString();
    await made(
      `/api/customers/${customer_id}/overrides/seats`,
      { value: 30, reason: 'for a moment', expires_at },
      'PUT',
    );
    const limit = async () => (await house.manage(`/api/quotas/${customer_id}/seats`, { token: own.token })).body.limit;
    expect(await limit()).toBe(30);
    await waitFor('the end of the exception', () => Date.now() > Date.parse(expires_at));
    const body = { customer_id, feature: 'seats', amount: 20 };
    const refused = await house.manage('/api/quotas', { token: own.token, body });
    expect([refused.status, refused.body.code]).toEqual([409, 'quota_exceeded']);
    expect(await limit()).toBe(5);
    const [row] = await house.sql(
      'SELECT cause FROM entitlement_history WHERE customer_id = $1 ORDER BY epoch DESC LIMIT 1',
      [customer_id],
    );
    expect(row.cause).toBe('time.passed');
  });

  test('without its policies the database shows such a request nothing, and the installation all', async () => {
    await house.sql('DROP POLICY own ON subscription');
    const path = `/api/subscriptions/${own.ids.subscription_id}`;
    expect((await house.manage(path, { token: own.token })).status).toBe(404);
    expect((await house.manage('/api/subscriptions', { token: own.token })).body.data).toEqual([]);
    expect((await house.manage(path)).status).toBe(200);
    expect((await house.manage('/api/subscriptions')).body.data).toHaveLength(3);
  });
});
