import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Browser, EMAIL, PASSWORD, secretOf } from './browser.js';

const LINK_FAULT =
  'This link does not work: it was used or has expired. `npm run sign-in-link` on the server makes a new one.';
let house: House;
let link: string;
let browser: Browser;
beforeAll(async () => {
  house = await House.open({ env: { SIGN_IN_ATTEMPTS: '10000' } });
  link = secretOf(house.api.firstRun?.sign_in_link);
});
afterAll(() => house.close());
beforeEach(() => {
  browser = new Browser(house.api.url);
});

const owner = async () => (await house.sql('SELECT * FROM operator'))[0];
const actions = async () => (await house.audit(`operator:${(await owner()).id}`)).map(({ action }) => action);

// The tests of this file are one story, told in order.
describe('the first sign-in', () => {
  let first: Browser;

  test('a link that never was does not work', async () => {
    for (const token of ['nonsense', 'A'.repeat(43), link.slice(0, -1), `${link}A`, link.toLowerCase()]) {
      const answer = await browser.redeem(token);
      expect([answer.status, answer.body.code, answer.body.detail]).toEqual([401, 'invalid_sign_in', LINK_FAULT]);
      expect(browser.cookie).toBeUndefined();
    }
  });

  test('the link opens a session in which a password must be set', async () => {
    first = new Browser(house.api.url);
    const answer = await first.redeem(link);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toEqual({
      operator: { id: expect.stringMatching(/^opr_/), email: null, name: 'Owner', role: 'owner' },
      must_verify: false,
      must_set_password: true,
      must_enrol: false,
      proofs: [],
      permissions: [],
      fresh_until: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
    });
    expect((await first.whoami()).body).toEqual(answer.body);
    expect(await actions()).toEqual(['operator.link_created', 'operator.link_used']);
  });

  test('the cookie is out of reach for scripts and other sites', async () => {
    const set = (await new Browser(house.api.url).redeem('x')).headers.get('set-cookie');
    expect(set).toBeNull();
    const [row] = await house.sql('SELECT digest FROM operator_session');
    expect(first.cookie).toMatch(/^bastionary=[\w-]{43}$/);
    expect(first.cookie).not.toContain(row.digest);
  });

  test('the link works once only', async () => {
    const answer = await browser.redeem(link);
    expect([answer.status, answer.body.detail, browser.cookie]).toEqual([401, LINK_FAULT, undefined]);
  });

  test.each([
    ['GET', '/api/overview'],
    ['GET', '/api/clients'],
    ['POST', '/api/clients'],
    ['GET', '/api/audit'],
    ['GET', '/api/signing-keys'],
    ['POST', '/api/tokens/inspect'],
  ])('before the password is set nothing else is allowed: %s %s', async (method, path) => {
    const before = await house.written();
    const answer = await first.send(method, path, method === 'POST' ? { scopes: ['read'] } : undefined);
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope']);
    expect(await house.written()).toEqual(before);
  });

  test.each([
    ['14 characters', { password: 'x'.repeat(14) }, '/password'],
    ['257 characters', { password: 'x'.repeat(257) }, '/password'],
    ['a lone surrogate', { password: `${'x'.repeat(20)}\ud800` }, '/password'],
    ['no e-mail address', { email: 'owner' }, '/email'],
    ['NUL in the e-mail address', { email: 'a\0@example.com' }, '/email'],
    ['an empty name', { name: ' ' }, '/name'],
    ['N38: a role', { role: 'admin' }, '/role'],
    ['N38: another operator', { operator_id: 'opr_x' }, '/operator_id'],
  ])('a password is refused with %s', async (_what, part, path) => {
    const body = { email: EMAIL, name: 'Olivia Owner', password: PASSWORD, ...part };
    const answer = await first.send('POST', '/api/session/password', body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    expect((await owner()).password_hash).toBeNull();
  });

  test('the password is set, the session gets a new id, and every other session ends', async () => {
    const old = first.cookie;
    const answer = await first.setPassword('exactly 15 char', 'Owner@Example.com');
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({
        operator: { id: (await owner()).id, email: EMAIL, name: 'Olivia Owner', role: 'owner' },
        must_set_password: false,
        permissions: expect.arrayContaining(['clients:write', 'audit:read']),
      }),
    ]);
    expect(first.cookie).not.toBe(old);
    browser.cookie = old;
    expect((await browser.whoami()).status).toBe(401);
    expect((await first.send('GET', '/api/clients')).status).toBe(200);
    expect((await owner()).password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await actions()).at(-1)).toBe('operator.password_set');
  });

  test('a password is not set twice without a new link', async () => {
    const answer = await first.setPassword(PASSWORD);
    expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope']);
    expect((await browser.signIn(EMAIL, 'exactly 15 char')).status).toBe(200);
    await house.sql('DELETE FROM operator_session');
  });
});

describe('signing in and out', () => {
  const password = 'exactly 15 char';

  test('in: a new cookie, a session, a record with the address', async () => {
    const answer = await browser.signIn(EMAIL, password);
    expect([answer.status, answer.body.must_set_password]).toEqual([200, false]);
    const set = answer.headers.get('set-cookie');
    expect(set).toMatch(/^bastionary=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    expect((await actions()).at(-1)).toBe('operator.signed_in');
    const [record] = await house.sql(
      `SELECT address FROM audit_log WHERE action = 'operator.signed_in' ORDER BY seq DESC LIMIT 1`,
    );
    expect(record.address).toBe('127.0.0.1');
  });

  test('N33: whatever cookie is brought, signing in gives a new one', async () => {
    browser.cookie = `bastionary=${'A'.repeat(43)}`;
    await browser.signIn(EMAIL, password);
    const first = browser.cookie;
    expect(first).not.toContain('AAAA');
    await browser.signIn(EMAIL, password);
    expect(browser.cookie).not.toBe(first);
  });

  test('the e-mail address is taken in any case', async () => {
    expect((await browser.signIn('OWNER@EXAMPLE.COM', password)).status).toBe(200);
  });

  test('out: the cookie goes, the session is dead for everybody who kept it; and in again', async () => {
    await browser.signIn(EMAIL, password);
    const kept = browser.cookie;
    const answer = await browser.send('DELETE', '/api/session');
    expect([answer.status, answer.body, browser.cookie]).toEqual([204, null, undefined]);
    browser.cookie = kept;
    expect((await browser.whoami()).status).toBe(401);
    expect((await browser.send('GET', '/api/clients')).status).toBe(401);
    expect((await actions()).at(-1)).toBe('operator.signed_out');
    expect((await browser.signIn(EMAIL, password)).status).toBe(200);
  });

  test('signing out of one place leaves the other', async () => {
    const other = new Browser(house.api.url);
    await browser.signIn(EMAIL, password);
    await other.signIn(EMAIL, password);
    await other.send('DELETE', '/api/session');
    expect((await browser.whoami()).status).toBe(200);
  });

  test('N27: a wrong password and an unknown address get the same answer', async () => {
    const told = await Promise.all([
      browser.signIn(EMAIL, 'a wrong password'),
      browser.signIn('nobody@example.com', password),
    ]);
    const [wrong, unknown] = told.map(({ status, body: { request_id, ...body }, headers }) => ({
      status,
      body,
      headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
    }));
    expect(wrong).toEqual(unknown);
    expect([wrong?.status, wrong?.body.code]).toEqual([401, 'invalid_sign_in']);
  });

  test.each([
    ['', password],
    ['nobody', password],
    [EMAIL, ''],
    [EMAIL, 'x'.repeat(257)],
  ])('%j with %j is 422', async (email, given) => {
    expect((await browser.signIn(email, given)).status).toBe(422);
  });
});

describe('a session ends', () => {
  const password = 'exactly 15 char';
  const end = (change: string) => house.sql(`UPDATE operator_session SET ${change}`);

  test.each([
    ['after its longest life', `expires_at = now() - interval '1 second'`],
    ['after an hour without a request', `last_seen_at = now() - interval '3601 seconds'`],
  ])('%s', async (_when, change) => {
    await browser.signIn(EMAIL, password);
    expect((await browser.whoami()).status).toBe(200);
    await end(change);
    expect((await browser.whoami()).status).toBe(401);
  });

  test('not before: a request keeps it awake, but not beyond its longest life', async () => {
    await browser.signIn(EMAIL, password);
    const before = (await browser.whoami()).body.expires_at;
    await end(`last_seen_at = now() - interval '3000 seconds'`);
    expect((await browser.whoami()).status).toBe(200);
    const [row] = await house.sql(
      `SELECT max(last_seen_at) > now() - interval '60 seconds' AS awake FROM operator_session`,
    );
    expect(row.awake).toBe(true);
    expect((await browser.whoami()).body.expires_at).toBe(before);
  });

  test('only a digest of the cookie is stored', async () => {
    await browser.signIn(EMAIL, password);
    const rows = JSON.stringify(await house.sql('SELECT * FROM operator_session'));
    expect(rows).not.toContain(browser.cookie?.split('=')[1]);
  });

  test.each(['', 'A', 'A'.repeat(43), "x' OR 1=1", '../../etc', '%00'])('a cookie of %j is none', async (value) => {
    browser.cookie = `bastionary=${value}`;
    expect((await browser.whoami()).status).toBe(401);
  });
});

describe('npm run sign-in-link: the way back in', () => {
  test('a new link ends older ones, and its password replaces the old one', async () => {
    const { runScript } = await import('@bastionary/testing/program');
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: house.api.databaseUrl,
      BASTIONARY_DATA_DIR: house.api.dataDir,
      ISSUER_URL: house.api.url,
    };
    const make = async () => secretOf((await runScript('apps/api/dist/sign-in-link.js', env)).trim());
    const [older, newer] = [await make(), await make()];
    expect((await browser.redeem(older)).status).toBe(401);
    expect((await browser.redeem(newer)).body.must_set_password).toBe(true);
    expect((await browser.setPassword(PASSWORD)).status).toBe(200);
    expect((await browser.signIn(EMAIL, 'exactly 15 char')).status).toBe(401);
    expect((await browser.signIn(EMAIL, PASSWORD)).status).toBe(200);
  });

  test('a link is too old after a day', async () => {
    const { runScript } = await import('@bastionary/testing/program');
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: house.api.databaseUrl,
      BASTIONARY_DATA_DIR: house.api.dataDir,
      ISSUER_URL: house.api.url,
    };
    const token = secretOf((await runScript('apps/api/dist/sign-in-link.js', env)).trim());
    const [row] = await house.sql(
      `SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM sign_in_link WHERE used_at IS NULL`,
    );
    expect(row.seconds).toBe(86_400);
    await house.sql(`UPDATE sign_in_link SET expires_at = now() - interval '1 second' WHERE used_at IS NULL`);
    expect((await browser.redeem(token)).status).toBe(401);
  });
});
