import { basic, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const SECRET = `bst_secret_${'x'.repeat(43)}`;
let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open({ env: { FAILURES_PER_MINUTE: '10', WRONG_SECRET_ATTEMPTS: '10000' } });
  client = await house.client();
});
afterAll(() => house.close());

const list = (query = '') => house.manage(`/api/failures${query}`);
const traceOf = (answer: { headers: Headers }): string => answer.headers.get('x-request-id') ?? '';
/** The failure that belongs to a refused answer. */
const failureOf = (answer: { headers: Headers }) =>
  waitFor('the failure', async () => (await list(`?trace_id=${traceOf(answer)}`)).body.data[0]);
const token = (
  by: MadeClient | { client_id: string; client_secret: string } | null,
  more: Record<string, string> = {},
) => house.form('token', { grant_type: 'client_credentials', ...more }, by);

describe('every refusal is found by the X-Request-Id of its answer', () => {
  test('a wrong secret, whole', async () => {
    const answer = await token({ ...client, client_secret: 'a wrong secret' });
    expect(answer.status).toBe(401);
    expect(await failureOf(answer)).toEqual({
      id: expect.stringMatching(/^flr_[0-9a-z]{26}$/),
      trace_id: traceOf(answer),
      at: expect.stringMatching(/Z$/),
      endpoint: '/oauth2/token',
      client_id: client.client_id,
      scope: null,
      error: 'invalid_client',
      reason_code: expect.stringMatching(/^[a-z_]+$/),
      reason: expect.any(String),
      address: '127.0.0.1',
    });
  });

  test('an unknown client: its id is no client, and stands in the reason', async () => {
    const failure = await failureOf(await token({ client_id: 'nobody-knows', client_secret: 'whatever it is' }));
    expect([failure.client_id, failure.error]).toEqual([null, 'invalid_client']);
    expect(failure.reason).toContain('nobody-knows');
  });

  test('a suspended client with its right secret', async () => {
    const asleep = await house.client();
    await house.manage(`/api/clients/${asleep.client_id}`, { method: 'PATCH', body: { status: 'suspended' } });
    const failure = await failureOf(await token(asleep));
    expect([failure.client_id, failure.error]).toEqual([asleep.client_id, 'invalid_client']);
    expect(failure.reason).toContain('suspended');
  });

  test.each<[string, Record<string, string>, string]>([
    ['a scope it does not have', { scope: 'keys:read' }, 'invalid_scope'],
    ['an unknown grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['an unknown resource', { resource: 'urn:none' }, 'invalid_target'],
  ])('%s', async (_what, form, error) => {
    const answer = await token(client, form);
    const failure = await failureOf(answer);
    expect([answer.status, failure.error, failure.scope]).toEqual([400, error, form.scope ?? null]);
  });

  test('at introspection and revocation, on the ordinary way too', async () => {
    for (const endpoint of ['introspect', 'revoke'] as const) {
      const failure = await failureOf(
        await house.form(endpoint, { token: 'x' }, { ...client, client_secret: 'wrong one' }),
      );
      expect([failure.endpoint, failure.error]).toEqual([`/oauth2/${endpoint}`, 'invalid_client']);
    }
    const answer = await json(`${house.api.url}/oauth2/token?client_id=x`, {
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: basic(client.client_id, 'wrong one') },
    });
    expect((await failureOf(answer)).endpoint).toBe('/oauth2/token');
  });

  test('what never reached the endpoint: JSON instead of a form', async () => {
    const answer = await json(`${house.api.url}/oauth2/token`, { body: { grant_type: 'client_credentials' } });
    expect(await failureOf(answer)).toMatchObject({ error: 'invalid_request', reason_code: 'unsupported_media_type' });
  });

  test('the answer itself tells nothing of it', async () => {
    const [wrong, unknown] = [
      await token({ ...client, client_secret: 'a wrong secret' }),
      await token({ client_id: 'not-there', client_secret: 'a wrong secret' }),
    ];
    expect(wrong.body).toEqual(unknown.body);
    expect((await failureOf(wrong)).reason).not.toBe((await failureOf(unknown)).reason);
  });
});

test('a secret put in the place of the id is nowhere to be read', async () => {
  const failure = await failureOf(await token({ client_id: SECRET, client_secret: 'x' }));
  expect(JSON.stringify(failure)).not.toContain(SECRET.slice(0, 20));
  await failureOf(await token({ ...client, client_secret: SECRET }));
  await failureOf(await token(client, { scope: SECRET }));
  const [{ text }] = await house.sql('SELECT json_agg(f)::text AS text FROM auth_failure f');
  expect(text).not.toContain(SECRET.slice(0, 20));
});

test('a flood from one client is kept up to FAILURES_PER_MINUTE per reason, the rest counted; others are kept', async () => {
  const flooded = await house.client();
  const suppressed = async () => {
    const text = await (await fetch(`${house.api.url}/metrics`)).text();
    return Number(/^bastionary_failures_not_stored_total\{why="suppressed"\} (\d+)/m.exec(text)?.[1] ?? 0);
  };
  const before = await suppressed();
  const answers = await Promise.all(
    Array.from({ length: 60 }, () => token({ ...flooded, client_secret: 'a wrong secret' })),
  );
  expect(answers.every(({ status }) => status === 401)).toBe(true);
  const kept = async () => (await list(`?client_id=${flooded.client_id}&limit=100`)).body.data.length;
  await waitFor('all to be kept or counted', async () => (await kept()) + (await suppressed()) - before === 60);
  // The minute may turn once in between.
  expect([10, 20]).toContain(await kept());
  const other = await house.client();
  expect((await failureOf(await token({ ...other, client_secret: 'a wrong secret' }))).client_id).toBe(other.client_id);
});

test('ids that do not exist count as one: a flood that claims another each time is limited too', async () => {
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => token({ client_id: `made-up-${index}`, client_secret: 'whatever it is' })),
  );
  const other = await house.client();
  await failureOf(await token({ ...other, client_secret: 'a wrong secret' }));
  const [{ count }] = await house.sql(`SELECT count(*)::int FROM auth_failure WHERE reason LIKE '%made-up-%'`);
  expect(count).toBeLessThanOrEqual(20);
});

describe('GET /api/failures', () => {
  const store = (id: number, at: string, clientId: string | null = 'paged') =>
    house.sql(
      `INSERT INTO auth_failure (id, trace_id, at, endpoint, client_id, error, reason_code, reason, address)
       VALUES ($1, $2, $3, '/oauth2/token', $4, 'invalid_client', 'x', 'y', NULL)`,
      [`flr_${String(id).padStart(26, '0')}`, `trace-${id}`, at, clientId],
    );
  beforeAll(async () => {
    // Several of one instant: they are told apart by id.
    for (let id = 1; id <= 9; id++) await store(id, `2026-01-0${Math.ceil(id / 3)}T00:00:00Z`);
  });

  test.each([1, 2, 4, 9, 100])('in pages of %i every failure comes once, the newest first', async (limit) => {
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `?client_id=paged&limit=${limit}${cursor && `&cursor=${cursor}`}`,
      );
      found.push(...page.body.data.map((one: { trace_id: string }) => one.trace_id));
      cursor = page.body.next_cursor;
    }
    expect(found).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((id) => `trace-${id}`));
  });

  test('filters by client and trace id, both together', async () => {
    expect((await list('?client_id=paged&trace_id=trace-3')).body.data).toHaveLength(1);
    expect((await list('?client_id=paged&trace_id=trace-none')).body).toEqual({ data: [], next_cursor: null });
    expect((await list('?client_id=nobody')).body).toEqual({ data: [], next_cursor: null });
  });

  test.each(['cursor=x', `cursor=${Buffer.from('1 x').toString('base64url')}`, 'limit=0', 'client_id=%00', 'at=1'])(
    '%s is 422',
    async (query) => {
      expect((await list(`?${query}`)).status).toBe(422);
    },
  );
});

test('a refusal neither waits for the database nor fails with it: what could not be written is written later', async () => {
  const known = await house.client();
  await token(known);
  await house.sql('ALTER TABLE auth_failure RENAME COLUMN reason TO gone');
  const refused = await token({ ...known, client_secret: 'a wrong secret' });
  await house.sql('ALTER TABLE auth_failure RENAME COLUMN gone TO reason');
  expect([refused.status, refused.body.error]).toEqual([401, 'invalid_client']);
  const later = await token({ ...known, client_secret: 'a wrong secret' });
  expect((await failureOf(later)).client_id).toBe(known.client_id);
});
