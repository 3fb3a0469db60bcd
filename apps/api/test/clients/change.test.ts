import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const path = ({ client_id }: { client_id: string }) => `/api/clients/${client_id}`;
const patch = (made: MadeClient, body: unknown, headers: Record<string, string> = {}) =>
  house.manage(path(made), { method: 'PATCH', body, headers });
const actions = async (made: MadeClient) => (await house.audit(`client:${made.client_id}`)).map(({ action }) => action);
const tokenStatus = async (made: MadeClient) =>
  (await house.form('token', 'grant_type=client_credentials', made)).status;

describe('GET /api/clients/{client_id}', () => {
  test('has the whole client, and an ETag', async () => {
    const made = await house.client({ name: 'Whole', expiry: '2099-01-01T00:00:00Z' });
    const answer = await house.manage(path(made));
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v1"']);
    expect(answer.body).toEqual({
      client_id: made.client_id,
      name: 'Whole',
      scopes: ['read', 'write'],
      expiry: '2099-01-01T00:00:00Z',
      status: 'active',
      customer_id: null,
      created_at: made.created_at,
      updated_at: made.created_at,
      last_token_at: null,
      tokens_issued: '0',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: null,
      jwks: null,
      jwks_uri: null,
      dpop_bound_access_tokens: false,
      access_token_format: null,
      access_token_ttl: null,
      refresh_token_ttl: null,
      resources: null,
      legacy_assertion_audience: false,
      allowed_addresses: [],
      rate_limit: null,
      token_quota: null,
      environment: null,
      tokens_not_before: null,
      warnings: [],
      credentials: [expect.objectContaining({ kind: 'secret', generated: true })],
    });
  });

  test.each(['nobody', 'NOBODY~._-', 'cli_00000000000000000000000000'])('%s is 404', async (id) => {
    const answer = await house.manage(`/api/clients/${id}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  });

  test.each(['a%20b', 'a%00b', 'a:b', '%F0%9F%94%91', 'a'.repeat(129), "'--"])(
    '%s can be no id: 422 or 404',
    async (id) => {
      for (const method of ['GET', 'DELETE']) {
        const { status } = await house.manage(`/api/clients/${id}`, { method });
        expect([404, 422]).toContain(status);
      }
    },
  );
});

describe('PATCH /api/clients/{client_id}', () => {
  test('changes what is named, leaves the rest, and records from and to', async () => {
    const made = await house.client({ name: 'Before' });
    const answer = await patch(made, { name: ' After ', scopes: ['read'], expiry: '2099-01-01T02:00:00+02:00' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    expect(answer.body).toMatchObject({
      name: 'After',
      scopes: ['read'],
      expiry: '2099-01-01T00:00:00Z',
      status: 'active',
    });
    expect((await house.manage(path(made))).body).toEqual(answer.body);
    expect((await house.audit(`client:${made.client_id}`)).at(-1)).toEqual({
      actor: `client:${house.api.admin.client_id}`,
      action: 'client.updated',
      detail: {
        name: { from: 'Before', to: 'After' },
        scopes: { from: ['read', 'write'], to: ['read'] },
        expiry: { from: null, to: '2099-01-01T00:00:00Z' },
      },
    });
  });

  test('what changes nothing writes nothing: no version, no record', async () => {
    const made = await house.client({ name: 'Same', expiry: '2099-01-01T00:00:00Z' });
    const before = await house.written();
    const same = {
      name: ' Same',
      scopes: ['read', 'write', 'read'],
      expiry: '2099-01-01T01:00:00+01:00',
      status: 'active',
    };
    const answer = await patch(made, same);
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v1"']);
    expect(await house.written()).toEqual(before);
  });

  test('If-Match: an edit of what has changed meanwhile is 412 and changes nothing', async () => {
    const made = await house.client({ name: 'One' });
    expect((await patch(made, { name: 'Two' }, { 'if-match': '"v1"' })).status).toBe(200);
    const before = await house.written();
    for (const stale of ['"v1"', '"v3"', 'v2', 'W/"v2"', '"v1", "v2"', '"x"', '']) {
      const answer = await patch(made, { name: 'Three' }, { 'if-match': stale });
      expect([stale, answer.status, answer.body.code]).toEqual([stale, 412, 'version_mismatch']);
    }
    expect(await house.written()).toEqual(before);
    expect((await patch(made, { name: 'Three' }, { 'if-match': '"v2"' })).headers.get('etag')).toBe('"v3"');
    expect((await patch(made, { name: 'Four' }, { 'if-match': '*' })).status).toBe(200);
  });

  test('of many edits at once of one version, one succeeds', async () => {
    const made = await house.client();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => patch(made, { name: `Edit ${index}` }, { 'if-match': '"v1"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
    expect(await actions(made)).toEqual(['client.created', 'client.updated']);
  });

  test.each<[string, unknown, string]>([
    ['nothing', {}, ''],
    ['an unknown field', { name: 'x', client_secret: 'a new secret' }, '/client_secret'],
    ['N38: another id', { client_id: 'other' }, '/client_id'],
    ['a status nobody sets by hand', { status: 'expired' }, '/status'],
    ['a status of our own', { status: 'deleted' }, '/status'],
    ['no scopes', { scopes: [] }, '/scopes'],
    ['a name of null', { name: null }, '/name'],
    ['a bad expiry', { expiry: 'never' }, '/expiry'],
    ['an unknown scope', { scopes: ['read', 'nonsense'] }, '/scopes/1'],
  ])('%s is 422, and changes nothing', async (_what, body, at) => {
    const made = await house.client();
    const before = await house.written();
    const answer = await patch(made, body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, at]);
    expect(await house.written()).toEqual(before);
  });
});

describe('suspending and resuming', () => {
  test('a suspended client gets no token, its tokens are dead; resumed, both are back', async () => {
    const made = await house.client();
    const token = await house.accessToken(made);
    expect((await patch(made, { status: 'suspended' })).body.status).toBe('suspended');
    expect([await tokenStatus(made), await house.isActive(token)]).toEqual([401, false]);
    expect((await patch(made, { status: 'active' })).body.status).toBe('active');
    expect([await tokenStatus(made), await house.isActive(token)]).toEqual([200, true]);
    expect(await actions(made)).toEqual(['client.created', 'client.suspended', 'client.resumed']);
  });

  test('a suspension outlives an expiry', async () => {
    const made = await house.client();
    await patch(made, { status: 'suspended' });
    expect((await patch(made, { expiry: '2023-12-31T23:59:59Z' })).body.status).toBe('expired');
    expect((await patch(made, { expiry: '2099-12-31T23:59:59Z' })).body.status).not.toBe('expired');
  });

  test('an expired client wakes when its expiry moves, and not before', async () => {
    const made = await house.client({ expiry: '2023-12-31T23:59:59Z' });
    expect((await patch(made, { status: 'active' })).body.status).toBe('expired');
    expect(await tokenStatus(made)).toBe(401);
    expect((await patch(made, { expiry: null })).body.status).toBe('active');
    expect(await tokenStatus(made)).toBe(200);
  });
});

describe('POST /api/clients/{client_id}/rotate-secret', () => {
  test('answers with the new secret; the old one stops at once', async () => {
    const made = await house.client({ name: 'Rotated', expiry: '2099-01-01T00:00:00Z' });
    expect(await tokenStatus(made)).toBe(200);
    const answer = await house.manage(`${path(made)}/rotate-secret`, { method: 'POST' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toEqual({
      ...made,
      client_secret: expect.stringMatching(/^bst_secret_[0-9A-Za-z]{49}$/),
      warnings: [],
    });
    expect(answer.body.client_secret).not.toBe(made.client_secret);
    expect([await tokenStatus(made), await tokenStatus(answer.body)]).toEqual([401, 200]);
    expect((await house.audit(`client:${made.client_id}`)).at(-1)).toMatchObject({
      action: 'client.secret_rotated',
      detail: {
        from: [`bst_secret_…${made.client_secret.slice(-4)}`],
        to: `bst_secret_…${answer.body.client_secret.slice(-4)}`,
      },
    });
    expect((await house.manage(path(made))).body.credentials).toHaveLength(1);
  });

  test('a chosen secret that was right a moment ago stops as well', async () => {
    const made = await house.client({ client_secret: 'chosen by somebody' });
    expect(await tokenStatus(made)).toBe(200);
    await house.manage(`${path(made)}/rotate-secret`, { method: 'POST' });
    expect(await tokenStatus(made)).toBe(401);
  });

  test('many at once leave one secret that works: the last', async () => {
    const made = await house.client();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => house.manage(`${path(made)}/rotate-secret`, { method: 'POST' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const working = await Promise.all(answers.map(({ body }) => tokenStatus(body)));
    expect(working.filter((status) => status === 200)).toHaveLength(1);
    expect(await house.sql('SELECT 1 FROM credential WHERE client_id = $1', [made.client_id])).toHaveLength(1);
  });

  test('of no client is 404', async () => {
    expect((await house.manage('/api/clients/nobody/rotate-secret', { method: 'POST' })).status).toBe(404);
  });
});

describe('DELETE /api/clients/{client_id}', () => {
  test('is 204 without a body; client, secret and tokens are gone at once, and the id is never free again', async () => {
    const made = await house.client({ client_id: 'deleted-once', name: 'Deleted' });
    const token = await house.accessToken(made);
    const answer = await house.manage(path(made), { method: 'DELETE' });
    expect([answer.status, answer.body]).toEqual([204, null]);
    expect([await tokenStatus(made), await house.isActive(token)]).toEqual([401, false]);
    expect(await house.sql('SELECT 1 FROM credential WHERE client_id = $1', [made.client_id])).toEqual([]);
    for (const [method, at] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/rotate-secret'],
      ['GET', '/tokens-per-hour'],
    ]) {
      const again = await house.manage(`${path(made)}${at}`, {
        method,
        ...(method === 'PATCH' && { body: { name: 'x' } }),
      });
      expect([method, at, again.status]).toEqual([method, at, 404]);
    }
    const create = await house.manage('/api/clients', { body: { client_id: made.client_id, scopes: ['read'] } });
    expect([create.status, create.body.code]).toEqual([409, 'duplicate_client_id']);
    expect(await actions(made)).toEqual(['client.created', 'client.deleted']);
  });

  test('twice at once: one 204, one 404, one record', async () => {
    const made = await house.client();
    const answers = await Promise.all([1, 2].map(() => house.manage(path(made), { method: 'DELETE' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    expect(await actions(made)).toEqual(['client.created', 'client.deleted']);
  });
});

describe('GET /api/clients/{client_id}/tokens-per-hour', () => {
  test('counts every token of this client, in as many hours as asked', async () => {
    const [made, other] = [await house.client(), await house.client()];
    for (let count = 0; count < 7; count++) await house.accessToken(made);
    await house.accessToken(other);
    const { waitFor } = await import('@bastionary/testing/wait-for');
    const issued = async () => (await house.manage(path(made))).body;
    await waitFor('the counts to be written', async () => (await issued()).tokens_issued === '7');
    expect((await issued()).last_token_at).toMatch(/Z$/);
    const { body } = await house.manage(`${path(made)}/tokens-per-hour?hours=3`);
    expect(body.data).toHaveLength(3);
    expect(body.data.reduce((sum: number, { issued: one }: { issued: string }) => sum + Number(one), 0)).toBe(7);
    expect((await house.manage(`${path(made)}/tokens-per-hour?hours=0`)).status).toBe(422);
  });
});
