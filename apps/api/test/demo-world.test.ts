import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { createDatabase } from '@bastionary/testing/database';
import { type Answer, json, managementToken } from '@bastionary/testing/http';
import { runScript } from '@bastionary/testing/program';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';

const CONTENTS = `SELECT (SELECT count(*) FROM audit_log)::int AS audit, (SELECT count(*) FROM outbox_event)::int AS events,
  (SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM customer c) AS customers,
  (SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM subscription s) AS subscriptions,
  (SELECT md5(string_agg(h::text, ',' ORDER BY customer_id, epoch)) FROM entitlement_history h) AS history,
  (SELECT count(*) FROM client)::int AS clients, (SELECT count(*) FROM operator)::int AS operators`;

// On a busy machine three starts take their time.
jest.setTimeout(180_000);

let api: Api;
let token: string;
let pool: pg.Pool;

beforeAll(async () => {
  api = await startApi({ env: { BASTIONARY_DEMO: '1' } });
  token = await managementToken(api);
  pool = new pg.Pool({ connectionString: api.databaseUrl, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await api.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
const get = <Body = any>(path: string): Promise<Answer<Body>> => json<Body>(`${api.url}${path}`, { token });
// biome-ignore lint/suspicious/noExplicitAny: rows of every shape
const sql = async (statement: string): Promise<any[]> => (await pool.query(statement)).rows;

/** Another start on the same database. */
async function startAgain(databaseUrl = api.databaseUrl, dataDir = api.dataDir, demo = '1'): Promise<{ demo: string }> {
  const env = {
    ...process.env,
    BASTIONARY_DEMO: demo,
    DATABASE_URL: databaseUrl,
    BASTIONARY_DATA_DIR: dataDir,
    ISSUER_URL: api.url,
  };
  return JSON.parse(await runScript('apps/api/dist/first-run.js', env));
}

describe('the demo world', () => {
  test('is made once: the next start changes nothing', async () => {
    expect(api.firstRun).toMatchObject({ demo: 'made', operator_exists: false });
    const [before] = await sql(CONTENTS);
    expect(await startAgain()).toMatchObject({ demo: 'there' });
    const [after] = await sql(CONTENTS);
    expect(after).toEqual(before);
  });

  test('has subscriptions in every state, with changes to come and ends to come', async () => {
    const states = ['scheduled', 'trialing', 'active', 'past_due', 'paused', 'suspended', 'canceled'];
    for (const state of states) {
      const { body } = await get(`/api/subscriptions?state=${state}`);
      expect({ state, found: body.data.length > 0 }).toEqual({ state, found: true });
    }
    const { body } = await get('/api/subscriptions?limit=100');
    const some = (is: (one: Record<string, unknown>) => unknown) => expect(body.data.some(is)).toBe(true);
    some((one) => (one.scheduled as unknown[]).length > 0);
    some(({ cancel_at, state }) => cancel_at !== null && state === 'active');
    some(({ paused_from, state }) => paused_from !== null && state === 'active');
    some(({ items }) => (items as { kind: string }[]).some(({ kind }) => kind === 'add_on'));
  });

  test('has customers of many countries, currencies and time zones, and one suspended', async () => {
    const { data } = (await get('/api/customers?limit=100')).body;
    const kinds = (field: string) => new Set(data.map((one: Record<string, string>) => one[field])).size;
    expect(data).toHaveLength(25);
    expect([kinds('country') > 15, kinds('currency') > 8, kinds('time_zone') > 20]).toEqual([true, true, true]);
    expect(data.filter((one: { status: string }) => one.status === 'suspended')).toHaveLength(1);
  });

  test('has plans of two editions, a draft and add-ons', async () => {
    const { data } = (await get('/api/plans')).body;
    const editions = Object.fromEntries(
      data.map((plan: { key: string; versions: { status: string }[] }) => [
        plan.key,
        plan.versions.map(({ status }) => status),
      ]),
    );
    expect(editions).toEqual({
      business: ['published'],
      enterprise: ['published'],
      free: ['published'],
      'more-calls': ['published'],
      'more-storage': ['published'],
      priority: ['published'],
      scale: ['draft'],
      team: ['published', 'published'],
    });
  });

  test('every snapshot is what the facts resolve to, its history runs forward over months and ends in it', async () => {
    const wrong = await sql(`
      SELECT s.customer_id FROM entitlement_snapshot s
      WHERE s.valid_until <= now() OR NOT EXISTS (SELECT FROM entitlement_history h
        WHERE h.customer_id = s.customer_id AND h.epoch = s.epoch AND h.hash = s.hash AND h.body = s.body)
      UNION SELECT customer_id FROM (SELECT customer_id, at < lag(at) OVER (PARTITION BY customer_id ORDER BY epoch) AS back
        FROM entitlement_history) h WHERE back`);
    expect(wrong).toEqual([]);
    const [span] = await sql(`SELECT count(*)::int AS epochs, bool_and(at <= now()) AS past,
      extract(day FROM now() - min(at))::int AS days FROM entitlement_history`);
    expect(span).toMatchObject({ past: true });
    expect(span.epochs).toBeGreaterThan(100);
    expect(span.days).toBeGreaterThan(200);
    // One of them, counted by hand: 26 seats of Business and two times 50,000 calls more.
    const [nordlicht] = (await get('/api/customers?search=nordlicht')).body.data;
    const { body } = await get(`/api/customers/${nordlicht.id}/entitlements`);
    expect(body).toMatchObject({
      status: 'active',
      plans: ['business@1', 'more-calls@1'],
      features: { seats: 26, api_calls: 620_000, projects: 100, sso: true, data_region: 'eu', priority_support: false },
    });
    // Another default and back resolves everybody anew, by the rule that decides: it finds what was written.
    const hashes = () => sql('SELECT customer_id, hash FROM entitlement_snapshot ORDER BY 1');
    const before = await hashes();
    for (const value of [3, 1]) {
      const request = { token, method: 'PATCH', body: { default: value } };
      expect((await json(`${api.url}/api/features/seats`, request)).status).toBe(200);
      expect(isDeepStrictEqual(await hashes(), before)).toBe(value === 1);
    }
  });

  test('licences by hand and by subscriptions, of every state, and machines alive, dead and too many', async () => {
    const { data } = (await get('/api/licenses?limit=100')).body;
    const statuses = new Set(data.map((one: { status: string }) => one.status));
    const states = ['ACTIVE', 'INACTIVE', 'EXPIRING', 'EXPIRED', 'SUSPENDED', 'REVOKED', 'BANNED'];
    expect([...statuses].sort()).toEqual(states.sort());
    const graces = data.filter((one: { status: string; grace_ends_at: string | null }) => one.status === 'EXPIRED');
    expect(graces.map((one: { grace_ends_at: string }) => one.grace_ends_at > new Date().toISOString()).sort()).toEqual(
      [false, true],
    );
    const issued = data.filter(({ source }: { source: unknown }) => source !== null);
    expect(issued).toHaveLength(9);
    expect(issued).toContainEqual(expect.objectContaining({ machines: 8, max_machines: 7, status: 'ACTIVE' }));
    const [machines] = await sql(`SELECT count(*) FILTER (WHERE dies_at < now())::int AS dead,
      count(*) FILTER (WHERE dies_at >= now())::int AS alive, count(*) FILTER (WHERE dies_at IS NULL)::int AS free FROM machine`);
    expect(machines).toEqual({ dead: 3, alive: 33, free: 3 });
    const [listed] = await sql('SELECT array_agg(reason ORDER BY reason) AS reasons FROM license_revocation');
    expect(listed).toEqual({ reasons: ['reissued', 'revoked'] });
  });

  test('overrides: one for good, one to expire, one expired, one taken back', async () => {
    const [counts] = await sql(`SELECT count(*) FILTER (WHERE expires_at IS NULL)::int AS for_good,
      count(*) FILTER (WHERE expires_at > now())::int AS to_expire, count(*) FILTER (WHERE expires_at <= now())::int AS over,
      bool_and(length(reason) > 10) AS with_reason FROM entitlement_override`);
    expect(counts).toEqual({ for_good: 2, to_expire: 2, over: 1, with_reason: true });
    expect(await sql(`SELECT cause FROM entitlement_history WHERE cause = 'override.deleted'`)).toHaveLength(1);
  });

  test('nobody can sign in with anything that the demo made, and nothing leaves the house', async () => {
    const [people] = await sql(`SELECT count(*) FILTER (WHERE password_hash IS NOT NULL)::int AS passwords,
      array_agg(DISTINCT role ORDER BY role) AS roles, (SELECT count(*) FROM sign_in_link)::int AS links,
      (SELECT role FROM sign_in_link JOIN operator o ON o.id = operator_id) AS of,
      count(*) FILTER (WHERE status = 'suspended')::int AS suspended FROM operator`);
    expect(people).toEqual({
      passwords: 0,
      roles: ['admin', 'auditor', 'developer', 'finance', 'owner'],
      links: 1,
      of: 'owner',
      suspended: 1,
    });
    const [webhooks] = await sql(`SELECT count(*)::int AS endpoints, bool_or(enabled) AS enabled,
      (SELECT count(*) FROM webhook_lane)::int AS lanes,
      (SELECT count(*) FROM webhook_delivery WHERE status = 'pending')::int AS pending FROM webhook_endpoint`);
    expect(webhooks).toEqual({ endpoints: 2, enabled: false, lanes: 0, pending: 0 });
    expect(await sql('SELECT FROM credential WHERE jwks_uri IS NOT NULL')).toEqual([]);
  });

  test('months of usage that grow, one that leaps, invoices that say what was measured, and why an event was not', async () => {
    const calls = async (search: string, days: readonly [number, number]) => {
      const [customer] = (await get(`/api/customers?search=${search}`)).body.data;
      const [from, to] = days.map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString());
      const { body } = await get(`/api/usage?meter=api-calls&customer=${customer.id}&from=${from}&to=${to}`);
      return Number(body.total);
    };
    expect(await calls('nordlicht', [30, 0])).toBeGreaterThan(2 * (await calls('nordlicht', [210, 180])));
    expect(await calls('kestrel', [47, 44])).toBeGreaterThan(5 * (await calls('kestrel', [40, 37])));
    const lines = await sql(`SELECT DISTINCT left(price, -4) AS meter FROM invoice_line
      WHERE price ~ '^(api-calls|storage|tokens)-' AND amount > 0 ORDER BY 1`);
    expect(lines.map(({ meter }) => meter)).toEqual(['api-calls', 'storage', 'tokens']);
    const { data } = (await get('/api/usage/events?result=rejected')).body;
    expect(data.map(({ reason }: { reason: string }) => reason.split(':')[0]).sort()).toEqual(
      ['gigabytes', 'id', 'source', 'subject', 'time'].sort(),
    );
    const uncounted = (await get('/api/usage/events?result=accepted&limit=100')).body.data;
    expect(uncounted.filter(({ reason }: { reason: string | null }) => reason !== null)).toMatchObject([
      { id: 'batch-765', reason: 'no meter counts events of this type' },
      { id: 'batch-764', reason: 'not counted by api-calls: its calls is no decimal number below 10^26' },
    ]);
  });

  test('prepaid credit that is partly used, one about to expire, credit notes, a refund, and books that balance', async () => {
    const wallets = (await get('/api/wallets')).body.data;
    expect(wallets.map(({ balance }: { balance: string }) => balance !== '0')).toContain(true);
    const credits = await sql(`SELECT remaining < amount AND remaining > 0 AS partly,
      expires_at < now() + interval '30 days' AND remaining > 0 AS soon, source FROM wallet_credit WHERE source = 'manual' ORDER BY created_at`);
    expect(credits.map(({ partly }) => partly)).toContain(true);
    expect(credits.map(({ soon }) => soon)).toContain(true);
    const [made] = await sql(`SELECT (SELECT count(*) FROM credit_note)::int AS notes,
      (SELECT count(*) FROM refund)::int AS refunds,
      (SELECT count(*) FROM (SELECT currency FROM ledger_entry GROUP BY 1 HAVING sum(amount) <> 0) s)::int AS unbalanced`);
    expect(made).toEqual({ notes: 2, refunds: 1, unbalanced: 0 });
  });

  test('clients of customers and of the installation: suspended, expired, expiring', async () => {
    const { data } = (await get('/api/clients?limit=100')).body;
    const statuses = data.map((one: { status: string }) => one.status);
    expect(new Set(statuses)).toEqual(new Set(['active', 'suspended', 'expired']));
    const { body } = await get('/api/clients/nordlicht-erp');
    expect(body).toMatchObject({ customer_id: expect.stringMatching(/^cus_/), status: 'active' });
    const { expiry } = (await get('/api/clients/ci-pipeline')).body;
    expect(Date.parse(expiry)).toBeGreaterThan(Date.now());
  });
});

test('an installation that has something of its own is left as it is', async () => {
  const own = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'bastionary-own-'));
  const client = new pg.Client({ connectionString: own.url });
  await client.connect();
  try {
    expect(await startAgain(own.url, dataDir, '0')).toMatchObject({ demo: 'off' });
    await client.query(`INSERT INTO feature (key, name, type, combine, default_value, created_at, updated_at)
      VALUES ('own', 'Own', 'switch', 'any', 'false', now(), now())`);
    expect(await startAgain(own.url, dataDir)).toMatchObject({ demo: 'ignored' });
    expect((await client.query('SELECT key FROM feature')).rows).toEqual([{ key: 'own' }]);
  } finally {
    await client.end();
    await own.drop();
    await rm(dataDir, { recursive: true });
  }
});
