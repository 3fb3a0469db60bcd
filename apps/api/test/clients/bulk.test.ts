import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { House } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open({ env: { BULK_ROWS_MAX: '400' } });
});
afterAll(() => house.close());

const BULK = '/api/bulk/clients';
const FIELDS = [
  ...[
    'client_id',
    'name',
    'scopes',
    'expiry',
    'status',
    'grant_types',
    'token_endpoint_auth_method',
    'jwks',
    'jwks_uri',
  ],
  ...['dpop_bound_access_tokens', 'access_token_format', 'access_token_ttl', 'refresh_token_ttl', 'resources'],
  ...['legacy_assertion_audience', 'allowed_addresses', 'rate_limit', 'token_quota', 'environment'],
];
const post = (clients: unknown, { query = '', headers = {} } = {}) =>
  house.manage(`${BULK}${query}`, { body: { clients }, headers });
const postCsv = (body: string, query = '', type = 'text/csv') =>
  house.manage(`${BULK}${query}`, { method: 'POST', body, headers: { 'content-type': type } });
const exported = async (): Promise<Record<string, unknown>[]> => (await house.manage(BULK)).body.clients;
const exportedCsv = async () => (await house.manage<string>(`${BULK}?format=csv`)).body;
const one = async (clientId: string) => (await exported()).find(({ client_id }) => client_id === clientId);
const jwk = () => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

const EVERYTHING = {
  client_id: 'bulk-everything',
  name: 'Everything; "quoted", with ünïcode',
  scopes: ['write', 'read'],
  expiry: '2099-06-30T12:00:00Z',
  status: 'suspended',
  grant_types: ['client_credentials', 'refresh_token'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [{ ...jwk(), kid: 'k1' }] },
  jwks_uri: null,
  dpop_bound_access_tokens: true,
  access_token_format: 'opaque',
  access_token_ttl: 300,
  refresh_token_ttl: 86_400,
  resources: ['urn:bastionary:default'],
  legacy_assertion_audience: true,
  allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'],
  rate_limit: { requests: 10, per_seconds: 2, burst: 20 },
  token_quota: { per_hour: 100, per_day: null, enforce: false },
  environment: 'development',
};
const PLAIN = { client_id: 'bulk-plain', scopes: ['read'] };

describe('the import of JSON', () => {
  test('a dry run says what would be done, and does nothing', async () => {
    const made = await house.client({ client_id: 'bulk-known', name: 'Before' });
    const before = await house.written();
    const clients = [
      EVERYTHING,
      { client_id: made.client_id, name: 'After', expiry: '2099-01-01T00:00:00Z' },
      { client_id: made.client_id.replace('known', 'x'), scopes: ['nonsense'] },
    ];
    const answer = await post(clients, { query: '?dry_run=true' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toEqual({
      applied: false,
      created: 1,
      updated: 1,
      unchanged: 0,
      failed: 1,
      results: [
        { row: 1, client_id: 'bulk-everything', outcome: 'created' },
        {
          row: 2,
          client_id: 'bulk-known',
          outcome: 'updated',
          changes: {
            name: { from: 'Before', to: 'After' },
            expiry: { from: null, to: '2099-01-01T00:00:00Z' },
          },
        },
        {
          row: 3,
          client_id: 'bulk-x',
          outcome: 'failed',
          errors: [{ path: '/scopes/0', code: 'unknown_scope', message: expect.any(String) }],
        },
      ],
    });
    expect(await house.written()).toEqual(before);
    expect(await one('bulk-everything')).toBeUndefined();
  });

  test('a dry run of new clients gives no secret away', async () => {
    const { body } = await post([PLAIN], { query: '?dry_run=true' });
    expect([body.created, JSON.stringify(body).includes('bst_secret_')]).toEqual([1, false]);
    expect(await one(PLAIN.client_id)).toBeUndefined();
  });

  test('creates with every field and with none, tells each secret once, and records each client', async () => {
    const answer = await post([EVERYTHING, PLAIN]);
    expect(answer.body).toEqual({
      applied: true,
      created: 2,
      updated: 0,
      unchanged: 0,
      failed: 0,
      results: [
        { row: 1, client_id: 'bulk-everything', outcome: 'created' },
        { row: 2, client_id: 'bulk-plain', outcome: 'created', client_secret: expect.stringMatching(/^bst_secret_/) },
      ],
    });
    expect(await one('bulk-everything')).toEqual(EVERYTHING);
    expect(await house.accessToken(answer.body.results[1])).toMatch(/^eyJ/);
    const actions = (await house.audit('client:bulk-everything')).map(({ action }) => action);
    expect(actions).toEqual(['client.created', 'client.suspended']);
  });

  test('the same again changes nothing: no version, no record', async () => {
    const before = await house.written();
    const { body } = await post([EVERYTHING, PLAIN]);
    expect(body).toMatchObject({ applied: true, created: 0, updated: 0, unchanged: 2, failed: 0 });
    expect(await house.written()).toEqual(before);
  });

  test('what a row leaves out stays as it is', async () => {
    const { body } = await post([{ client_id: 'bulk-everything', status: 'active', access_token_ttl: null }]);
    expect(body.results[0].changes).toEqual({
      status: { from: 'suspended', to: 'active' },
      access_token_ttl: { from: 300, to: null },
    });
    expect(await one('bulk-everything')).toEqual({ ...EVERYTHING, status: 'active', access_token_ttl: null });
  });

  test('one row at fault: nothing is applied, and every fault of every row is told', async () => {
    const before = await house.written();
    const gone = await house.client({ client_id: 'bulk-gone' });
    await house.manage(`/api/clients/${gone.client_id}`, { method: 'DELETE' });
    const after = await house.written();
    expect(after).not.toEqual(before);
    const { status, body } = await post([
      { client_id: 'bulk-fine', scopes: ['read'] },
      { client_id: 'bulk-no-scopes' },
      { client_id: 'bulk-faults', scopes: ['read'], colour: 'red', access_token_ttl: 'long' },
      { client_id: 'bulk-secret', scopes: ['read'], client_secret: 'chosen by somebody' },
      { client_id: 'bulk-fine', scopes: ['write'] },
      { client_id: 'bulk-gone', scopes: ['read'] },
      { client_id: 'a b', scopes: ['read'] },
      'nonsense',
      { scopes: ['read'] },
      { client_id: 'bulk-key', scopes: ['read'], token_endpoint_auth_method: 'private_key_jwt' },
      { client_id: 'bulk-address', scopes: ['read'], allowed_addresses: ['everywhere'] },
      { client_id: 'bulk-two', scopes: ['read'], jwks: { keys: [jwk()] }, jwks_uri: 'https://example.com/jwks' },
    ]);
    expect([status, body.applied, body.created, body.failed]).toEqual([200, false, 1, 11]);
    const faults = body.results.map(({ errors = [] }: { errors?: { path: string; code: string }[] }) =>
      errors.map(({ path, code }) => `${path} ${code}`).sort(),
    );
    expect(faults).toEqual([
      [],
      ['/scopes required'],
      ['/access_token_ttl invalid_type', '/colour unknown_field'],
      ['/client_secret unknown_field'],
      ['/client_id repeated'],
      ['/client_id duplicate_client_id'],
      ['/client_id invalid_format'],
      [' invalid_type'],
      ['/client_id invalid_type'],
      ['/jwks required'],
      ['/allowed_addresses/0 invalid_range'],
      ['/jwks_uri custom'],
    ]);
    expect(body.results.map(({ row }: { row: number }) => row)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(JSON.stringify(body)).not.toContain('bst_secret_');
    expect(await house.written()).toEqual(after);
  });

  test('an Idempotency-Key: a retry gets the same secrets, and nothing is done twice', async () => {
    const once = () =>
      post([{ client_id: 'bulk-once', scopes: ['read'] }], { headers: { 'idempotency-key': 'bulk-once' } });
    const [first, again] = [await once(), await once()];
    expect(again.body).toEqual(first.body);
    expect(first.body.results[0].client_secret).toMatch(/^bst_secret_/);
  });

  test.each([
    ['no list', { nonsense: true }],
    ['an empty list', { clients: [] }],
    ['a list alone', [PLAIN]],
    [
      'too many rows',
      { clients: Array.from({ length: 401 }, (_, index) => ({ client_id: `bulk-${index}`, scopes: ['read'] })) },
    ],
  ])('%s is 422', async (_what, body) => {
    const before = await house.written();
    const answer = await house.manage(BULK, { body });
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(await house.written()).toEqual(before);
  });

  test('two imports of the same clients at once, in opposite order: each client is made once', async () => {
    const clients = Array.from({ length: 60 }, (_, index) => ({ client_id: `many-${index}`, scopes: ['read'] }));
    const answers = await Promise.all([post(clients), post(clients.toReversed())]);
    expect(answers.map(({ status, body }) => [status, body.failed])).toEqual([
      [200, 0],
      [200, 0],
    ]);
    const made = answers.map(({ body }) => body.created).sort((a, b) => a - b);
    expect(made).toEqual([0, 60]);
  });
});

describe('CSV', () => {
  test('the export has a header, every field, and no secret', async () => {
    const answer = await house.manage<string>(`${BULK}?format=csv`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="clients.csv"',
    ]);
    const [header, ...rows] = parse(answer.body);
    expect(header).toEqual(FIELDS);
    expect(rows).toHaveLength((await exported()).length);
    expect(answer.body).not.toMatch(/bst_secret_|argon2|hmac/);
  });

  test('an export taken in again changes nothing', async () => {
    await house.client({
      client_id: 'csv-chosen',
      name: '=HYPERLINK("http://evil.example","x")',
      client_secret: 'chosen by somebody',
    });
    await house.client({ client_id: 'csv-apostrophe', name: "'=1+1" });
    await house.client({ client_id: 'csv-quotes', name: 'a "b", c' });
    const before = [await house.written(), await exported()];
    const csv = await exportedCsv();
    for (const cell of parse(csv).flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const { status, body } = await postCsv(csv);
    expect([status, body.applied, body.created, body.updated, body.failed]).toEqual([200, true, 0, 0, 0]);
    expect([await house.written(), await exported()]).toEqual(before);
  });

  test('an export carried to another installation makes the same clients there', async () => {
    const mine = (await exported()).filter(({ client_id }) => /^(bulk|csv)-/.test(String(client_id)));
    const other = await House.open();
    try {
      const answer = await other.manage(BULK, { body: { clients: mine } });
      expect([answer.body.applied, answer.body.created, answer.body.failed]).toEqual([true, mine.length, 0]);
      const theirs = (await other.manage(BULK)).body.clients as Record<string, unknown>[];
      expect(theirs.filter(({ client_id }) => /^(bulk|csv)-/.test(String(client_id)))).toEqual(mine);
    } finally {
      await other.close();
    }
  });

  test('a hand-written one: some columns, with a byte order mark, any line end', async () => {
    const csv =
      '\ufeffclient_id,scopes,dpop_bound_access_tokens,access_token_ttl,rate_limit\n' +
      'hand-1,read write,TRUE,120,"{""requests"":5}"\r\n\nhand-2,read,,,\n';
    const { body } = await postCsv(csv, '', 'text/csv; charset=utf-8');
    expect(body).toMatchObject({ applied: true, created: 2, failed: 0 });
    expect(await one('hand-1')).toMatchObject({
      name: 'hand-1',
      scopes: ['read', 'write'],
      dpop_bound_access_tokens: true,
      access_token_ttl: 120,
      rate_limit: { requests: 5, per_seconds: 1 },
    });
    const cleared = await postCsv('client_id,access_token_ttl,rate_limit,scopes\nhand-1,,,\n');
    expect(Object.keys(cleared.body.results[0].changes)).toEqual(['access_token_ttl', 'rate_limit']);
  });

  test('faults name the row and the field', async () => {
    const csv = 'client_id,scopes,access_token_ttl,rate_limit,status\nf-1,read,many,{,active\nf-2,read,1,,gone\n';
    const { body } = await postCsv(csv);
    expect(body.applied).toBe(false);
    const faults = body.results.map(({ row, errors }: { row: number; errors: { path: string }[] }) => [
      row,
      errors.map(({ path }) => path),
    ]);
    expect(faults).toEqual(
      [
        [1, ['/access_token_ttl', '/rate_limit']],
        [2, ['/status', '/access_token_ttl']],
      ].map(([row, paths]) => [row, expect.arrayContaining(paths as string[])]),
    );
  });

  test.each([
    ['no row', 'client_id,scopes\n', 'no row'],
    ['an unknown column', 'client_id,secret\nx,y\n', 'secret is no column'],
    ['a column twice', 'client_id,name,name\nx,y,z\n', 'twice'],
    ['no client_id', 'name,scopes\nx,read\n', 'client_id is missing'],
    ['a row too short', 'client_id,scopes\nx\n', 'malformed in line 2'],
    ['an open quote', 'client_id,scopes\n"x,read\n', 'malformed'],
    ['a name of Object', '__proto__,client_id\nx,y\n', 'no column'],
  ])('%s is 422', async (_what, csv, detail) => {
    const before = await house.written();
    const answer = await postCsv(csv);
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
      422,
      'invalid_request',
      expect.stringContaining(detail),
    ]);
    expect(await house.written()).toEqual(before);
  });

  test('only here: elsewhere text/csv is 415, and what is larger than the limit is 413', async () => {
    const headers = { 'content-type': 'text/csv' };
    const body = 'client_id\nx\n';
    expect((await house.manage('/api/clients', { method: 'POST', body, headers })).status).toBe(415);
    expect((await postCsv(`client_id\n${'x'.repeat(400 * 4_096)}`)).status).toBe(413);
    expect((await house.manage('/api/clients', { body: { name: 'x'.repeat(300_000), scopes: ['read'] } })).status).toBe(
      413,
    );
  });
});
