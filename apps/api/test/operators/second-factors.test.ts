import { startApi } from '@bastionary/testing/api-process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Browser, EMAIL, PASSWORD, secretOf } from './browser.js';
import { codeOf, enrolTotp, makeStale, ownerOf, somebody } from './people.js';

let house: House;
let owner: Browser;
beforeAll(async () => {
  const plenty = { SIGN_IN_ATTEMPTS: '10000', SIGN_IN_ATTEMPTS_PER_ADDRESS: '10000' };
  house = await House.open({ env: { ...plenty, SECOND_FACTOR_ATTEMPTS: '5' } });
  owner = await ownerOf(house);
});
afterAll(() => house.close());

let count = 0;
const anybody = (role = 'admin') => somebody(house, owner, role, `person-${count++}@example.com`);
const actionsOf = async (id: string) => (await house.audit(`operator:${id}`)).map(({ action }) => action);
const signIn = async (email: string) => {
  const browser = new Browser(house.api.url);
  const answer = await browser.signIn(email);
  return { browser, answer };
};
/** As if no code had been used yet: the next one of this time step is new again. */
const forgetStep = (id: string) => house.sql('UPDATE operator_totp SET last_step = 0 WHERE operator_id = $1', [id]);

describe('an authenticator app', () => {
  let person: Browser;
  let id: string;
  let email: string;
  let secret: string;
  let used: string;
  beforeAll(async () => {
    ({ browser: person, id, email } = await anybody());
  });

  test('before there is one, signing in takes a password alone', async () => {
    expect((await person.whoami()).body).toMatchObject({ must_verify: false, proofs: ['password'] });
    expect((await person.send('GET', '/api/session/second-factors')).body).toEqual({
      required: false,
      totp: null,
      passkeys: [],
      passkeys_available: false,
      recovery_codes_left: 0,
    });
  });

  test('its secret comes once, sealed in the database, and counts for nothing before a code has confirmed it', async () => {
    const begun = await person.send('POST', '/api/session/totp');
    expect([begun.status, begun.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(begun.body).toEqual({ secret: expect.stringMatching(/^[A-Z2-7]{32}$/), uri: expect.any(String) });
    ({ secret } = begun.body);
    const uri = new URL(begun.body.uri);
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/Bastionary (127.0.0.1):${email}`,
    ]);
    expect([uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual([
      secret,
      'Bastionary (127.0.0.1)',
    ]);
    const stored = JSON.stringify(await house.sql('SELECT * FROM operator_totp'));
    expect(stored).toContain('v1.');
    expect(stored).not.toContain(secret);
    expect((await signIn(email)).answer.body.must_verify).toBe(false);
    const wrong = await person.send('POST', '/api/session/totp/confirm', { code: codeOf(secret, -10) });
    expect([wrong.status, wrong.body.errors]).toEqual([422, [expect.objectContaining({ path: '/code' })]]);
  });

  test('a code confirms it: ten recovery codes, stored as digests; the other sessions end', async () => {
    const { browser: other } = await signIn(email);
    const answer = await person.send('POST', '/api/session/totp/confirm', { code: codeOf(secret, -1) });
    expect([answer.status, answer.body]).toEqual([200, { passkey: null, recovery_codes: expect.any(Array) }]);
    const codes: string[] = answer.body.recovery_codes;
    expect(new Set(codes).size).toBe(10);
    expect(codes.every((code) => /^[0-9a-z]{6}(-[0-9a-z]{6}){3}$/.test(code))).toBe(true);
    const stored = JSON.stringify(await house.sql('SELECT * FROM recovery_code'));
    expect(codes.some((code) => stored.includes(code))).toBe(false);
    expect([(await other.whoami()).status, (await person.whoami()).status]).toEqual([401, 200]);
    expect((await person.whoami()).body.proofs).toEqual(['password', 'totp', 'recovery_code']);
    expect((await actionsOf(id)).at(-1)).toBe('operator.totp_enrolled');
    const again = await person.send('POST', '/api/session/totp');
    expect([again.status, again.body.code]).toEqual([409, 'second_factor_exists']);
  });

  test('signing in then ends at the second step: nothing else is open, not even a password', async () => {
    const { browser, answer } = await signIn(email);
    expect(answer.body).toMatchObject({
      must_verify: true,
      permissions: [],
      proofs: ['password', 'totp', 'recovery_code'],
    });
    for (const [method, path, body] of [
      ['GET', '/api/clients'],
      ['GET', '/api/operators'],
      ['GET', '/api/session/sessions'],
      ['GET', '/api/session/second-factors'],
      ['POST', '/api/session/totp'],
      ['DELETE', '/api/session/totp'],
      ['POST', '/api/session/recovery-codes'],
      ['POST', '/api/session/step-up', { password: PASSWORD }],
      ['POST', '/api/session/password', { email, name: 'x', password: PASSWORD }],
    ] as const) {
      const refused = await browser.send(method, path, body);
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'second_factor_required']);
    }
  });

  test('N33: a code verifies, the session goes on under a new cookie, and the old one is dead', async () => {
    const { browser } = await signIn(email);
    const old = new Browser(house.api.url);
    old.cookie = browser.cookie;
    used = codeOf(secret);
    const answer = await browser.send('POST', '/api/session/verify', { code: used });
    expect([answer.status, answer.body.must_verify, answer.body.operator.id]).toEqual([200, false, id]);
    expect(browser.cookie).not.toBe(old.cookie);
    expect([(await old.whoami()).status, (await browser.send('GET', '/api/clients')).status]).toEqual([401, 200]);
    expect((await house.audit(`operator:${id}`)).slice(-2)).toMatchObject([
      { action: 'operator.signed_in', detail: { method: 'password' } },
      { action: 'operator.verified', detail: { method: 'totp' } },
    ]);
    const twice = await browser.send('POST', '/api/session/verify', { code: codeOf(secret) });
    expect([twice.status, twice.body.code]).toEqual([403, 'insufficient_scope']);
  });

  test('N31: the code that was used is worth nothing more, in no session', async () => {
    const { browser } = await signIn(email);
    const answer = await browser.send('POST', '/api/session/verify', { code: used });
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_sign_in']);
    expect((await browser.whoami()).body.must_verify).toBe(true);
  });

  test('N32: a one-time link replaces the password, and not the second factor', async () => {
    const link = (await owner.send('POST', `/api/operators/${id}/sign-in-link`)).body.sign_in_link;
    const browser = new Browser(house.api.url);
    expect((await browser.redeem(secretOf(link))).body).toMatchObject({ must_verify: true, must_set_password: true });
    const early = await browser.send('POST', '/api/session/password', { email, name: 'x', password: PASSWORD });
    expect([early.status, early.body.code]).toEqual([403, 'second_factor_required']);
    await forgetStep(id);
    expect((await browser.send('POST', '/api/session/verify', { code: codeOf(secret) })).body).toMatchObject({
      must_verify: false,
      must_set_password: true,
      permissions: [],
    });
    expect((await browser.setPassword(PASSWORD, email)).body).toMatchObject({ must_verify: false, operator: { id } });
  });

  test('it is removed after a fresh proof only; then a password is enough again', async () => {
    const { browser } = await signIn(email);
    await forgetStep(id);
    await browser.send('POST', '/api/session/verify', { code: codeOf(secret) });
    await makeStale(house);
    expect((await browser.send('DELETE', '/api/session/totp')).body.code).toBe('step_up_required');
    await forgetStep(id);
    expect((await browser.send('POST', '/api/session/step-up', { code: codeOf(secret) })).status).toBe(200);
    expect((await browser.send('DELETE', '/api/session/totp')).status).toBe(204);
    expect((await browser.send('DELETE', '/api/session/totp')).status).toBe(404);
    expect((await signIn(email)).answer.body).toMatchObject({ must_verify: false, proofs: ['password'] });
    expect((await house.sql('SELECT * FROM recovery_code WHERE operator_id = $1', [id])).length).toBe(0);
    await owner.send('POST', '/api/session/step-up', { password: PASSWORD });
  });
});

describe('N31: at the same moment', () => {
  test('a code sent 20 times, to two processes: one sign-in', async () => {
    const { browser, id, email } = await anybody();
    const { secret } = await enrolTotp(browser);
    const second = await startApi({
      databaseUrl: house.api.databaseUrl,
      dataDir: house.api.dataDir,
      firstRun: false,
      env: { ISSUER_URL: house.api.url, SECOND_FACTOR_ATTEMPTS: '10000' },
    });
    try {
      const tabs = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const tab = new Browser(index % 2 === 0 ? house.api.url : second.url);
          await tab.signIn(email);
          return tab;
        }),
      );
      const code = codeOf(secret);
      const answers = await Promise.all(tabs.map((tab) => tab.send('POST', '/api/session/verify', { code })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
      const verified = (await actionsOf(id)).filter((action) => action === 'operator.verified');
      expect(verified).toHaveLength(1);
    } finally {
      await second.stop();
    }
  });

  test('a recovery code sent 10 times at once works once, and never again; the others still do', async () => {
    const { browser, email } = await anybody();
    const { recoveryCodes } = await enrolTotp(browser);
    const [first = '', next = ''] = recoveryCodes;
    const tabs = await Promise.all(Array.from({ length: 10 }, async () => (await signIn(email)).browser));
    const answers = await Promise.all(
      tabs.map((tab) => tab.send('POST', '/api/session/verify', { recovery_code: first })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const stopped = answers.filter(({ status }) => status === 429);
    expect(stopped.length).toBeGreaterThan(0);
    // Guesses are counted per operator and process: a process that knows nothing of them yet takes the next code.
    const other = await startApi({
      databaseUrl: house.api.databaseUrl,
      dataDir: house.api.dataDir,
      firstRun: false,
      env: { ISSUER_URL: house.api.url },
    });
    try {
      const tab = new Browser(other.url);
      await tab.signIn(email);
      const again = await tab.send('POST', '/api/session/verify', { recovery_code: first });
      const right = await tab.send('POST', '/api/session/verify', { recovery_code: ` ${next.toUpperCase()} ` });
      expect([again.status, right.status]).toEqual([401, 200]);
      expect((await tab.send('GET', '/api/session/second-factors')).body.recovery_codes_left).toBe(8);
    } finally {
      await other.stop();
    }
  });
});

describe('guessing', () => {
  test('after so many wrong codes 429, from wherever they come and in whatever session, for the right one too', async () => {
    const { browser, email } = await anybody();
    const { secret } = await enrolTotp(browser);
    const statuses: number[] = [];
    for (let guess = 0; guess < 5; guess++) {
      const { browser: tab } = await signIn(email);
      statuses.push((await tab.send('POST', '/api/session/verify', { code: codeOf(secret, 50 + guess) })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    const { browser: last } = await signIn(email);
    const stopped = await last.send('POST', '/api/session/verify', { code: codeOf(secret) });
    expect([stopped.status, stopped.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('codes guessed at once are stopped like codes guessed one after another', async () => {
    const { browser, email } = await anybody();
    const { secret } = await enrolTotp(browser);
    const { browser: tab } = await signIn(email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, guess) =>
        tab.send('POST', '/api/session/verify', { code: codeOf(secret, 50 + guess) }),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('NIST SP 800-63B §3.2.2: after 100 wrong codes in a row none is right, until the app is enrolled anew', async () => {
    const { browser, id, email } = await anybody();
    const { secret } = await enrolTotp(browser);
    await house.sql('UPDATE operator_totp SET failures = 100 WHERE operator_id = $1', [id]);
    const { browser: tab } = await signIn(email);
    expect((await tab.send('POST', '/api/session/verify', { code: codeOf(secret) })).status).toBe(401);
    expect((await owner.send('DELETE', `/api/operators/${id}/second-factors`)).status).toBe(204);
    expect((await tab.whoami()).status).toBe(401);
    expect((await signIn(email)).answer.body.must_verify).toBe(false);
    expect(
      (await house.audit(`operator:${id}`)).find(({ action }) => action === 'operator.second_factors_removed'),
    ).toEqual({
      actor: `operator:${(await owner.whoami()).body.operator.id}`,
      action: 'operator.second_factors_removed',
      detail: { totp: true, passkeys: 0, sessions_ended: 2 },
    });
  });
});

describe('REQUIRE_SECOND_FACTOR', () => {
  let strict: House;
  beforeEach(async () => {
    await strict?.close();
  });
  afterAll(() => strict?.close());

  test('owners: an owner without one may do nothing but enrol; others are free', async () => {
    strict = await House.open({ env: { REQUIRE_SECOND_FACTOR: 'owners' } });
    const boss = await ownerOf(strict);
    expect((await boss.whoami()).body).toMatchObject({ must_enrol: true, permissions: [] });
    const refused = await boss.send('GET', '/api/clients');
    expect([refused.status, refused.body.code]).toEqual([403, 'second_factor_required']);
    await enrolTotp(boss);
    expect((await boss.whoami()).body).toMatchObject({ must_enrol: false });
    expect((await boss.send('GET', '/api/clients')).status).toBe(200);
    const { browser } = await somebody(strict, boss, 'admin');
    expect((await browser.send('GET', '/api/clients')).status).toBe(200);
  });

  test('all: everybody; and who removes the last one has to enrol again', async () => {
    strict = await House.open({ env: { REQUIRE_SECOND_FACTOR: 'all' } });
    const boss = await ownerOf(strict);
    await enrolTotp(boss);
    const { browser } = await somebody(strict, boss, 'auditor');
    expect((await browser.send('GET', '/api/clients')).body.code).toBe('second_factor_required');
    await enrolTotp(browser);
    expect((await browser.send('GET', '/api/clients')).status).toBe(200);
    await browser.send('DELETE', '/api/session/totp');
    expect((await browser.send('GET', '/api/clients')).body.code).toBe('second_factor_required');
  });
});

test('npm run sign-in-link -- --without-second-factor: the way back in when everything is lost', async () => {
  const { runScript } = await import('@bastionary/testing/program');
  await owner.send('POST', '/api/session/step-up', { password: PASSWORD });
  await enrolTotp(owner);
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: house.api.databaseUrl,
    BASTIONARY_DATA_DIR: house.api.dataDir,
    ISSUER_URL: house.api.url,
  };
  const run = async (...options: string[]) =>
    secretOf((await runScript('apps/api/dist/sign-in-link.js', env, options)).trim());
  const browser = new Browser(house.api.url);
  expect((await browser.redeem(await run())).body.must_verify).toBe(true);
  expect((await browser.redeem(await run('--without-second-factor'))).body).toMatchObject({
    must_verify: false,
    must_set_password: true,
  });
  expect((await browser.setPassword()).body.operator.email).toBe(EMAIL);
});
