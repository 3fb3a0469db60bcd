import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import { reasonOf } from './signing.js';

// What a refresh token is bounded by: its scope, its family's end, its client; and that a family has one line of descent.
const GRANT = { grant_type: 'client_credentials' };
const opted = { grant_types: ['client_credentials', 'refresh_token'] };
let a: House;
let b: House;
let client: MadeClient;
beforeAll(async () => {
  a = await House.open({ env: { FAILURES_PER_MINUTE: '10000' } });
  b = await a.beside();
  client = await a.client(opted);
});
afterAll(async () => {
  await b.close();
  await a.close();
});

const start = async (of = client, form: Record<string, string> = {}) =>
  (await a.form('token', { ...GRANT, ...form }, of)).body;
const refresh = (token: string, of = client, form: Record<string, string> = {}, house = a) =>
  house.form('token', { grant_type: 'refresh_token', refresh_token: token, ...form }, of);
const expectGone = (answer: Awaited<ReturnType<typeof refresh>>) => expectOAuthError(answer, 400, 'invalid_grant');
const change = (of: MadeClient, body: Record<string, unknown>) =>
  a.manage(`/api/clients/${of.client_id}`, { method: 'PATCH', body });

describe('N16, statement 50: scope', () => {
  test('narrowing reaches the signed claim; the successor keeps what was granted first', async () => {
    const { refresh_token } = await start();
    const narrow = (await refresh(refresh_token, client, { scope: 'read' })).body;
    expect([narrow.scope, claimsOf(narrow.access_token).scope]).toEqual(['read', 'read']);
    expect((await refresh(narrow.refresh_token)).body.scope).toBe('read write');
  });

  test('widening is invalid_scope, also to what the client has otherwise, and uses nothing up', async () => {
    const { refresh_token } = await start(client, { scope: 'read' });
    for (const scope of ['read write', 'write', 'nonsense', 'clients:read']) {
      expectOAuthError(await refresh(refresh_token, client, { scope }), 400, 'invalid_scope');
    }
    expect((await refresh(refresh_token)).body.scope).toBe('read');
  });

  test("the client's scopes narrowed after the grant: so is what is left of it", async () => {
    const made = await a.client(opted);
    const { refresh_token } = await start(made);
    await change(made, { scopes: ['read'] });
    expectOAuthError(await refresh(refresh_token, made, { scope: 'write' }), 400, 'invalid_scope');
    const narrow = (await refresh(refresh_token, made)).body;
    expect([narrow.scope, claimsOf(narrow.access_token).scope]).toEqual(['read', 'read']);
    await change(made, { scopes: ['write'] });
    expect((await refresh(narrow.refresh_token, made)).body.scope).toBe('write');
  });

  test("the client's scopes widened after the grant: nothing is added", async () => {
    const made = await a.client({ ...opted, scopes: ['read'] });
    const { refresh_token } = await start(made);
    await change(made, { scopes: ['read', 'write'] });
    expect((await refresh(refresh_token, made)).body.scope).toBe('read');
  });

  test('RFC 8707: a resource that was not granted is invalid_target', async () => {
    const { refresh_token } = await start();
    const elsewhere = { resource: 'https://elsewhere.example' };
    expectOAuthError(await refresh(refresh_token, client, elsewhere), 400, 'invalid_target');
    const here = await refresh(refresh_token, client, { resource: 'urn:bastionary:default' });
    expect(claimsOf(here.body.access_token).aud).toBe('urn:bastionary:default');
  });
});

describe('N24, statement 53: an end that no rotation moves', () => {
  test('the family ends when the first token said; its access tokens never outlive it', async () => {
    const made = await a.client({ ...opted, refresh_token_ttl: 60 });
    const first = await start(made);
    expect(first.expires_in).toBeLessThanOrEqual(60);
    const end = () => a.sql('SELECT expires_at, created_at FROM refresh_family WHERE client_id = $1', [made.client_id]);
    const [before] = await end();
    expect(before.expires_at - before.created_at).toBe(60_000);
    let token = first.refresh_token;
    for (let round = 0; round < 3; round++) {
      const { body } = await refresh(token, made);
      expect(claimsOf(body.access_token).exp * 1_000).toBeLessThanOrEqual(before.expires_at.getTime());
      token = body.refresh_token;
    }
    expect(await end()).toEqual([before]);
  });

  test('after it the token is refused, and the owner sees why', async () => {
    const { refresh_token, access_token } = await start();
    await a.sql("UPDATE refresh_family SET expires_at = now() - interval '5 seconds' WHERE id = $1", [
      claimsOf(access_token).fam,
    ]);
    const refused = await refresh(refresh_token);
    expectGone(refused);
    expect((await reasonOf(a, refused)).code).toBe('refresh_expired');
  });

  test('it is never later than the expiry of the client', async () => {
    const expiry = new Date(Date.now() + 3_600_000).toISOString();
    const made = await a.client({ ...opted, expiry });
    await start(made);
    const rows = await a.sql('SELECT expires_at FROM refresh_family WHERE client_id = $1', [made.client_id]);
    expect(rows.map(({ expires_at }) => expires_at.toISOString())).toEqual([expiry]);
  });
});

describe('statement 58: revocation', () => {
  test('of a refresh token kills its family, access tokens included, at every process; once more changes nothing', async () => {
    const first = await start();
    const second = (await refresh(first.refresh_token)).body;
    expect(await b.isActive(second.access_token)).toBe(true);
    const revoke = () => a.form('revoke', { token: second.refresh_token, token_type_hint: 'access_token' }, client);
    expect((await revoke()).status).toBe(200);
    for (const { access_token, refresh_token } of [first, second]) {
      expect(await a.isActive(access_token)).toBe(false);
      await waitFor('the other process to know', async () => !(await b.isActive(access_token)), { within: 2_000 });
      expectGone(await refresh(refresh_token, client, {}, b));
    }
    const audit = () => a.sql('SELECT count(*) FROM audit_log');
    const before = await audit();
    expect((await revoke()).status).toBe(200);
    expect(await audit()).toEqual(before);
  });

  test('of an access token leaves its refresh token alive', async () => {
    const { access_token, refresh_token } = await start();
    await a.form('revoke', { token: access_token }, client);
    expect(await a.isActive(access_token)).toBe(false);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test("of another client's refresh token does nothing", async () => {
    const other = await a.client(opted);
    const { access_token, refresh_token } = await start();
    expect((await a.form('revoke', { token: refresh_token }, other)).status).toBe(200);
    expect(await a.isActive(access_token)).toBe(true);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test('racing with refreshes: whatever they still give is dead', async () => {
    for (let round = 0; round < 10; round++) {
      const { refresh_token } = await start();
      const revoke = () => a.form('revoke', { token: refresh_token }, client);
      const [before, revoked, after] = await Promise.all([
        Promise.all([refresh(refresh_token), refresh(refresh_token, client, {}, b)]),
        revoke(),
        Promise.all([refresh(refresh_token), refresh(refresh_token, client, {}, b)]),
      ]);
      expect(revoked.status).toBe(200);
      for (const { status, body } of [...before, ...after]) {
        expect([200, 400]).toContain(status);
        if (status !== 200) continue;
        for (const house of [a, b]) {
          await waitFor('it to be dead', async () => !(await house.isActive(body.access_token)), { within: 2_000 });
        }
        expectGone(await refresh(body.refresh_token));
      }
    }
  });
});

describe('N23: a client that may not act', () => {
  test('suspended it refreshes nothing and its tokens are dead; resumed it goes on', async () => {
    const made = await a.client(opted);
    const { access_token, refresh_token } = await start(made);
    await change(made, { status: 'suspended' });
    expectOAuthError(await refresh(refresh_token, made), 401, 'invalid_client');
    expect(await a.isActive(access_token)).toBe(false);
    await change(made, { status: 'active' });
    expect((await refresh(refresh_token, made)).status).toBe(200);
  });

  test.each(['client', 'credential'])(
    'everything of the %s revoked: refresh tokens from before are dead',
    async (by) => {
      const made = await a.client(opted);
      const { access_token, refresh_token } = await start(made);
      const shown = (await a.manage(`/api/clients/${made.client_id}`)).body;
      const body = { by, id: by === 'client' ? made.client_id : shown.credentials[0].id };
      expect((await a.manage('/api/revocations', { body })).status).toBe(200);
      const { client_id, client_secret } = made;
      expectGone(await refresh(refresh_token, made));
      await waitFor(
        'the other process to know',
        async () => (await refresh(refresh_token, made, {}, b)).status === 400,
        { within: 2_000 },
      );
      const seen = await a.form('introspect', { token: access_token }, { client_id, client_secret });
      expect(seen.body).toEqual({ active: false });
      expect((await refresh((await start(made)).refresh_token, made)).status).toBe(200);
    },
  );
});

describe('N17, statement 52: at once', () => {
  test.each<[string, number]>([
    ['at one process', 1],
    ['at two processes', 2],
  ])('100 refreshes of one token %s: one line of descent', async (_where, processes) => {
    const first = await start();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        refresh(first.refresh_token, client, {}, index % processes === 0 ? a : b),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(100);
    const stored = await a.sql('SELECT used_at FROM refresh_token WHERE family_id = $1', [
      claimsOf(first.access_token).fam,
    ]);
    expect([stored.length, stored.filter(({ used_at }) => used_at === null).length]).toEqual([2, 1]);
    expect((await refresh(answers[0]?.body.refresh_token)).status).toBe(200);
  });

  test('REFRESH_RETRIES_MAX: more retries than that are refused, and take nobody down', async () => {
    const { refresh_token, access_token } = await start();
    const { refresh_token: successor } = (await refresh(refresh_token)).body;
    await a.sql('UPDATE refresh_token SET retries = 100 WHERE family_id = $1', [claimsOf(access_token).fam]);
    const refused = await refresh(refresh_token);
    expectGone(refused);
    expect((await reasonOf(a, refused)).code).toBe('refresh_retries');
    expect(await a.isActive(access_token)).toBe(true);
    expect((await refresh(successor)).status).toBe(200);
  });
});
