import { freePort } from '@bastionary/testing/free-port';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Works } from './support.js';

const DAY = 86_400_000;
const patience = { within: 40_000 };
const SUBSCRIPTIONS = Number(process.env.BILLING_RUN_SUBSCRIPTIONS ?? 10);

let works: Works;
beforeAll(async () => {
  works = await Works.open({ BILLING_CHUNK: '5' });
  await post('/api/meters', { key: 'calls', name: 'Calls', event_type: 'call', aggregation: 'count' });
  const rhythm = { currency: 'EUR', interval: 'day', interval_count: 10 };
  const prices = [
    { ...rhythm, key: 'base', model: 'flat', amount: '2000' },
    { ...rhythm, key: 'calls', model: 'per_unit', unit_amount: '10', meter: 'calls' },
  ];
  await post('/api/plans', { key: 'pro', name: 'Pro', publish: true, prices });
});
afterAll(() => works.close());

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function ask(method: string, path: string, body?: object): Promise<any> {
  const answer = await works.manage(path, { method, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const post = (path: string, body: object = {}) => ask('POST', path, body);
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

async function subscribe(start = daysAgo(25)): Promise<{ id: string; customer: string }> {
  const customer = (await post('/api/customers', { name: 'C', email: 'c@example.com', currency: 'EUR' })).id;
  const { id } = await post('/api/subscriptions', { customer_id: customer, plan: 'pro', start });
  await post('/api/usage/events', [{ id, source: 'test', type: 'call', subject: customer, time: daysAgo(20) }]);
  return { id, customer };
}
const invoices = (ids: readonly string[]) =>
  works.sql(
    `SELECT subscription_id AS id, scope, status, total::int, period_start AS at FROM invoice
     WHERE subscription_id = ANY($1) ORDER BY subscription_id, period_start`,
    [ids],
  );
/** What a worker tells Prometheus, by series. */
async function measurements(port: number): Promise<Map<string, string>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
}
const due = async (): Promise<number> =>
  (await works.sql('SELECT count(*)::int AS due FROM subscription WHERE next_bill_at <= now()'))[0].due;
const nothingIsDue = () => waitFor('everything to be billed', async () => (await due()) === 0, patience);

describe('the billing run', () => {
  test('two workers: every boundary once, what has waited made final, numbers without a gap, books at zero', async () => {
    const subscriptions: string[] = [];
    for (let made = 0; made < SUBSCRIPTIONS; made++) subscriptions.push((await subscribe()).id);
    const ports = [await freePort(), await freePort()];
    await Promise.all(ports.map((port) => works.worker({ WORKER_METRICS_PORT: String(port) })));
    const are = (status: string) => async () => {
      const rows = await invoices(subscriptions);
      return rows.length === 3 * SUBSCRIPTIONS && rows.every((row) => row.status === status);
    };
    // Billed late, they can be looked at as long as any other.
    await waitFor('three drafts each', are('draft'), patience);
    const [soonest] = await works.sql(`SELECT min(finalize_at) > now() + interval '50 minutes' AS waits FROM invoice`);
    expect(soonest.waits).toBe(true);
    await works.sql(`UPDATE invoice SET finalize_at = now() WHERE status = 'draft'`);
    await waitFor('three invoices each', are('open'), patience);
    for (const id of subscriptions.slice(0, 3)) {
      expect((await invoices([id])).map(({ scope, total }) => [scope, total])).toEqual([
        ['cycle', 2000],
        ['cycle', 2010],
        ['cycle', 2000],
      ]);
    }
    const numbers = await works.sql('SELECT sequence::int FROM invoice WHERE sequence IS NOT NULL ORDER BY sequence');
    expect(numbers.map(({ sequence }) => sequence)).toEqual(numbers.map((_, index) => index + 1));
    const [books] = await works.sql('SELECT sum(amount)::int AS sum FROM ledger_entry');
    expect(books.sum).toBe(0);

    const asked = await post('/api/billing-runs');
    expect(asked).toMatchObject({ started_by: expect.stringMatching(/^client:/), examined: expect.any(Number) });
    await waitFor(
      'the run that was asked for to end',
      async () =>
        (await ask('GET', '/api/billing-runs')).data.every((run: { status: string }) => run.status === 'done'),
      patience,
    );
    const { data } = await ask('GET', '/api/billing-runs?limit=100');
    const sum = (field: string) =>
      data.reduce((total: number, run: Record<string, number>) => total + (run[field] ?? 0), 0);
    expect([sum('drafted'), sum('finalized'), sum('failed')]).toEqual([3 * SUBSCRIPTIONS, 3 * SUBSCRIPTIONS, 0]);
    expect(await invoices(subscriptions)).toHaveLength(3 * SUBSCRIPTIONS);

    const told = await Promise.all(ports.map((port) => measurements(port)));
    const measured = (series: string) => told.reduce((total, one) => total + Number(one.get(series)), 0);
    expect(
      ['drafted', 'finalized'].map((step) => measured(`bastionary_billing_invoices_total{step="${step}"}`)),
    ).toEqual([3 * SUBSCRIPTIONS, 3 * SUBSCRIPTIONS]);
    expect(measured('bastionary_billing_subscriptions_total{result="done"}')).toBe(sum('examined'));
    expect(measured('bastionary_billing_subscriptions_total{result="failed"}')).toBe(0);
    expect(measured('bastionary_billing_run_seconds_count')).toBeGreaterThan(0);
    const other = await fetch(`http://127.0.0.1:${ports[0]}/`);
    expect([other.status, await other.text()]).toEqual([404, 'Only GET /metrics is here.\n']);
  });

  test('E55 a customer that somebody is changing is counted and taken again, and keeps nobody waiting', async () => {
    await nothingIsDue();
    const held = await subscribe(daysAgo(-4 / 86_400));
    const other = new pg.Client({ connectionString: works.api.databaseUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM customer WHERE id = $1 FOR UPDATE', [held.customer]);
    const free = await subscribe(daysAgo(0.5));
    await waitFor('the other to be billed', async () => (await invoices([free.id])).length === 1, patience);
    const rescheduled = async () => (await ask('GET', '/api/billing-runs?limit=1')).data[0].rescheduled;
    await waitFor('the lock to be noticed', async () => (await rescheduled()) > 0, patience);
    expect(await invoices([held.id])).toEqual([]);
    await other.query('COMMIT');
    await other.end();
    await waitFor('it to be billed after all', async () => (await invoices([held.id])).length === 1, patience);
  });

  test('one that fails is told and tried again, and the others of its chunk are billed', async () => {
    await nothingIsDue();
    await works.sql(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT FROM customer WHERE id = NEW.customer_id AND name = 'Bad')
        THEN RAISE EXCEPTION 'no invoice for this one'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION fail()`);
    const customer = (await post('/api/customers', { name: 'Bad', email: 'c@example.com', currency: 'EUR' })).id;
    const bad = (await post('/api/subscriptions', { customer_id: customer, plan: 'pro' })).id;
    const good = await subscribe(daysAgo(0.5));
    await waitFor('the good one to be billed', async () => (await invoices([good.id])).length === 1, patience);
    const failing = async () => (await ask('GET', '/api/billing-runs?limit=1')).data[0];
    await waitFor('the failure to be told', async () => (await failing()).failed > 0, patience);
    expect((await failing()).last_error).toContain('no invoice for this one');
    await works.sql('DROP TRIGGER fail ON invoice');
    await works.sql('UPDATE subscription SET next_bill_at = now() WHERE id = $1', [bad]);
    await waitFor('it to be billed after all', async () => (await invoices([bad])).length === 1, patience);
  });

  test('a draft waits for its grace, is held by whoever looks at it, and takes late usage in when it goes out', async () => {
    await nothingIsDue();
    const { id, customer } = await subscribe(daysAgo(10.5));
    await waitFor('the draft', async () => (await invoices([id])).length === 2, patience);
    const [, draft] = await works.sql(
      'SELECT id, status, finalize_at FROM invoice WHERE subscription_id = $1 ORDER BY period_start',
      [id],
    );
    expect(draft.status).toBe('draft');
    await ask('PATCH', `/api/invoices/${draft.id}`, { finalize_at: null });
    const late = [1, 2].map((one) => ({
      id: `${id}-${one}`,
      source: 'test',
      type: 'call',
      subject: customer,
      time: daysAgo(2),
    }));
    await post('/api/usage/events', late);
    await ask('PATCH', `/api/invoices/${draft.id}`, { finalize_at: new Date().toISOString() });
    await waitFor(
      'it to go out',
      async () => (await ask('GET', `/api/invoices/${draft.id}`)).status === 'open',
      patience,
    );
    const { total, lines } = await ask('GET', `/api/invoices/${draft.id}`);
    expect([total, lines.map(({ kind, amount }: { kind: string; amount: string }) => [kind, amount])]).toEqual([
      '2020',
      [
        ['charge', '20'],
        ['charge', '2000'],
      ],
    ]);
  });

  test('what has expired leaves the wallet, and the books', async () => {
    const customer = (await post('/api/customers', { name: 'C', email: 'c@example.com', currency: 'EUR' })).id;
    const credit = await post(`/api/customers/${customer}/credits`, {
      amount: '500',
      currency: 'EUR',
      reason: 'Welcome',
      expires_at: new Date(Date.now() + 3_000).toISOString(),
    });
    const state = async () => (await ask('GET', `/api/customers/${customer}/credits`)).data[0];
    await waitFor('the credit to expire', async () => (await state()).state === 'expired', patience);
    expect(await state()).toMatchObject({ id: credit.id, remaining: '0' });
    const entries = await works.sql('SELECT sum(amount)::int AS sum FROM ledger_entry WHERE customer_id = $1', [
      customer,
    ]);
    expect(entries).toEqual([{ sum: 0 }]);
  });
});
