import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const create = (body: unknown) => house.manage('/api/clients', { body });

describe('POST /api/clients', () => {
  test('takes scopes alone: id and secret are generated, and the whole answer is this', async () => {
    const answer = await create({ scopes: ['read'] });
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('content-type')]).toEqual([
      201,
      'no-store',
      'application/json; charset=utf-8',
    ]);
    const { client_id } = answer.body;
    expect(answer.body).toEqual({
      client_id: expect.stringMatching(/^cli_[0-9a-hjkmnp-tv-z]{26}$/),
      client_secret: expect.stringMatching(/^bst_secret_[0-9A-Za-z]{49}$/),
      name: client_id,
      scopes: ['read'],
      expiry: null,
      status: 'active',
      created_at: expect.stringMatching(INSTANT),
      warnings: [],
    });
  });

  test('takes everything at once, and keeps it as it was given', async () => {
    const body = {
      client_id: 'Billing-export_1.0~x',
      client_secret: 'a chosen secret of more than thirty-two characters',
      name: '  Zoë’s exporter <b>&amp;</b> \u{1f4b6} ',
      scopes: ['write', 'read', 'write'],
      expiry: '2099-06-30T12:00:00+02:00',
    };
    const answer = await create(body);
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        client_id: body.client_id,
        client_secret: body.client_secret,
        name: 'Zoë’s exporter <b>&amp;</b> \u{1f4b6}',
        scopes: ['write', 'read'],
        expiry: '2099-06-30T10:00:00Z',
        status: 'active',
        created_at: expect.stringMatching(INSTANT),
        warnings: [{ code: 'chosen_client_secret', message: expect.stringContaining('rotate') }],
      },
    ]);
    const { client_secret, warnings, ...shown } = answer.body;
    expect((await house.manage(`/api/clients/${body.client_id}`)).body).toMatchObject(shown);
    expect(await house.accessToken(answer.body)).toMatch(/^eyJ/);
  });

  test('the secret is in this answer only: no other answer has it, or any part but the hint', async () => {
    const { client_id, client_secret } = await house.client();
    const reads = ['', `/${client_id}`, `?search=${client_id}`].map((path) => house.manage(`/api/clients${path}`));
    for (const { status, body } of await Promise.all(reads)) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(client_secret.slice(0, 20));
    }
    expect((await house.manage(`/api/clients/${client_id}`)).body.credentials).toEqual([
      {
        id: expect.stringMatching(/^crd_/),
        kind: 'secret',
        hint: `bst_secret_…${client_secret.slice(-4)}`,
        generated: true,
        created_at: expect.stringMatching(INSTANT),
        label: null,
        kid: null,
        public_jwk: null,
        jwks_uri: null,
        status: 'active',
        not_before: null,
        expires_at: null,
        last_used_at: null,
        last_used_address: null,
        use_count: '0',
      },
    ]);
  });

  test('leaves one record: who, what, the hint of the secret', async () => {
    const { client_id, client_secret } = await house.client({ name: 'Recorded', expiry: '2099-01-01T00:00:00Z' });
    expect(await house.audit(`client:${client_id}`)).toEqual([
      {
        actor: `client:${house.api.admin.client_id}`,
        action: 'client.created',
        detail: {
          name: 'Recorded',
          scopes: ['read', 'write'],
          expiry: '2099-01-01T00:00:00Z',
          credential: `bst_secret_…${client_secret.slice(-4)}`,
        },
      },
    ]);
  });

  test('an expiry of null is none', async () => {
    expect((await create({ scopes: ['read'], expiry: null })).body.expiry).toBeNull();
  });

  test.each([
    ['the shortest id', { client_id: 'a' }],
    ['the longest id', { client_id: 'a'.repeat(128) }],
    ['the shortest secret', { client_secret: '12345678' }],
    ['the longest secret', { client_secret: 's'.repeat(256) }],
    ['the longest name', { name: 'n'.repeat(200) }],
    ['milliseconds', { expiry: '2099-01-01T00:00:00.123Z' }],
    ['the last instant', { expiry: '9999-12-31T23:59:59Z' }],
    [
      'every scope there is',
      {
        scopes: [
          'read',
          'write',
          'clients:read',
          'clients:write',
          'tokens:read',
          'tokens:introspect',
          'tokens:write',
          'keys:read',
          'keys:write',
          'audit:read',
        ],
      },
    ],
    ['a name in another script', { name: 'クライアント' }],
    ['a name that looks like a statement', { name: "'; DROP TABLE client; --" }],
  ])('takes %s', async (_what, part) => {
    const answer = await create({ scopes: ['read'], ...part });
    expect([answer.status, answer.body]).toEqual([201, expect.objectContaining(part)]);
    expect((await house.manage(`/api/clients/${answer.body.client_id}`)).status).toBe(200);
  });

  test('two that differ only in case are two', async () => {
    const [lower, upper] = [
      await house.client({ client_id: 'case-matters' }),
      await house.client({ client_id: 'CASE-MATTERS' }),
    ];
    expect(
      (await house.form('token', 'grant_type=client_credentials', { ...lower, client_secret: upper.client_secret }))
        .status,
    ).toBe(401);
  });

  test('twenty of one id at once: one is made', async () => {
    const untilTold = async () => {
      // On a busy machine some wait too long for a connection, and are told to come again.
      const answer = await waitFor('an answer', async () => {
        const one = await create({ client_id: 'race', scopes: ['read'] });
        return one.status !== 503 && one;
      });
      return answer;
    };
    const answers = await Promise.all(Array.from({ length: 20 }, untilTold));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    const made = answers.find(({ status }) => status === 201);
    expect(await house.accessToken(made?.body)).toMatch(/^eyJ/);
    expect((await house.audit('client:race')).length).toBe(1);
    expect(await house.sql('SELECT 1 FROM credential WHERE client_id = $1', ['race'])).toHaveLength(1);
  });
});
