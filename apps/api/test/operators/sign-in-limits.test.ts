import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Browser, EMAIL, PASSWORD, secretOf } from './browser.js';

const ATTEMPTS = 3;
let house: House;
let browser: Browser;
beforeAll(async () => {
  house = await House.open({ env: { SIGN_IN_ATTEMPTS: String(ATTEMPTS), TRUSTED_PROXIES: 'loopback' } });
  browser = new Browser(house.api.url);
  await browser.redeem(secretOf(house.api.firstRun?.sign_in_link));
  await browser.setPassword();
});
afterAll(() => house.close());

const tryFrom = (address: string, password: string, email = EMAIL) =>
  new Browser(house.api.url).send('POST', '/api/session', { email, password }, { 'x-forwarded-for': address });

describe('SIGN_IN_ATTEMPTS', () => {
  test('after so many wrong passwords: 429 with Retry-After, for the right one too', async () => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      expect((await tryFrom('192.0.2.1', `a wrong password ${attempt}`)).status).toBe(401);
    }
    const stopped = await tryFrom('192.0.2.1', PASSWORD);
    expect([stopped.status, stopped.body.code]).toEqual([429, 'too_many_requests']);
    const seconds = Number(stopped.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(900);
  });

  test('N28: the e-mail address in another case gives no new attempts', async () => {
    expect((await tryFrom('192.0.2.1', PASSWORD, 'OWNER@example.com')).status).toBe(429);
  });

  test('the operator, at another address, is not locked out', async () => {
    expect((await tryFrom('192.0.2.2', PASSWORD)).status).toBe(200);
  });

  test('an unknown address is stopped alike: the limit tells nothing', async () => {
    const statuses = [];
    for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
      statuses.push((await tryFrom('192.0.2.3', 'a wrong password', 'nobody@example.com')).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  test('passwords tried at once are stopped like passwords tried one after another', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => tryFrom('192.0.2.4', `a wrong password ${index}`)),
    );
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(ATTEMPTS);
  });
});

describe('with an issuer on https', () => {
  let secure: House;
  beforeAll(async () => {
    secure = await House.open({ env: { ISSUER_URL: 'https://auth.example' } });
  });
  afterAll(() => secure.close());

  test('the cookie is bound to the host and to encryption', async () => {
    const browser = new Browser(secure.api.url);
    const answer = await browser.redeem(secretOf(secure.api.firstRun?.sign_in_link));
    expect(secure.api.firstRun?.sign_in_link).toMatch(/^https:\/\/auth\.example\/start#/);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-bastionary=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    expect((await browser.whoami()).status).toBe(200);
  });

  test('a cookie without the prefix, which a sister site could set, is not looked at', async () => {
    const browser = new Browser(secure.api.url);
    browser.cookie = `bastionary=${'A'.repeat(43)}`;
    expect((await browser.whoami()).status).toBe(401);
    const { sign_in_link } = secure.api.firstRun ?? {};
    expect(sign_in_link).not.toBeNull();
  });

  test('the origin that counts is the issuer’s', async () => {
    const browser = new Browser(secure.api.url);
    const post = (origin: string) =>
      fetch(`${secure.api.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
      });
    expect(browser.cookie).toBeUndefined();
    expect([(await post('https://auth.example')).status, (await post('https://evil.example')).status]).toEqual([
      401, 403,
    ]);
  });
});
