import { dropOpaqueDays, ensureOpaqueDays } from '@bastionary/oauth/actions/opaque-tokens';
import { type Connection, connect } from '@bastionary/prisma/client';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const FORM = /^bst_access_[0-9A-Za-z]{49}$/;
let a: House;
let b: House;
let client: MadeClient;
let token: string;
beforeAll(async () => {
  a = await House.open();
  b = await a.beside();
  client = await a.client({ access_token_format: 'opaque' });
  token = await a.accessToken(client);
});
afterAll(async () => {
  await b.close();
  await a.close();
});

const introspect = async (text: string, house = a) => (await house.form('introspect', { token: text }, client)).body;

describe('an opaque access token', () => {
  test('has the form of the house and says nothing itself', async () => {
    const answer = await a.form('token', { grant_type: 'client_credentials', scope: 'read' }, client);
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(FORM),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'read',
    });
  });

  test('RFC 7662 §2.2: introspection tells of it what a JWT would say', async () => {
    const { client_id } = client;
    const seen = await introspect(token);
    expect(seen).toEqual({
      active: true,
      iss: a.api.url,
      sub: client_id,
      aud: 'urn:bastionary:default',
      client_id,
      scope: 'read write',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{22}$/),
      token_type: 'Bearer',
    });
    expect(seen.exp - seen.iat).toBe(900);
  });

  test('N26: another client sees nothing of it', async () => {
    const other = await a.client({ access_token_format: 'opaque' });
    expect((await a.form('introspect', { token }, other)).body).toEqual({ active: false });
    await a.form('revoke', { token }, other);
    expect((await introspect(token)).active).toBe(true);
  });

  test('the client decides before its resources do', async () => {
    const scope = { name: 'archive:read', description: 'Read the archive' };
    const resource = { identifier: 'urn:archive', name: 'Archive', scopes: [scope], access_token_format: 'opaque' };
    expect((await a.manage('/api/resources', { body: resource })).status).toBe(201);
    const [silent, jwt] = [
      await a.client({ scopes: ['archive:read', 'read'] }),
      await a.client({ scopes: ['archive:read'], access_token_format: 'jwt' }),
    ];
    expect(await a.accessToken(silent, 'archive:read')).toMatch(FORM);
    expect(await a.accessToken(silent, 'archive:read read')).toMatch(FORM);
    expect(await a.accessToken(silent, 'read')).toMatch(/^eyJ/);
    expect(await a.accessToken(jwt)).toMatch(/^eyJ/);
  });

  test('it works at the management API like any other', async () => {
    const manager = await a.client({ scopes: ['clients:read'], access_token_format: 'opaque' });
    expect((await a.manage('/api/clients', { token: await a.accessToken(manager) })).status).toBe(200);
    expect((await a.manage('/api/clients', { token })).status).toBe(401);
  });
});

describe('across processes', () => {
  test('one made at one process is one at the other, and after a restart', async () => {
    const made = await b.accessToken(client);
    expect((await introspect(made)).active).toBe(true);
    await b.close();
    b = await a.beside();
    expect((await introspect(made, b)).active).toBe(true);
  });

  test('revoked at one it is dead at the other within a second, and stays so after a restart', async () => {
    const made = await a.accessToken(client);
    expect((await introspect(made, b)).active).toBe(true);
    expect((await a.form('revoke', { token: made }, client)).status).toBe(200);
    expect(await introspect(made)).toEqual({ active: false });
    await waitFor('the revocation', async () => !(await introspect(made, b)).active, { within: 2_000 });
    await b.close();
    b = await a.beside();
    expect(await introspect(made, b)).toEqual({ active: false });
  });

  test('everything of its client revoked, or the client suspended: dead', async () => {
    const made = await a.client({ access_token_format: 'opaque' });
    const first = await a.accessToken(made);
    await a.manage('/api/revocations', { body: { by: 'client', id: made.client_id } });
    expect(await a.isActive(first)).toBe(false);
    const second = await a.accessToken(made);
    expect(await a.isActive(second)).toBe(true);
    await a.manage(`/api/clients/${made.client_id}`, { method: 'PATCH', body: { status: 'suspended' } });
    expect(await a.isActive(second)).toBe(false);
  });
});

describe('N13: nothing but the very token', () => {
  const expectInactive = async (texts: string[]) => {
    const seen = await Promise.all(texts.map((text) => introspect(text)));
    expect(texts.filter((_, index) => JSON.stringify(seen[index]) !== '{"active":false}')).toEqual([]);
  };

  test('every one-character edit', async () => {
    const edits = [...token].flatMap((letter, index) =>
      ['0', 'a', 'Z', '_']
        .filter((other) => other !== letter)
        .map((other) => token.slice(0, index) + other + token.slice(index + 1)),
    );
    await expectInactive(edits);
    expect((await introspect(token)).active).toBe(true);
  });

  test('every truncation, at either end', async () => {
    await expectInactive(
      [...token].flatMap((_, index) => (index === 0 ? [] : [token.slice(index), token.slice(0, -index)])),
    );
  });

  test('anything appended or put before, another case, another kind', async () => {
    const swapped = token.replace(/[a-z]$|[A-Z]$/, (last) =>
      last === last.toUpperCase() ? last.toLowerCase() : last.toUpperCase(),
    );
    await expectInactive([
      ...['0', ' ', '=', '.', '\n', '%00', token].map((more) => token + more),
      ...['0', ' ', 'Bearer '].map((more) => more + token),
      token.toUpperCase(),
      token.toLowerCase(),
      ...(swapped === token ? [] : [swapped]),
      token.replace('bst_access_', 'bst_refresh_'),
      token.replace('bst_access_', 'bst_secret_'),
    ]);
  });

  test('CVE-2026-27840: with a wrong checksum it is not even looked up', async () => {
    const wrong = token.slice(0, -6) + (token.endsWith('000000') ? '000001' : '000000');
    // A row that it would find.
    await a.sql(
      `INSERT INTO opaque_token SELECT sha256(convert_to($1, 'UTF8')), expires_at, $3, client_id, credential_id, family_id, scope,
        audience, issued_at, jkt FROM opaque_token WHERE digest = sha256(convert_to($2, 'UTF8'))`,
      [wrong, token, 'A'.repeat(22)],
    );
    expect(
      await a.sql("SELECT 1 FROM opaque_token WHERE digest = sha256(convert_to($1, 'UTF8'))", [wrong]),
    ).toHaveLength(1);
    await expectInactive([wrong]);
  });
});

describe('what is stored', () => {
  test('only a digest: the token stands nowhere in the database', async () => {
    await waitFor('the batches to be written', async () => (await a.sql('SELECT 1 FROM issuance_batch')).length > 0);
    const tables = await a.sql<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const forms = [token, Buffer.from(token).toString('hex'), Buffer.from(token).toString('base64').slice(0, -4)];
    for (const { name } of tables) {
      for (const form of forms) {
        const held = await a.sql(`SELECT 1 FROM ${name} AS r WHERE position($1 IN r::text) > 0`, [form]);
        expect([name, held]).toEqual([name, []]);
      }
    }
    const [stored] = await a.sql(
      "SELECT octet_length(digest) AS bytes FROM opaque_token WHERE digest = sha256(convert_to($1, 'UTF8'))",
      [token],
    );
    expect(stored.bytes).toBe(32);
  });
});

describe('days', () => {
  const DAY_MS = 86_400_000;
  let connection: Connection;
  beforeAll(() => {
    connection = connect(a.api.databaseUrl, { applicationName: 'days', poolSize: 2 });
  });
  afterAll(() => connection.close());
  const days = async () =>
    (await a.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'opaque_token_days' ORDER BY 1")).map(
      ({ tablename }) => tablename,
    );
  const nameOf = (at: number) => `day_${new Date(at).toISOString().slice(0, 10).replaceAll('-', '_')}`;

  test('the day of a token is made when it is missing, also by many at once', async () => {
    const { exp } = await introspect(token);
    expect(await days()).toContain(nameOf(exp * 1_000));
    for (const day of await days()) await a.sql(`DROP TABLE opaque_token_days.${day}`);
    const made = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? a : b).accessToken(client)),
    );
    for (const one of made) expect((await introspect(one, b)).active).toBe(true);
    expect((await days()).length).toBeGreaterThan(0);
  });

  test('made ahead, as often as one likes; dropped once over, and only then', async () => {
    const now = new Date();
    await Promise.all([1, 2, 3].map(() => ensureOpaqueDays((statement) => connection.pool.query(statement), now, 3)));
    const ahead = [0, 1, 2].map((day) => nameOf(now.getTime() + day * DAY_MS));
    expect(await days()).toEqual(expect.arrayContaining(ahead));
    const alive = await a.accessToken(client);
    await ensureOpaqueDays((statement) => connection.pool.query(statement), new Date(now.getTime() - 2 * DAY_MS), 2);
    expect(await dropOpaqueDays(connection.db, now)).toEqual([2, 1].map((day) => nameOf(now.getTime() - day * DAY_MS)));
    expect(await days()).toEqual(expect.arrayContaining(ahead));
    expect((await introspect(alive, b)).active).toBe(true);
    expect(await dropOpaqueDays(connection.db, now)).toEqual([]);
  });
});
