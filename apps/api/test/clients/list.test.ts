import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { House } from '../support.js';

interface Listed {
  data: { client_id: string; name: string; status: string }[];
  next_cursor: string | null;
}

const PAST = '2023-12-31T23:59:59Z';
let house: House;
let all: string[];
beforeAll(async () => {
  house = await House.open();
  for (let index = 0; index < 12; index++) await house.client({ client_id: `list-${index}`, name: `Client ${index}` });
  await house.client({ client_id: 'special', name: '100% Über_Client \\ "x"' });
  await house.client({ client_id: 'old', name: 'Expired', expiry: PAST });
  await house.client({ client_id: 'asleep', name: 'Suspended' });
  await house.manage('/api/clients/asleep', { method: 'PATCH', body: { status: 'suspended' } });
  await house.client({ client_id: 'both', name: 'Suspended and expired', expiry: PAST });
  await house.manage('/api/clients/both', { method: 'PATCH', body: { status: 'suspended' } });
  await house.client({ client_id: 'gone', name: 'Deleted' });
  await house.manage('/api/clients/gone', { method: 'DELETE' });
  all = [
    'both',
    'asleep',
    'old',
    'special',
    ...Array.from({ length: 12 }, (_, index) => `list-${11 - index}`),
    house.api.admin.client_id,
  ];
});
afterAll(() => house.close());

const list = (query = '') => house.manage<Listed>(`/api/clients${query}`);
const ids = ({ body }: { body: Listed }) => body.data.map(({ client_id }) => client_id);

async function pages(query: string): Promise<string[][]> {
  const found: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await list(`?${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    expect(answer.status).toBe(200);
    found.push(ids(answer));
    cursor = answer.body.next_cursor;
  }
  return found;
}

describe('GET /api/clients', () => {
  test('has every client but deleted ones, the newest first, each in full', async () => {
    const answer = await list();
    expect([answer.status, ids(answer), answer.body.next_cursor]).toEqual([200, all, null]);
    expect(answer.body.data.find(({ client_id }) => client_id === 'list-3')).toEqual({
      client_id: 'list-3',
      name: 'Client 3',
      scopes: ['read', 'write'],
      expiry: null,
      status: 'active',
      created_at: expect.any(String),
      updated_at: expect.any(String),
      last_token_at: null,
      customer_id: null,
    });
  });

  test.each([1, 2, 5, 16, 17, 100])('in pages of %i every client comes exactly once, in order', async (limit) => {
    const found = await pages(`limit=${limit}`);
    expect(found.flat()).toEqual(all);
    expect(found.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    expect(found.at(-1)?.length).toBeGreaterThan(0);
  });

  test('a client made while somebody turns pages makes none come twice or be left out', async () => {
    const first = await list('?limit=5');
    const { client_id } = await house.client({ client_id: 'latecomer' });
    const rest: string[] = [];
    for (let cursor = first.body.next_cursor; cursor !== null; ) {
      const page = await list(`?limit=5&cursor=${cursor}`);
      rest.push(...ids(page));
      cursor = page.body.next_cursor;
    }
    expect([...ids(first), ...rest]).toEqual(all);
    await house.manage(`/api/clients/${client_id}`, { method: 'DELETE' });
  });

  test('clients of one instant are told apart by id', async () => {
    const [{ created_at }] = await house.sql(`SELECT created_at FROM client WHERE client_id = 'list-5'`);
    await house.sql(`UPDATE client SET created_at = $1 WHERE client_id IN ('list-4', 'list-6')`, [created_at]);
    const found = (await pages('limit=1&search=list-')).flat();
    expect(found).toHaveLength(12);
    expect(new Set(found).size).toBe(12);
  });
});

describe('status', () => {
  test.each([
    ['active', (one: string) => one.startsWith('list-') || one.startsWith('cli_') || one === 'special'],
    ['suspended', (one: string) => one === 'asleep'],
    ['expired', (one: string) => one === 'old' || one === 'both'],
  ])('%s filters by what a client is, marked by the worker or not', async (status, expected) => {
    const answer = await list(`?status=${status}`);
    expect(new Set(ids(answer))).toEqual(new Set(all.filter(expected)));
    expect(answer.body.data.every((one) => one.status === status)).toBe(true);
    expect(new Set((await pages(`limit=3&status=${status}`)).flat())).toEqual(new Set(all.filter(expected)));
  });
});

describe('search', () => {
  test.each([
    ['list-7', ['list-7']],
    ['LIST-7', ['list-7']],
    ['client 11', ['list-11']],
    ['Über', ['special']],
    ['100%', ['special']],
    ['\\', ['special']],
    ['"x"', ['special']],
    ['nothing like it', []],
    ["' OR 1=1 --", []],
    ['Deleted', []],
  ])('%j finds %j in id or name', async (search, expected) => {
    expect(ids(await list(`?search=${encodeURIComponent(search)}`))).toEqual(expected);
  });

  test.each(['%', '_', 'l_st', 'list%7'])('%j is a text, not a pattern', async (search) => {
    // Ids of our own making have an underscore too.
    const expected = { '%': ['special'], _: ['special', house.api.admin.client_id] }[search] ?? [];
    expect(ids(await list(`?search=${encodeURIComponent(search)}`))).toEqual(expected);
  });

  test('goes with status and pages', async () => {
    expect(ids(await list('?search=suspended&status=suspended'))).toEqual(['asleep']);
    expect((await pages('search=list-1&limit=1')).flat().sort()).toEqual(['list-1', 'list-10', 'list-11']);
  });
});

describe('queries at fault', () => {
  test.each([
    ['limit=0', '?limit'],
    ['limit=101', '?limit'],
    ['limit=-1', '?limit'],
    ['limit=1.5', '?limit'],
    ['limit=ten', '?limit'],
    ['limit=', '?limit'],
    ['limit=1&limit=2', '?limit'],
    ['status=deleted', '?status'],
    ['status=active&status=expired', '?status'],
    ['search=a&search=b', '?search'],
    ['search[not]=', '?search[not]'],
    [`search=${'x'.repeat(201)}`, '?search'],
    ['search=%00', '?search'],
    ['cursor=', '?cursor'],
    ['cursor=nonsense', '?cursor'],
    ['cursor=1&cursor=2', '?cursor'],
    ['order=name', '?order'],
    ['__proto__=x', '?__proto__'],
    ['access_token=x', '?access_token'],
  ])('%s is 422 and named', async (query, path) => {
    const answer = await house.manage(`/api/clients?${query}`);
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([422, 'invalid_request', path]);
  });

  test('N42: a forged cursor is a place in the list or refused, never an error of ours', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.nat(), fc.string()).map((parts) => parts.join(' ')),
      fc.constantFrom("1 a'; --", '99999999999999999999 a', '999999999999999 a', '1 a\0'),
    );
    await fc.assert(
      fc.asyncProperty(text, async (forged) => {
        const { status } = await list(`?cursor=${Buffer.from(forged).toString('base64url')}`);
        expect([200, 422]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});

describe('GET /api/audit', () => {
  test('has every record, the newest first, in pages, and filters', async () => {
    const seqs: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: { body: { data: { seq: string }[]; next_cursor: string | null } } = await house.manage(
        `/api/audit?limit=7${cursor && `&cursor=${cursor}`}`,
      );
      seqs.push(...body.data.map(({ seq }) => seq));
      cursor = body.next_cursor;
    }
    const rows = await house.sql('SELECT seq FROM audit_log ORDER BY seq DESC');
    expect(seqs).toEqual(rows.map(({ seq }) => seq));
    const of = async (filter: string) =>
      (await house.manage(`/api/audit?${filter}`)).body.data.map(({ action }: { action: string }) => action);
    expect(await of('target=client:gone')).toEqual(['client.deleted', 'client.created']);
    expect(await of('target=client:gone&action=client.deleted')).toEqual(['client.deleted']);
    expect(await of('actor=nobody')).toEqual([]);
  });

  test('a record in full', async () => {
    const answer = await house.manage('/api/audit?target=client:asleep&action=client.suspended', {
      headers: { 'user-agent': 'x' },
    });
    expect(answer.body).toEqual({
      data: [
        {
          seq: expect.stringMatching(/^\d+$/),
          at: expect.stringMatching(/Z$/),
          actor: `client:${house.api.admin.client_id}`,
          action: 'client.suspended',
          target: 'client:asleep',
          request_id: expect.stringMatching(/^req_/),
          address: '127.0.0.1',
          detail: { status: { from: 'active', to: 'suspended' } },
          sealed: null,
        },
      ],
      next_cursor: null,
    });
  });

  test.each([
    'cursor=x',
    'cursor=-1',
    'cursor=1e5',
    'cursor=9999999999999999999',
    'actor=%00',
    'action=%00',
    'target=%00',
    'actor=a&actor=b',
    'seq=1',
  ])('%s is 422', async (query) => {
    expect((await house.manage(`/api/audit?${query}`)).status).toBe(422);
  });

  test('what is recorded stays: the database refuses to change, delete or empty it', async () => {
    for (const statement of [
      "UPDATE audit_log SET actor = 'x'",
      'DELETE FROM audit_log',
      'TRUNCATE audit_log CASCADE',
      'TRUNCATE audit_leaf',
      'TRUNCATE audit_checkpoint',
    ]) {
      await expect(house.sql(statement)).rejects.toThrow('is refused');
    }
  });
});
