import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const CHOSEN = 'CANARY chosen+secret%of:somebody/CANARY';
let house: House;
const secrets = new Map<string, string>();
let tokens: string[];

// A life with everything that touches a secret: right and wrong, in every place where one is taken, and with faults.
beforeAll(async () => {
  house = await House.open({ env: { LOG_LEVEL: 'trace' } });
  const generated = await house.client({ name: 'Generated' });
  const chosen = await house.client({ client_secret: CHOSEN });
  const rotate = { method: 'POST', headers: { 'idempotency-key': 'rotate' } };
  const rotated = (await house.manage(`/api/clients/${generated.client_id}/rotate-secret`, rotate)).body as MadeClient;
  const kept = (
    await house.manage('/api/clients', { body: { scopes: ['read'] }, headers: { 'idempotency-key': 'kept' } })
  ).body;
  const wrong = 'CANARY-wrong-secret-CANARY';
  const password = 'CANARY wrong password of nobody CANARY';
  for (const [name, value] of Object.entries({
    generated: generated.client_secret,
    chosen: CHOSEN,
    rotated: rotated.client_secret,
    kept: kept.client_secret,
    admin: house.api.admin.client_secret,
    wrong,
    password,
  })) {
    secrets.set(name, value);
  }
  tokens = [await house.accessToken(rotated), await house.accessToken(chosen), house.token];
  for (const endpoint of ['token', 'introspect', 'revoke'] as const) {
    const token = tokens[0] ?? '';
    const body = { grant_type: 'client_credentials', token };
    await house.form(endpoint, body, { ...chosen, client_secret: wrong });
    await house.form(endpoint, { ...body, client_id: chosen.client_id, client_secret: CHOSEN });
    await house.form(endpoint, { ...body, client_id: chosen.client_id, client_secret: CHOSEN }, chosen);
    await house.form(endpoint, `grant_type=x&client_secret=${encodeURIComponent(CHOSEN)}&client_secret=%`);
    await house.form(endpoint, body, rotated);
  }
  await house.manage('/api/tokens/inspect', { body: { token: tokens[1] } });
  await house.manage('/api/tokens/revoke', { body: { token: tokens[1] } });
  await house.manage('/api/clients', { body: { client_secret: `${wrong}\n`, scopes: ['nonsense'] } });
  await house.manage('/api/clients', { body: { client_id: chosen.client_id, client_secret: wrong, scopes: ['read'] } });
  await house.manage('/api/clients', {
    method: 'POST',
    body: `{"client_secret":"${wrong}"`,
    headers: { 'content-type': 'application/json' },
  });
  const signIn = { email: 'nobody@example.com', password };
  await house.manage('/api/session', { token: '', body: signIn, headers: { 'sec-fetch-site': 'same-origin' } });
  await house.manage(`/api/clients?search=${wrong}`);
  await house.sql('SELECT pg_notify($1, $2)', ['bastionary_changes', '{"kind":"keys"}']);
  await waitFor('the last line in the log', () => house.api.logs().includes('/api/session'));
});
afterAll(() => house.close());

/** The ways a text may have been written down. */
const spellings = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
  encodeURIComponent(secret),
  new URLSearchParams({ '': secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
];

/** Names of the secrets that a text has, in any spelling. */
const found = (text: string): string[] =>
  [...secrets].flatMap(([name, secret]) => (spellings(secret).some((one) => text.includes(one)) ? [name] : []));

describe('N56: no secret stands anywhere but in the answer it was first told in', () => {
  test('not in the log, though it tells everything', () => {
    const log = house.api.logs();
    expect(log.split('\n').length).toBeGreaterThan(20);
    // The search term is no secret and stands in no line either: queries are not logged.
    expect(found(log)).toEqual([]);
    for (const token of tokens) expect(log).not.toContain(token.split('.')[2]);
  });

  test('not in the audit log', async () => {
    const { body } = await house.manage('/api/audit?limit=100');
    expect(body.data.length).toBeGreaterThan(5);
    expect(found(JSON.stringify(body))).toEqual([]);
    for (const token of tokens) expect(JSON.stringify(body)).not.toContain(token);
  });

  test('not in any table, column or sequence of the database', async () => {
    const tables = await house.sql(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    expect(tables.length).toBeGreaterThan(12);
    for (const { name } of tables) {
      const dump = JSON.stringify(await house.sql(`SELECT t::text AS row FROM ${name} t`));
      expect([name, found(dump)]).toEqual([name, []]);
      for (const token of tokens) expect(dump).not.toContain(token.split('.')[2]);
    }
  });

  test('not in the data folder, except the admin client that only its owner reads', async () => {
    for (const name of await readdir(house.api.dataDir)) {
      const text = await readFile(join(house.api.dataDir, name), 'utf8');
      expect([name, found(text)]).toEqual([name, name === 'admin-client.json' ? ['admin'] : []]);
    }
  });

  test('not in measurements', async () => {
    expect(found(JSON.stringify((await house.manage('/metrics')).body))).toEqual([]);
  });

  test('chosen secrets are stored as argon2id, generated ones under a pepper that is sealed', async () => {
    const rows = await house.sql('SELECT digest FROM credential');
    for (const { digest } of rows)
      expect(digest).toMatch(/^(\$argon2id\$v=19\$m=19456,t=2,p=1\$|hmac-sha256\$1\$[\w-]{43}$)/);
    const [pepper] = await house.sql('SELECT sealed FROM pepper');
    expect(pepper.sealed).toMatch(/^v1\.k1\./);
  });
});

describe('N55: nobody writes lines into the log', () => {
  test('each line is one JSON object, whatever was sent', async () => {
    const evil = 'x"}\r\n{"level":"fatal","msg":"forged"}\u2028\u001b[31m';
    await house.form('token', { grant_type: evil, scope: evil, client_id: evil, client_secret: evil });
    await house.manage('/api/clients', { body: { name: evil, client_id: evil, scopes: [evil] } });
    await fetch(`${house.api.url}/%0d%0a{"level":"fatal"}`, {
      headers: { 'user-agent': 'x\tforged', 'x-request-id': 'a"b\tforged' },
    });
    const lines = await waitFor('the lines', () => {
      const all = house.api.logs().split('\n').slice(0, -1);
      return all.some((line) => line.includes('"route":"none"')) && all;
    });
    for (const line of lines) {
      const { level } = JSON.parse(line);
      expect(['trace', 'debug', 'info', 'warn', 'error']).toContain(level);
    }
    expect(house.api.logs()).not.toContain('\u001b');
  });
});
