import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problem, Shop } from '../billing/support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

interface Happened {
  type: string;
  key: string;
  data: Record<string, unknown>;
}
const events = async (where = 'true', values: unknown[] = []): Promise<Happened[]> => {
  const rows = await shop.house.sql(`SELECT type, key, data FROM outbox_event WHERE ${where} ORDER BY seq`, values);
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) }));
};
const ofCustomer = (id: string) => events('customer_id = $1', [id]);
const count = async () => (await events()).length;
const send = (method: string, path: string, body?: object) => shop.house.manage(path, { method, body });

describe('a change and its event', () => {
  test('commit together: what is refused, what changes nothing and what is only tried leaves none', async () => {
    const id = await shop.customer({ external_id: 'told' });
    const { id: subscription } = await shop.subscribe(id, 'basic');
    const before = await count();
    const answers = [
      await send('POST', '/api/customers', { name: 'X', email: 'x@example.com', currency: 'EUR', external_id: 'told' }),
      await send('PATCH', `/api/customers/${id}`, { external_id: 'told' }),
      await send('PATCH', '/api/features/seats', { name: 'Seats' }),
      await send('POST', '/api/plans', { key: 'basic', name: 'Again' }),
      await send('POST', '/api/plans/basic/versions/1/publish'),
      await send('PATCH', `/api/subscriptions/${subscription}?dry_run=true`, { plan: 'pro' }),
      await send('PATCH', `/api/subscriptions/${subscription}`, { quantity: 1 }),
      await send('PATCH', `/api/subscriptions/${subscription}`, { pause: false }),
      await send('PUT', `/api/customers/${id}/overrides/seats?dry_run=true`, { value: 9, reason: 'test' }),
      await send('PUT', '/api/catalogue?dry_run=true', {
        features: [{ key: 'x', name: 'X', type: 'limit' }],
        plans: [],
      }),
      await send('PUT', '/api/catalogue', { features: [], plans: [] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([409, 200, 200, 409, 200, 200, 200, 200, 200, 200, 200]);
    expect(await count()).toBe(before);
  });

  test('of a catalogue document: one for each of its changes, then one for all', async () => {
    const before = await count();
    await send('PUT', '/api/catalogue', {
      features: [{ key: 'told', name: 'Told', type: 'switch' }],
      plans: [{ key: 'told', name: 'Told', versions: [{ version: 1, status: 'published', features: { told: true } }] }],
    });
    const fresh = (await events()).slice(before).filter(({ type }) => type !== 'entitlements.changed');
    expect(fresh.map(({ type, key }) => [type, key])).toEqual([
      ['feature.created', 'feature:told'],
      ['plan.created', 'plan:told'],
      ['plan_version.created', 'plan:told'],
      ['plan_version.published', 'plan:told'],
      ['catalogue.applied', 'catalogue'],
    ]);
    expect(fresh.at(-1)?.data).toEqual({
      changes: [
        { path: '/features/told', change: 'created' },
        { path: '/plans/told', change: 'created' },
        { path: '/plans/told/versions/1', change: 'created' },
        { path: '/plans/told/versions/1', change: 'published' },
      ],
    });
  });

  test('tells what the audit record tells', async () => {
    const id = await shop.customer();
    const { id: subscription } = await shop.subscribe(id, 'basic', { quantity: 2 });
    await shop.change(subscription, { plan: 'pro' });
    await shop.change(subscription, { cancel: true, at: 'period_end' });
    const told = (await ofCustomer(id)).filter(({ type }) => type.startsWith('subscription.'));
    const whose = { customer_id: id, subscription_id: subscription };
    const records = await shop.house.audit(`subscription:${subscription}`);
    expect(told.map(({ type, data }) => ({ type, data }))).toEqual(
      records.map(({ action, detail }) => ({ type: action, data: { ...whose, ...detail } })),
    );
    expect(told.map(({ type }) => type)).toEqual([
      'subscription.created',
      'subscription.updated',
      'subscription.updated',
    ]);
  });
});

describe('what reaches everybody', () => {
  test('is told to each, in a statement per 500 customers', async () => {
    const { house } = shop;
    await house.sql(`INSERT INTO customer (id, name, email, currency, time_zone, created_at, updated_at)
      SELECT 'cus_many' || n, 'M', 'm@example.com', 'EUR', 'UTC', now(), now() FROM generate_series(1, 1200) n`);
    await house.sql('CREATE TABLE told (rows int)');
    await house.sql(`CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO told SELECT count(*) FROM fresh; RETURN NULL; END $$`);
    await house.sql(`CREATE TRIGGER tell AFTER INSERT ON outbox_event REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION tell()`);
    const [{ customers }] = await house.sql('SELECT count(*)::int AS customers FROM customer');
    expect((await send('POST', '/api/features', { key: 'new', name: 'New', type: 'limit' })).status).toBe(201);
    const told: { rows: number }[] = await house.sql('SELECT rows FROM told');
    await house.sql('DROP TRIGGER tell ON outbox_event');
    const statements = told.map(({ rows }) => rows);
    expect([statements[0], statements.length]).toEqual([1, 1 + Math.ceil(customers / 500)]);
    expect(statements.reduce((sum, rows) => sum + rows, 0)).toBe(1 + customers);
    const [newest] = (await ofCustomer('cus_many1200')).slice(-1);
    const { at, cause, previous, ...snapshot } = newest?.data ?? {};
    expect(snapshot).toEqual(await shop.entitlements('cus_many1200'));
    expect([newest?.key, cause, previous]).toEqual(['customer:cus_many1200', 'feature.created', null]);
  });
});

describe('a suspended subscription', () => {
  test('gives nothing until it is reinstated; the same again changes nothing', async () => {
    const id = await shop.customer();
    const { id: subscription } = await shop.subscribe(id, 'basic');
    const suspend = (on: boolean, query = '') => shop.change(subscription, { suspend: on }, query);
    const preview = await suspend(true, '?dry_run=true');
    expect(preview.body.customers[0].loses.seats).toEqual({ from: 5, to: 0 });
    const first = await suspend(true);
    expect([first.status, first.body.state]).toEqual([200, 'suspended']);
    expect((await suspend(true)).headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await shop.features(id)).seats).toBe(0);
    expect(problem(await shop.change(subscription, { plan: 'pro' }))).toEqual([
      409,
      'subscription_conflict',
      ['', 'suspended'],
    ]);
    expect((await suspend(false)).body.state).toBe('active');
    expect((await shop.features(id)).seats).toBe(5);
    expect(await shop.actions(subscription)).toEqual([
      'subscription.created',
      'subscription.suspended',
      'subscription.reinstated',
    ]);
    const [, record] = await shop.house.audit(`subscription:${subscription}`);
    expect(record?.detail).toEqual({
      at: expect.any(String),
      suspended_at: { from: null, to: record?.detail.at },
    });
  });

  test.each<[object, [string, string]]>([
    [{ suspend: true, at: 'now' }, ['/at', 'custom']],
    [{ suspend: true, pause: true }, ['', 'custom']],
    [{ suspend: 1 }, ['/suspend', 'invalid_type']],
  ])('%j is refused', async (body, fault) => {
    const { id } = await shop.subscribe(await shop.customer(), 'basic');
    expect(problem(await shop.change(id, body))).toEqual([422, 'invalid_request', fault]);
  });
});
