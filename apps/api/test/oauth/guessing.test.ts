import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';

const ATTEMPTS = 3;
const GRANT = 'grant_type=client_credentials';
let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open({ env: { WRONG_SECRET_ATTEMPTS: String(ATTEMPTS), TRUSTED_PROXIES: 'loopback' } });
});
beforeEach(async () => {
  client = await house.client({ client_secret: 'chosen by somebody' });
});
afterAll(() => house.close());

const from = (address: string, client_secret: string, endpoint: 'token' | 'introspect' | 'revoke' = 'token') =>
  house.form(endpoint, `${GRANT}&token=x`, { ...client, client_secret }, { 'x-forwarded-for': address });

async function guessUntilStopped(address: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    expectOAuthError(await from(address, `wrong secret ${attempt}`), 401, 'invalid_client');
  }
  const stopped = await from(address, 'wrong secret again');
  expectOAuthError(stopped, 429, 'slow_down');
  const seconds = Number(stopped.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
}

describe('RFC 6749 §2.3.1: guessing a secret is stopped', () => {
  test('after so many wrong ones: 429 with Retry-After, for the right one too, at every endpoint', async () => {
    await guessUntilStopped('192.0.2.1');
    for (const endpoint of ['token', 'introspect', 'revoke'] as const) {
      expectOAuthError(await from('192.0.2.1', client.client_secret, endpoint), 429, 'slow_down');
    }
  });

  test('the client itself, at another address, is not locked out; nor is another client at the same', async () => {
    await guessUntilStopped('192.0.2.1');
    expect((await from('192.0.2.2', client.client_secret)).status).toBe(200);
    const other = await house.client();
    expect((await house.form('token', GRANT, other, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
  });

  test('N28: writing the id or the address differently gives no new attempts', async () => {
    await guessUntilStopped('192.0.2.1');
    const authorization = `Basic ${Buffer.from(`%${client.client_id.charCodeAt(0).toString(16)}${client.client_id.slice(1)}:wrong`).toString('base64')}`;
    const encoded = await house.form('token', GRANT, null, { authorization, 'x-forwarded-for': '192.0.2.1' });
    expectOAuthError(encoded, 429, 'slow_down');
    expectOAuthError(await from('10.9.9.9, 192.0.2.1', 'wrong'), 429, 'slow_down');
  });

  test('guesses sent at once are stopped like guesses one after another', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => from('192.0.2.3', `wrong secret ${index}`)),
    );
    const refused = answers.filter(({ status }) => status === 401).length;
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect(refused).toBeLessThanOrEqual(ATTEMPTS);
  });

  test('right secrets are never counted', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 * ATTEMPTS }, () => from('192.0.2.4', client.client_secret)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('N29: whose address it is', () => {
  test('without a trusted proxy X-Forwarded-For buys no attempts', async () => {
    const direct = await House.open({
      databaseUrl: house.api.databaseUrl,
      dataDir: house.api.dataDir,
      firstRun: false,
      env: { WRONG_SECRET_ATTEMPTS: String(ATTEMPTS) },
    });
    try {
      const guess = (attempt: number) =>
        direct.form(
          'token',
          GRANT,
          { ...client, client_secret: 'wrong secret' },
          { 'x-forwarded-for': `203.0.113.${attempt}` },
        );
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++)
        expectOAuthError(await guess(attempt), 401, 'invalid_client');
      expectOAuthError(await guess(99), 429, 'slow_down');
    } finally {
      await direct.close();
    }
  });
});
