import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, raw } from '../support.js';
import { Browser, EMAIL, PASSWORD, secretOf } from './browser.js';

let house: House;
let browser: Browser;
beforeAll(async () => {
  house = await House.open({ env: { SIGN_IN_ATTEMPTS: '10000' } });
  browser = new Browser(house.api.url);
  await browser.redeem(secretOf(house.api.firstRun?.sign_in_link));
  await browser.setPassword();
  await house.client({ client_id: 'target' });
});
afterAll(() => house.close());

const sessions = async () => (await house.sql('SELECT count(*) FROM operator_session'))[0].count;
const UNSAFE: [string, string, unknown][] = [
  ['POST', '/api/clients', { scopes: ['read'] }],
  ['PATCH', '/api/clients/target', { name: 'Hijacked' }],
  ['DELETE', '/api/clients/target', undefined],
  ['POST', '/api/clients/target/rotate-secret', undefined],
  ['POST', '/api/tokens/inspect', { token: 'x' }],
  ['POST', '/api/tokens/revoke', { token: 'x' }],
  ['DELETE', '/api/session', undefined],
  ['POST', '/api/session/password', { email: EMAIL, name: 'x', password: PASSWORD }],
  ['POST', '/api/session', { email: EMAIL, password: PASSWORD }],
  ['POST', '/api/session/link', { token: 'x' }],
];
const FOREIGN: [string, Record<string, string>][] = [
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['a sister site', { 'sec-fetch-site': 'same-site' }],
  ['a bookmark', { 'sec-fetch-site': 'none' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['no origin at all', {}],
  ['a sandbox', { origin: 'null' }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['a foreign origin that claims to be ours', { 'sec-fetch-site': 'cross-site', origin: 'own' }],
];

describe.each(UNSAFE)('N52: %s %s by the cookie', (method, path, body) => {
  test.each(FOREIGN)('is refused from %s, and changes nothing', async (_who, headers) => {
    const before = [await house.written(), await sessions()];
    const answer = await json(`${house.api.url}${path}`, {
      method,
      body,
      headers: { cookie: browser.cookie ?? '', ...headers, ...(headers.origin === 'own' && { origin: house.api.url }) },
    });
    expect([answer.status, answer.body.code]).toEqual([403, 'cross_site_request']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect([await house.written(), await sessions()]).toEqual(before);
  });
});

describe('N52: what a page of another site can send without asking', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a body of %s is 415, even from our own pages',
    async (type) => {
      const before = await house.written();
      const answer = await browser.send('POST', '/api/clients', '{"scopes":["read"]}', { 'content-type': type });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
      expect(await house.written()).toEqual(before);
    },
  );

  test('N54: no answer tells a browser that another origin may read it or may ask', async () => {
    for (const [method, path] of [
      ['GET', '/api/clients'],
      ['OPTIONS', '/api/clients'],
      ['GET', '/api/session'],
    ] as const) {
      const answer = await browser.send(method, path, undefined, {
        origin: 'https://evil.example',
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'content-type',
      });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('reading changes nothing: no GET has an effect', async () => {
    const before = [await house.written(), await sessions()];
    for (const path of [
      '/api/clients',
      '/api/clients/target',
      '/api/session',
      '/api/overview',
      '/api/audit',
      '/api/session/link',
      '/api/clients/target/rotate-secret',
    ]) {
      await browser.send('GET', path);
    }
    expect([await house.written(), await sessions()]).toEqual(before);
  });
});

describe('our own pages', () => {
  test.each<[string, Record<string, string>]>([
    ['a browser of today', { 'sec-fetch-site': 'same-origin' }],
    ['an older browser, by its Origin', { origin: 'own' }],
  ])('are let through: %s', async (_who, headers) => {
    const answer = await json(`${house.api.url}/api/clients`, {
      body: { scopes: ['read'] },
      headers: { cookie: browser.cookie ?? '', ...headers, ...(headers.origin && { origin: house.api.url }) },
    });
    expect(answer.status).toBe(201);
    expect((await house.audit(`client:${answer.body.client_id}`))[0]?.actor).toMatch(/^operator:opr_/);
  });

  test('a Bearer token needs no origin: no browser adds one by itself', async () => {
    expect(
      (await house.manage('/api/clients', { body: { scopes: ['read'] }, headers: { 'sec-fetch-site': 'cross-site' } }))
        .status,
    ).toBe(201);
  });

  test('N35: a token beside a cookie decides alone', async () => {
    const headers = { cookie: browser.cookie ?? '', 'sec-fetch-site': 'same-origin', authorization: 'Bearer x' };
    expect((await json(`${house.api.url}/api/clients`, { headers })).status).toBe(401);
  });

  test('of two cookies of the name neither a forged first nor second gets in', async () => {
    const own = browser.cookie ?? '';
    for (const cookie of [`bastionary=x; ${own}`, `${own}; bastionary=x`]) {
      const { status } = await raw(house.api.url, [
        'DELETE /api/clients/target HTTP/1.1',
        `Cookie: ${cookie}`,
        'Sec-Fetch-Site: cross-site',
      ]);
      expect([401, 403]).toContain(status);
    }
  });
});
