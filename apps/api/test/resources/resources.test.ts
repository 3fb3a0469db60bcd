import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

let made = 0;
const scope = (name: string, description = `May ${name}`) => ({ name, description, feature: null });
/** A resource with the scopes `<n>:see` and `<n>:do`. */
const create = async (body: Record<string, unknown> = {}) => {
  const own = `r${++made}`;
  const answer = await house.manage('/api/resources', {
    body: { identifier: `https://${own}.example/`, scopes: [scope(`${own}:see`), scope(`${own}:do`)], ...body },
  });
  expect(answer.status).toBe(201);
  return { own, ...answer.body };
};
const path = ({ id }: { id: string }) => `/api/resources/${id}`;
const change = (one: { id: string }, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  house.manage(path(one), { method: 'PATCH', body, headers });
const remove = (one: { id: string }, headers: Record<string, string> = {}) =>
  house.manage(path(one), { method: 'DELETE', headers });
const problem = (answer: { status: number; body: { code: string; detail: string; errors?: unknown } }) => {
  const { code, detail, errors } = answer.body;
  return { status: answer.status, code, detail, ...(errors === undefined ? {} : { errors }) };
};
const all = async () => {
  const tables =
    'SELECT (SELECT json_agg(r ORDER BY id) FROM resource r) r, (SELECT json_agg(s ORDER BY name) FROM scope s) s';
  return { ...(await house.written()), tables: await house.sql(tables) };
};

describe('GET /api/resources', () => {
  test('a fresh installation has two, whole', async () => {
    const { status, body } = await house.manage('/api/resources');
    expect(status).toBe(200);
    const [first, management] = body.data;
    expect(first).toEqual({
      id: expect.stringMatching(/^res_[0-9a-z]{26}$/),
      identifier: 'urn:bastionary:default',
      name: 'Default API',
      scopes: [scope('read', 'Read from your API'), scope('write', 'Write to your API')],
      access_token_ttl: null,
      access_token_format: null,
      dpop_required: false,
      introspection_clients: [],
      built_in: false,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect([management.identifier, management.built_in]).toEqual(['urn:bastionary:management', true]);
  });
});

describe('POST /api/resources', () => {
  test('makes one, whole, with a record; its scopes can be given and asked for at once', async () => {
    const introspector = await house.client();
    const answer = await house.manage('/api/resources', {
      body: {
        identifier: 'https://pay.example/v1',
        name: ' Payments ',
        scopes: [scope('pay:write'), scope('pay:read')],
        access_token_ttl: 120,
        access_token_format: 'jwt',
        dpop_required: false,
        introspection_clients: [introspector.client_id],
      },
    });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^res_/),
        identifier: 'https://pay.example/v1',
        name: 'Payments',
        scopes: [scope('pay:read'), scope('pay:write')],
        access_token_ttl: 120,
        access_token_format: 'jwt',
        dpop_required: false,
        introspection_clients: [introspector.client_id],
        built_in: false,
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
    const { id, identifier, built_in, created_at, updated_at, ...detail } = answer.body;
    expect(await house.audit(`resource:${identifier}`)).toEqual([
      { actor: `client:${house.api.admin.client_id}`, action: 'resource.created', detail },
    ]);
    expect((await house.manage(`/api/resources/${id}`)).body).toEqual(answer.body);

    const client = await house.client({ scopes: ['pay:read'] });
    const { body } = await house.form('token', { grant_type: 'client_credentials', resource: identifier }, client);
    const [, claims = ''] = body.access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: identifier,
      scope: 'pay:read',
    });
  });

  test('nothing but an identifier is enough; the name is that', async () => {
    const { body } = await house.manage('/api/resources', { body: { identifier: 'urn:bare' } });
    expect(body).toMatchObject({ identifier: 'urn:bare', name: 'urn:bare', scopes: [], introspection_clients: [] });
  });

  test('a retry with its Idempotency-Key makes no second one', async () => {
    const again = () =>
      house.manage('/api/resources', {
        body: { identifier: 'urn:once', scopes: [scope('once')] },
        headers: { 'idempotency-key': 'once' },
      });
    const [one, two] = await Promise.all([again(), again()]);
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    expect((await house.audit('resource:urn:once')).map(({ action }) => action)).toEqual(['resource.created']);
  });

  test('of ten at once with one identifier, or one scope, one is made', async () => {
    const post = (body: Record<string, unknown>) => house.manage('/api/resources', { body });
    const same = await Promise.all(Array.from({ length: 10 }, () => post({ identifier: 'urn:race' })));
    expect(same.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    const rival = (index: number) => ({
      identifier: `urn:rival:${index}`,
      scopes: (index % 2 ? ['rival:a', 'rival:b'] : ['rival:b', 'rival:a']).map((name) => scope(name)),
    });
    const rivals = await Promise.all(Array.from({ length: 10 }, (_, index) => post(rival(index))));
    expect(rivals.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  });

  test('a taken identifier', async () => {
    const taken = await create();
    const before = await all();
    const answer = await house.manage('/api/resources', { body: { identifier: taken.identifier } });
    expect(problem(answer)).toEqual({
      status: 409,
      code: 'duplicate_resource',
      detail: `There is a resource ${taken.identifier} already. GET /api/resources lists it.`,
      errors: [{ path: '/identifier', code: 'duplicate_resource', message: 'is taken' }],
    });
    expect(await all()).toEqual(before);
  });

  test('a taken scope names its owner and its place; the rest is not made either', async () => {
    const before = await all();
    const body = { identifier: 'urn:greedy', scopes: [scope('new-one'), scope('read'), scope('keys:read')] };
    expect(problem(await house.manage('/api/resources', { body }))).toEqual({
      status: 409,
      code: 'duplicate_scope',
      detail: expect.stringMatching(/^Scope names are unique in the installation; taken: .*\. Choose others/),
      errors: [
        { path: '/scopes/1/name', code: 'duplicate_scope', message: 'belongs to urn:bastionary:default' },
        { path: '/scopes/2/name', code: 'duplicate_scope', message: 'belongs to urn:bastionary:management' },
      ],
    });
    expect(await all()).toEqual(before);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no identifier', {}, '/identifier'],
    ['a relative identifier', { identifier: 'api' }, '/identifier'],
    ['a fragment', { identifier: 'https://a.example/#x' }, '/identifier'],
    ['a space', { identifier: 'https://a.example/ x' }, '/identifier'],
    ['a scope with a space', { identifier: 'urn:x', scopes: [scope('a b')] }, '/scopes/0/name'],
    ['a scope without description', { identifier: 'urn:x', scopes: [{ name: 'a' }] }, '/scopes/0/description'],
    ['a scope twice', { identifier: 'urn:x', scopes: [scope('a'), scope('a')] }, '/scopes'],
    ['too short a life', { identifier: 'urn:x', access_token_ttl: 1 }, '/access_token_ttl'],
    ['too long a life', { identifier: 'urn:x', access_token_ttl: 86_401 }, '/access_token_ttl'],
    ['an unknown format', { identifier: 'urn:x', access_token_format: 'paseto' }, '/access_token_format'],
    ['a client that is none', { identifier: 'urn:x', introspection_clients: ['nobody'] }, '/introspection_clients/0'],
    ['a name with a control character', { identifier: 'urn:x', name: 'a\u0000' }, '/name'],
    ['an unknown field', { identifier: 'urn:x', built_in: true }, '/built_in'],
  ])('%s is 422 and named; nothing is made', async (_what, body, fault) => {
    const before = await all();
    const answer = await house.manage('/api/resources', { body });
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([422, 'invalid_request', fault]);
    expect(await all()).toEqual(before);
  });
});

describe('PATCH /api/resources/{id}', () => {
  test('changes what it names, with the differences on record and a new ETag', async () => {
    const one = await create();
    const read = await house.manage(path(one));
    expect(read.headers.get('etag')).toBe('"v1"');
    const scopes = [scope(`${one.own}:see`, 'Other words'), scope(`${one.own}:more`)];
    const answer = await change(one, { name: 'New', access_token_ttl: 60, scopes }, { 'if-match': '"v1"' });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"v2"']);
    const sorted = [scope(`${one.own}:more`), scope(`${one.own}:see`, 'Other words')];
    expect(answer.body).toEqual({
      ...read.body,
      name: 'New',
      access_token_ttl: 60,
      scopes: sorted,
      updated_at: expect.any(String),
    });
    expect(answer.body.updated_at > read.body.updated_at).toBe(true);
    expect((await house.audit(`resource:${one.identifier}`)).at(-1)).toEqual({
      actor: `client:${house.api.admin.client_id}`,
      action: 'resource.changed',
      detail: {
        name: { from: one.identifier, to: 'New' },
        access_token_ttl: { from: null, to: 60 },
        scopes: { from: read.body.scopes, to: sorted },
      },
    });
    expect((await house.manage(path(one))).body).toEqual(answer.body);
    expect((await change(one, { access_token_ttl: null })).body.access_token_ttl).toBeNull();
  });

  test('what stays the same is not written', async () => {
    const one = await create();
    const before = await all();
    const { identifier, id, own, built_in, created_at, updated_at, ...same } = one;
    expect((await change(one, same)).body).toEqual({ identifier, id, built_in, created_at, updated_at, ...same });
    expect(await all()).toEqual(before);
  });

  test('a version that has passed is 412, one that is none too', async () => {
    const one = await create();
    await change(one, { name: 'Somebody else was here' });
    const before = await all();
    for (const version of ['"v1"', 'v1', '*x']) {
      const answer = await change(one, { name: 'Late' }, { 'if-match': version });
      expect([answer.status, answer.body.code]).toEqual([412, 'version_mismatch']);
    }
    expect((await remove(one, { 'if-match': '"v1"' })).status).toBe(412);
    expect(await all()).toEqual(before);
  });

  test('of ten changes of one version at once, one wins', async () => {
    const one = await create();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => change(one, { name: `Name ${index}` }, { 'if-match': '"v1"' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  });

  test('a scope that clients hold stays: up to five are named, all are counted', async () => {
    const one = await create();
    const held = `${one.own}:do`;
    const ids = Array.from({ length: 7 }, (_, index) => `${one.own}-${index}`);
    for (const client_id of ids) await house.client({ client_id, scopes: [held] });
    await house.manage(`/api/clients/${ids[1]}`, { method: 'PATCH', body: { status: 'suspended' } });
    const before = await all();
    const taken = await change(one, { scopes: [scope(`${one.own}:see`)], name: 'Not either' });
    expect(problem(taken)).toEqual({
      status: 409,
      code: 'scope_in_use',
      detail: `${held} is held by 7 clients: ${ids.slice(0, 5).join(', ')} and 2 more. Take the scope from them first.`,
    });
    expect(problem(await remove(one))).toEqual({
      status: 409,
      code: 'scope_in_use',
      detail: `Some of ${held}, ${one.own}:see are held by 7 clients: ${ids.slice(0, 5).join(', ')} and 2 more. Take the scope from them first.`,
    });
    expect(await all()).toEqual(before);

    for (const id of ids.slice(1)) await house.manage(`/api/clients/${id}`, { method: 'DELETE' });
    expect(problem(await change(one, { scopes: [] })).detail).toBe(
      `Some of ${held}, ${one.own}:see are held by the client ${ids[0]}. Take the scope from them first.`,
    );
    await house.manage(`/api/clients/${ids[0]}`, { method: 'DELETE' });
    expect((await change(one, { scopes: [] })).body.scopes).toEqual([]);
  });

  test('a scope is not removed while a client is just being given it', async () => {
    for (let round = 0; round < 10; round++) {
      const one = await create();
      const [given, taken] = await Promise.all([
        house.manage('/api/clients', { body: { scopes: [`${one.own}:do`] } }),
        change(one, { scopes: [] }),
      ]);
      // Whoever comes second is told no; never do both succeed.
      expect([`${given.status} ${taken.status}`]).toEqual([expect.stringMatching(/^(201 409|422 200)$/)]);
    }
  });

  test('the management API: token settings change, scopes do not', async () => {
    const { body } = await house.manage('/api/resources');
    const management = body.data.find(({ built_in }: { built_in: boolean }) => built_in);
    const before = await all();
    for (const scopes of [[], [...management.scopes, scope('more')], [{ ...management.scopes[0], description: 'x' }]]) {
      expect(problem(await change(management, { scopes }))).toMatchObject({
        status: 422,
        code: 'invalid_request',
        errors: [{ path: '/scopes', code: 'built_in' }],
      });
    }
    expect(problem(await remove(management))).toMatchObject({ status: 409, code: 'resource_in_use' });
    expect(await all()).toEqual(before);
    const changed = await change(management, { access_token_ttl: 600, scopes: management.scopes });
    expect([changed.status, changed.body.access_token_ttl]).toEqual([200, 600]);
    expect((await change(management, { access_token_ttl: null })).status).toBe(200);
  });

  test.each([{}, { identifier: 'urn:other' }, { built_in: true }, { dpop_required: null }, { name: '' }])(
    '%j is 422',
    async (body) => {
      const one = await create();
      const before = await all();
      expect((await change(one, body)).status).toBe(422);
      expect(await all()).toEqual(before);
    },
  );
});

describe('DELETE /api/resources/{id}', () => {
  test('it and its scopes are gone, with a record; the scopes may be used again', async () => {
    const one = await create();
    const deleted = await remove(one);
    expect([deleted.status, deleted.body]).toEqual([204, null]);
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { body: { name: 'x' } } : {};
      expect(problem(await house.manage(path(one), { method, ...body }))).toMatchObject({
        status: 404,
        code: 'not_found',
      });
    }
    const records = await house.audit(`resource:${one.identifier}`);
    expect(records.map(({ action }) => action)).toEqual([
      'resource.created',
      'tokens.revoked_by_resource',
      'resource.deleted',
    ]);
    expect(records.at(-1)?.detail).toEqual({ name: one.identifier, scopes: [`${one.own}:do`, `${one.own}:see`] });
    await create({ identifier: one.identifier, scopes: one.scopes });
  });

  test('one that a client names among its resources stays', async () => {
    const one = await create();
    const client = await house.client();
    await house.sql('UPDATE client SET resources = $1 WHERE client_id = $2', [
      JSON.stringify([one.identifier]),
      client.client_id,
    ]);
    const before = await all();
    expect(problem(await remove(one))).toEqual({
      status: 409,
      code: 'resource_in_use',
      detail: `${one.identifier} is among the resources of the client ${client.client_id}. Take it from them first.`,
    });
    expect(await all()).toEqual(before);
  });
});
