import { generateKeyPairSync } from 'node:crypto';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const DAY = 86_400_000;
let house: House;
beforeAll(async () => {
  house = await House.open({ env: { USAGE_FLUSH_MS: '50', CREDENTIALS_PER_CLIENT_MAX: '5' } });
});
afterAll(() => house.close());

const path = (made: MadeClient, at = '') => `/api/clients/${made.client_id}/credentials${at}`;
const list = async (made: MadeClient) => (await house.manage(path(made))).body.data;
const add = (made: MadeClient, body: unknown, headers: Record<string, string> = {}) =>
  house.manage(path(made), { body, headers });
const remove = (made: MadeClient, id: string, query = '') =>
  house.manage(path(made, `/${id}${query}`), { method: 'DELETE' });
const patch = (made: MadeClient, id: string, body: unknown) =>
  house.manage(path(made, `/${id}`), { method: 'PATCH', body });
const status = async (made: MadeClient, secret = made.client_secret) =>
  (await house.form('token', 'grant_type=client_credentials', { ...made, client_secret: secret })).status;
const records = async (made: MadeClient) =>
  (await house.audit(`client:${made.client_id}`)).filter(({ action }) => action.startsWith('credential.'));
const used = (made: MadeClient, id: string) =>
  waitFor('the use to be written', async () =>
    (await list(made)).find((one: { id: string; last_used_at: string | null }) => one.id === id && one.last_used_at),
  );
const publicJwk = (type: 'ec' | 'ed25519' = 'ec', extra: Record<string, unknown> = {}) => {
  const { publicKey } =
    type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return { ...publicKey.export({ format: 'jwk' }), ...extra };
};

describe('POST and GET …/credentials', () => {
  test('a generated secret: shown once, works at once, beside the first', async () => {
    const made = await house.client();
    const answer = await add(made, { kind: 'secret', label: '  ci ' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { client_secret: secret, ...shown } = answer.body;
    expect(secret).toMatch(/^bst_secret_[0-9A-Za-z]{49}$/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^crd_/),
      kind: 'secret',
      label: 'ci',
      hint: `bst_secret_…${secret.slice(-4)}`,
      generated: true,
      kid: null,
      public_jwk: null,
      jwks_uri: null,
      status: 'active',
      not_before: null,
      expires_at: null,
      created_at: expect.stringMatching(INSTANT),
      last_used_at: null,
      last_used_address: null,
      use_count: '0',
    });
    const listed = await house.manage(path(made));
    expect([listed.status, listed.body.data.length, listed.body.data[1]]).toEqual([200, 2, shown]);
    expect(JSON.stringify(listed.body)).not.toContain(secret.slice(0, 20));
    expect([await status(made), await status(made, secret)]).toEqual([200, 200]);
    expect((await house.manage(`/api/clients/${made.client_id}`)).headers.get('etag')).toBe('"v2"');
    expect(await records(made)).toEqual([
      {
        actor: `client:${house.api.admin.client_id}`,
        action: 'credential.added',
        detail: {
          credential: shown.id,
          kind: 'secret',
          label: 'ci',
          hint: shown.hint,
          not_before: null,
          expires_at: null,
        },
      },
    ]);
  });

  test('a chosen secret works; the same a second time is refused', async () => {
    const made = await house.client({ client_secret: 'chosen secret number 1' });
    const answer = await add(made, { kind: 'secret', secret: 'chosen secret number 2' });
    expect([answer.status, answer.body.generated]).toEqual([201, false]);
    expect(await status(made, 'chosen secret number 2')).toBe(200);
    const before = await house.written();
    for (const secret of ['chosen secret number 1', 'chosen secret number 2']) {
      const again = await add(made, { kind: 'secret', secret });
      expect([again.status, again.body.errors]).toEqual([
        422,
        [expect.objectContaining({ path: '/secret', code: 'duplicate_secret' })],
      ]);
    }
    expect(await house.written()).toEqual(before);
    const generated = await house.client();
    expect((await add(generated, { kind: 'secret', secret: generated.client_secret })).status).toBe(422);
  });

  test('a public key, of which nothing but the public members is kept', async () => {
    const made = await house.client();
    const jwk = publicJwk('ec', { kid: 'k1', use: 'sig', alg: 'ES256', note: 'dropped' });
    const answer = await add(made, { kind: 'public_key', jwk });
    const { kty, crv, x, y } = jwk as Record<string, string>;
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({
        kind: 'public_key',
        generated: false,
        kid: 'k1',
        public_jwk: { kty, crv, x, y, kid: 'k1' },
      }),
    ]);
    expect(answer.body).not.toHaveProperty('client_secret');
    expect((await list(made))[1]).toEqual(answer.body);
  });

  test('the same key, or another under its kid, is refused; the same kid at another client is not', async () => {
    const [made, other] = [await house.client(), await house.client()];
    const jwk = publicJwk('ec', { kid: 'k1' });
    expect((await add(made, { kind: 'public_key', jwk })).status).toBe(201);
    const before = await house.written();
    for (const [second, at, code] of [
      [jwk, '/jwk', 'duplicate_key'],
      [{ ...jwk, kid: 'another' }, '/jwk', 'duplicate_key'],
      [publicJwk('ed25519', { kid: 'k1' }), '/jwk/kid', 'duplicate_kid'],
    ] as const) {
      const answer = await add(made, { kind: 'public_key', jwk: second });
      expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ path: at, code })]]);
    }
    expect(await house.written()).toEqual(before);
    expect((await add(other, { kind: 'public_key', jwk })).status).toBe(201);
  });

  test.each([
    ['no kind', {}, '/kind'],
    ['an unknown kind', { kind: 'password' }, '/kind'],
    ['an unknown field', { kind: 'secret', digest: 'x' }, '/digest'],
    ['a key for a secret', { kind: 'secret', jwk: {} }, '/jwk'],
    ['no key', { kind: 'public_key' }, '/jwk'],
    ['a short secret', { kind: 'secret', secret: 'short' }, '/secret'],
    ['an empty label', { kind: 'secret', label: ' ' }, '/label'],
    ['a time without offset', { kind: 'secret', expires_at: '2099-01-01T00:00:00' }, '/expires_at'],
    ['an end in the past', { kind: 'secret', expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    [
      'an end before the beginning',
      { kind: 'secret', not_before: '2099-01-01T00:00:00Z', expires_at: '2099-01-01T00:00:00Z' },
      '/expires_at',
    ],
    ['a private key', { kind: 'public_key', jwk: { ...publicJwk(), d: 'AAAA' } }, '/jwk/d'],
    ['a shared key', { kind: 'public_key', jwk: { kty: 'oct', k: 'AAAA' } }, '/jwk/k'],
    ['another curve', { kind: 'public_key', jwk: { kty: 'EC', crv: 'P-521', x: 'AA', y: 'AA' } }, '/jwk/crv'],
    ['a key for encryption', { kind: 'public_key', jwk: publicJwk('ec', { use: 'enc' }) }, '/jwk/use'],
  ])('%s is 422 and changes nothing', async (_what, body, at) => {
    const made = await house.client();
    const before = await house.written();
    const answer = await add(made, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors.map((one: { path: string }) => one.path)).toContain(at);
    expect(await house.written()).toEqual(before);
  });

  test('as many as the limit says, no more', async () => {
    const made = await house.client();
    for (let count = 1; count < 5; count++) expect((await add(made, { kind: 'secret' })).status).toBe(201);
    const before = await house.written();
    const answer = await add(made, { kind: 'secret' });
    expect([answer.status, answer.body.errors[0].code]).toEqual([422, 'too_many_credentials']);
    const rotate = await house.manage(`/api/clients/${made.client_id}/rotate-secret`, {
      body: { overlap_seconds: 60 },
    });
    expect([rotate.status, rotate.body.errors[0].code]).toEqual([422, 'too_many_credentials']);
    expect(await house.written()).toEqual(before);
  });

  test('an Idempotency-Key: a retry gets the same secret, and one credential is made', async () => {
    const made = await house.client();
    const once = () => add(made, { kind: 'secret' }, { 'idempotency-key': `add ${made.client_id}`.replace(' ', '-') });
    const [first, again] = [await once(), await once()];
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await list(made)).toHaveLength(2);
  });

  test('an unknown or deleted client is 404', async () => {
    const made = await house.client();
    await house.manage(`/api/clients/${made.client_id}`, { method: 'DELETE' });
    for (const one of [made, { ...made, client_id: 'nobody' }]) {
      expect((await house.manage(path(one))).status).toBe(404);
      expect((await add(one, { kind: 'secret' })).status).toBe(404);
    }
  });
});

describe('validity', () => {
  test('a secret that is not valid yet, and one that has expired, get no token, as if they were wrong', async () => {
    const made = await house.client();
    const later = await add(made, { kind: 'secret', not_before: new Date(Date.now() + DAY).toISOString() });
    expect([later.body.status, await status(made, later.body.client_secret)]).toEqual(['not_yet_valid', 401]);
    const early = await patch(made, later.body.id, { not_before: null });
    expect([early.body.status, await status(made, later.body.client_secret)]).toEqual(['active', 200]);
    const ended = await patch(made, later.body.id, { expires_at: '2020-01-01T00:00:00Z' });
    expect([ended.body.status, await status(made, later.body.client_secret)]).toEqual(['expired', 401]);
    expect(await status(made)).toBe(200);
  });

  test('a change is recorded from and to; none leaves no record', async () => {
    const made = await house.client();
    const [{ id }] = await list(made);
    const changed = await patch(made, id, { label: 'old', expires_at: '2099-01-01T01:00:00+01:00' });
    expect([changed.status, changed.body.label, changed.body.expires_at]).toEqual([200, 'old', '2099-01-01T00:00:00Z']);
    const before = await house.written();
    expect((await patch(made, id, { label: 'old' })).status).toBe(200);
    expect(await house.written()).toEqual(before);
    expect((await records(made)).map(({ detail }) => detail)).toEqual([
      { credential: id, label: { from: null, to: 'old' }, expires_at: { from: null, to: '2099-01-01T00:00:00Z' } },
    ]);
    expect((await patch(made, id, { not_before: '2099-01-02T00:00:00Z' })).status).toBe(422);
    expect((await patch(made, id, {})).status).toBe(422);
    expect((await patch(made, id, { digest: 'x' })).status).toBe(422);
    expect((await patch(made, 'crd_nobody', { label: 'x' })).status).toBe(404);
  });

  test('the credential of another client is 404', async () => {
    const [made, other] = [await house.client(), await house.client()];
    const [{ id }] = await list(other);
    const answers = [
      await patch(made, id, { label: 'x' }),
      await remove(made, id),
      await house.manage(path(made, `/${id}/retirement`)),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404]);
    expect(await status(other)).toBe(200);
  });
});

describe('DELETE …/credentials/{credential_id}', () => {
  test('one that was never used goes, and its secret with it', async () => {
    const made = await house.client();
    const { id, client_secret: secret } = (await add(made, { kind: 'secret', label: 'spare' })).body;
    const answer = await remove(made, id);
    expect([answer.status, answer.body]).toEqual([204, null]);
    expect([await status(made, secret), await status(made)]).toEqual([401, 200]);
    expect(await remove(made, id)).toMatchObject({ status: 404 });
    expect((await records(made)).at(-1)).toEqual({
      actor: `client:${house.api.admin.client_id}`,
      action: 'credential.deleted',
      detail: { credential: id, kind: 'secret', label: 'spare', hint: `bst_secret_…${secret.slice(-4)}` },
    });
  });

  test('one used in the last hour is 409 and names its user; with force it goes, and the record says so', async () => {
    const made = await house.client();
    const { id, client_secret: secret } = (await add(made, { kind: 'secret', label: 'ci' })).body;
    await house.accessToken({ ...made, client_secret: secret });
    const { last_used_at: at, use_count: count } = await used(made, id);
    expect([at, count]).toEqual([expect.stringMatching(INSTANT), '1']);
    const before = await house.written();
    for (const query of ['', '?force=false']) {
      const refused = await remove(made, id, query);
      expect([refused.status, refused.body.code]).toEqual([409, 'credential_in_use']);
      for (const part of ['‘ci’', at, '127.0.0.1', made.client_id, 'force=true'])
        expect(refused.body.detail).toContain(part);
    }
    expect((await remove(made, id, '?force=perhaps')).status).toBe(422);
    expect(await house.written()).toEqual(before);
    expect((await remove(made, id, '?force=true')).status).toBe(204);
    expect(await status(made, secret)).toBe(401);
    expect((await records(made)).at(-1)?.detail).toMatchObject({
      forced: true,
      last_used_at: at,
      last_used_address: '127.0.0.1',
      uses_last_hour: '1',
    });
  });

  test('one used longer ago goes without force', async () => {
    const made = await house.client();
    const [{ id }] = await list(made);
    await house.sql(
      `INSERT INTO credential_use (credential_id, hour, uses, last_at, address)
       VALUES ($1, date_trunc('hour', now() - interval '61 minutes'), 7, now() - interval '61 minutes', '192.0.2.7')`,
      [id],
    );
    expect(await list(made)).toEqual([expect.objectContaining({ use_count: '7', last_used_address: '192.0.2.7' })]);
    expect((await remove(made, id)).status).toBe(204);
  });

  test('the last usable one may go, and the record warns', async () => {
    const made = await house.client();
    const [{ id }] = await list(made);
    expect((await remove(made, id)).status).toBe(204);
    expect((await records(made)).at(-1)?.detail.warning).toMatch(/no usable credential left/);
    expect([await status(made), (await list(made)).length]).toEqual([401, 0]);
  });
});

describe('rotate-secret with an overlap', () => {
  test('the old secrets work on, and say until when; the new one has the label', async () => {
    const made = await house.client();
    const sooner = new Date(Date.now() + 60_000).toISOString();
    await add(made, { kind: 'secret', label: 'short', expires_at: sooner });
    const asked = Date.now();
    const answer = await house.manage(`/api/clients/${made.client_id}/rotate-secret`, {
      body: { overlap_seconds: 3_600, label: '2027' },
    });
    expect([answer.status, Object.keys(answer.body)]).toEqual([200, Object.keys(made)]);
    const [old, short, fresh] = await list(made);
    const end = Date.parse(old.expires_at);
    expect(end).toBeGreaterThanOrEqual(asked + 3_600_000);
    expect(end).toBeLessThan(Date.now() + 3_600_000);
    expect([short.expires_at, fresh.label, fresh.expires_at]).toEqual([sooner, '2027', null]);
    expect([await status(made), await status(made, answer.body.client_secret)]).toEqual([200, 200]);
    const last = (await house.audit(`client:${made.client_id}`)).at(-1);
    expect([last?.action, last?.detail.overlap_seconds]).toEqual(['client.secret_rotated', 3_600]);
  });

  test('no overlap, or none named, stops the old one at once; keys stay', async () => {
    for (const options of [{ method: 'POST' }, { body: {} }, { body: { overlap_seconds: 0 } }]) {
      const made = await house.client();
      await add(made, { kind: 'public_key', jwk: publicJwk() });
      const answer = await house.manage(`/api/clients/${made.client_id}/rotate-secret`, options);
      expect([answer.status, await status(made), await status(made, answer.body.client_secret)]).toEqual([
        200, 401, 200,
      ]);
      expect((await list(made)).map(({ kind }: { kind: string }) => kind).sort()).toEqual(['public_key', 'secret']);
    }
  });

  test.each([{ overlap_seconds: -1 }, { overlap_seconds: 91 * 86_400 }, { overlap_seconds: 1.5 }, { overlap: 1 }])(
    '%p is 422',
    async (body) => {
      const made = await house.client();
      expect((await house.manage(`/api/clients/${made.client_id}/rotate-secret`, { body })).status).toBe(422);
      expect(await status(made)).toBe(200);
    },
  );
});
