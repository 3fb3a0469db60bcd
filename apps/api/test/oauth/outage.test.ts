import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { basic, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.js';
import { expectOAuthError } from './answers.js';

const GRANT = 'grant_type=client_credentials';
let database: TestDatabase;
let proxy: TcpProxy;
/** Reaches the database by a way that can be cut. */
let house: House;
/** Another process on the same database, never cut off. */
let other: House;
let client: MadeClient;
beforeAll(async () => {
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  house = await House.open({ databaseUrl: proxy.databaseUrl });
  other = await House.open({
    databaseUrl: database.url,
    dataDir: house.api.dataDir,
    firstRun: false,
    env: { ISSUER_URL: house.api.url },
  });
  client = await house.client();
});
afterAll(async () => {
  await other.close();
  await house.close();
  await proxy.close();
  await database.drop();
});

const introspect = (token: string) => house.form('introspect', { token }, house.api.admin);
const ready = async () => (await json(`${house.api.url}/health/ready`)).status === 200;

describe('RFC 7009 §2.2.1: a revocation that cannot be stored', () => {
  const failWith = (code: string) =>
    other.sql(`
      CREATE OR REPLACE FUNCTION fail_on_purpose() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'made to fail' USING ERRCODE = '${code}'; END $$;
      CREATE OR REPLACE TRIGGER fail_on_purpose BEFORE INSERT ON revoked_token
        FOR EACH ROW EXECUTE FUNCTION fail_on_purpose()`);
  const mend = () => other.sql('DROP TRIGGER IF EXISTS fail_on_purpose ON revoked_token');

  test.each([
    ['57P03', 503, 'temporarily_unavailable'],
    ['53300', 503, 'temporarily_unavailable'],
    ['P0001', 500, 'server_error'],
  ])(
    'N20: with SQLSTATE %s is %i %s, never 200; the token lives, and can be revoked later',
    async (code, status, error) => {
      const token = await house.accessToken(client);
      const before = await other.written();
      await failWith(code);
      try {
        const answer = await house.form('revoke', { token }, client);
        expectOAuthError(answer, status, error);
        if (status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(JSON.stringify(answer.body)).not.toContain('made to fail');
      } finally {
        await mend();
      }
      expect(await other.written()).toEqual(before);
      expect(await house.isActive(token)).toBe(true);
      expect((await house.form('revoke', { token }, client)).status).toBe(200);
      expect(await house.isActive(token)).toBe(false);
    },
  );

  test('when the record of it cannot be written, it is not revoked either', async () => {
    const token = await house.accessToken(client);
    await other.sql(`
      CREATE FUNCTION fail_the_record() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'made to fail' USING ERRCODE = '57P03'; END $$;
      CREATE TRIGGER fail_the_record BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION fail_the_record()`);
    try {
      expectOAuthError(await house.form('revoke', { token }, client), 503, 'temporarily_unavailable');
    } finally {
      await other.sql('DROP TRIGGER fail_the_record ON audit_log');
    }
    expect([await house.isActive(token), await other.isActive(token)]).toEqual([true, true]);
  });
});

describe.each(['cut', 'freeze'] as const)('with the database out of reach (%s)', (how) => {
  let stranger: MadeClient;
  let token: string;
  let revokedMeanwhile: string;
  beforeAll(async () => {
    stranger = await other.client();
    token = await house.accessToken(client);
    revokedMeanwhile = await house.accessToken(client);
    expect(await house.isActive(revokedMeanwhile)).toBe(true);
    proxy[how]();
    await waitFor('the process to notice', async () => (await introspect(token)).status === 503);
  });
  afterAll(async () => {
    proxy.heal();
    await waitFor('the process to recover', ready, { within: 20_000 });
  });

  test('RFC 6749 §5.2: introspection is 503: no answer rather than a wrong one', async () => {
    const answer = await introspect(token);
    expectOAuthError(answer, 503, 'temporarily_unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  test('N20: revocation is 503, never 200', async () => {
    expectOAuthError(await house.form('revoke', { token }, client), 503, 'temporarily_unavailable');
  });

  test('a client in memory gets its token; one that is not gets 503, and is not told it were unknown', async () => {
    expect((await house.form('token', GRANT, client)).status).toBe(200);
    const answer = await house.form('token', GRANT, stranger);
    expectOAuthError(answer, 503, 'temporarily_unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });

  test('management is 503 as problem details', async () => {
    for (const answer of [
      await house.manage('/api/clients'),
      await house.manage('/api/clients', { body: { scopes: ['read'] } }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
  });

  test('the process is alive, not ready; keys and metadata are served from memory', async () => {
    const status = async (path: string) => (await json(`${house.api.url}${path}`)).status;
    expect([await status('/health/live'), await status('/health/ready')]).toEqual([200, 503]);
    expect([await status('/.well-known/jwks.json'), await status('/.well-known/oauth-authorization-server')]).toEqual([
      200, 200,
    ]);
    expect((await json(`${house.api.url}/metrics`)).body).toContain('bastionary_change_feed_current 0');
  });

  test('N21: back again, it knows what was revoked meanwhile before it says anything', async () => {
    const elsewhere = await json(`${other.api.url}/oauth2/revoke`, {
      body: new URLSearchParams({ token: revokedMeanwhile }),
      headers: { authorization: basic(client.client_id, client.client_secret) },
    });
    expect(elsewhere.status).toBe(200);
    proxy.heal();
    const first = await waitFor('an answer', async () => {
      const answer = await introspect(revokedMeanwhile);
      return answer.status !== 503 && answer;
    });
    expect([first.status, first.body]).toEqual([200, { active: false }]);
    expect((await introspect(token)).body.active).toBe(true);
    await waitFor('readiness', ready);
  });
});

describe('issuance counted while the database was away', () => {
  test('is written once it is back, each token once', async () => {
    const made = await house.client();
    await house.accessToken(made);
    proxy.cut();
    for (let count = 0; count < 9; count++) await house.accessToken(made);
    await waitFor('a flush that failed', () => house.api.logs().includes('issuance counts not written yet'));
    proxy.heal();
    const issued = async () => (await other.manage(`/api/clients/${made.client_id}`)).body.tokens_issued;
    await waitFor('ten tokens', async () => (await issued()) === '10', { within: 20_000 });
  });
});
