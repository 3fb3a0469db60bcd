import { freePort } from '@bastionary/testing/free-port';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { Authenticator } from './authenticator.js';
import { Browser } from './browser.js';
import { makeStale, ownerOf, somebody } from './people.js';

let house: House;
let owner: Browser;
let origin: string;
beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const plenty = { SIGN_IN_ATTEMPTS: '10000', SIGN_IN_ATTEMPTS_PER_ADDRESS: '10000', SECOND_FACTOR_ATTEMPTS: '10000' };
  house = await House.open({ port, env: { ...plenty, ISSUER_URL: origin } });
  owner = await ownerOf(house);
});
afterAll(() => house.close());

let count = 0;
const anybody = () => somebody(house, owner, 'admin', `holder-${count++}@example.com`);
const challengeOf = async (browser: Browser, path: string) => (await browser.send('POST', path)).body;
const register = async (browser: Browser, name = 'My laptop', authenticator = new Authenticator(origin)) => {
  const attestation = authenticator.create(await challengeOf(browser, '/api/session/passkey-registration'));
  const answer = await browser.send('POST', '/api/session/passkeys', { name, attestation });
  return { authenticator, answer, attestation };
};
const prove = async (browser: Browser, authenticator: Authenticator, faults = {}) =>
  authenticator.get(await challengeOf(browser, '/api/session/passkey-challenge'), faults);
const REFUSAL = 'This proof does not hold: it is wrong, was used before, or is too old.';

describe('a passkey', () => {
  let person: Browser;
  let email: string;
  let id: string;
  let authenticator: Authenticator;
  let passkeyId: string;
  beforeAll(async () => {
    ({ browser: person, email, id } = await anybody());
  });

  test('what the browser is asked to make', async () => {
    const answer = await person.send('POST', '/api/session/passkey-registration');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(answer.body).toMatchObject({
      rp: { name: 'Bastionary', id: 'localhost' },
      user: { id: Buffer.from(id).toString('base64url'), name: email, displayName: 'Olivia Owner' },
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });

  test('is added, with recovery codes, as the first second factor', async () => {
    const made = await register(person);
    ({ authenticator } = made);
    expect([made.answer.status, made.answer.body]).toEqual([
      201,
      {
        passkey: {
          id: expect.stringMatching(/^pky_/),
          name: 'My laptop',
          synced: false,
          created_at: expect.stringMatching(/Z$/),
          last_used_at: null,
        },
        recovery_codes: expect.any(Array),
      },
    ]);
    passkeyId = made.answer.body.passkey.id;
    expect(made.answer.body.recovery_codes).toHaveLength(10);
    const { body } = await person.send('GET', '/api/session/second-factors');
    expect(body).toMatchObject({
      totp: null,
      passkeys: [{ id: passkeyId }],
      passkeys_available: true,
      recovery_codes_left: 10,
    });
    expect((await house.audit(`operator:${id}`)).at(-1)).toMatchObject({
      action: 'operator.passkey_added',
      detail: { passkey: passkeyId, name: 'My laptop', synced: false },
    });
  });

  test('verifies a sign-in', async () => {
    const browser = new Browser(house.api.url);
    expect((await browser.signIn(email)).body).toMatchObject({ must_verify: true });
    const options = await challengeOf(browser, '/api/session/passkey-challenge');
    expect(options).toMatchObject({
      rpId: 'localhost',
      userVerification: 'required',
      allowCredentials: [{ id: Buffer.from(authenticator.id).toString('base64url'), type: 'public-key' }],
    });
    const answer = await browser.send('POST', '/api/session/verify', { passkey: authenticator.get(options) });
    expect([answer.status, answer.body.must_verify]).toEqual([200, false]);
    const [row] = await house.sql('SELECT counter, last_used_at FROM passkey WHERE id = $1', [passkeyId]);
    expect([row.counter, row.last_used_at]).toEqual(['1', expect.any(Date)]);
  });

  test('signs in alone, and that is two factors', async () => {
    const browser = new Browser(house.api.url);
    const options = await challengeOf(browser, '/api/session/passkey-sign-in/challenge');
    expect(options.allowCredentials ?? []).toEqual([]);
    const answer = await browser.send('POST', '/api/session/passkey-sign-in', { passkey: authenticator.get(options) });
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({
        operator: expect.objectContaining({ id }),
        must_verify: false,
        must_set_password: false,
      }),
    ]);
    expect((await browser.send('GET', '/api/clients')).status).toBe(200);
    expect((await house.audit(`operator:${id}`)).at(-1)).toMatchObject({
      action: 'operator.signed_in',
      detail: { method: 'passkey' },
    });
  });

  test('is a fresh proof', async () => {
    person = new Browser(house.api.url);
    await person.signIn(email);
    await person.send('POST', '/api/session/verify', { passkey: await prove(person, authenticator) });
    await makeStale(house);
    const answer = await person.send('POST', '/api/session/step-up', { passkey: await prove(person, authenticator) });
    expect(answer.status).toBe(200);
    expect((await person.send('POST', '/api/session/recovery-codes')).body.recovery_codes).toHaveLength(10);
    await owner.send('POST', '/api/session/step-up', { password: 'correct horse battery staple' });
  });

  test('is renamed and removed by its owner alone (N39)', async () => {
    const path = `/api/session/passkeys/${passkeyId}`;
    const foreign = [await owner.send('PATCH', path, { name: 'Mine' }), await owner.send('DELETE', path)];
    expect(foreign.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'not_found'],
      [404, 'not_found'],
    ]);
    expect((await person.send('PATCH', path, { name: 'Old laptop' })).body).toMatchObject({
      id: passkeyId,
      name: 'Old laptop',
    });
    expect((await person.send('DELETE', path)).status).toBe(204);
    expect((await person.send('DELETE', path)).status).toBe(404);
    expect((await new Browser(house.api.url).signIn(email)).body.must_verify).toBe(false);
  });
});

describe('what is refused at the registration', () => {
  test.each([
    ['another origin', { origin: 'http://localhost:1' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['no user verification', { flags: 0x41 }],
    ['no user presence', { flags: 0x44 }],
    ['a challenge of our own making', { challenge: 'A'.repeat(43) }],
    ['an attestation that could name addresses to fetch', { format: 'packed' }],
  ])('%s', async (_what, faults) => {
    const { browser } = await anybody();
    const options = await challengeOf(browser, '/api/session/passkey-registration');
    const attestation = new Authenticator(origin).create(options, faults);
    const answer = await browser.send('POST', '/api/session/passkeys', { name: 'x', attestation });
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([401, 'invalid_sign_in', REFUSAL]);
    expect((await browser.send('GET', '/api/session/second-factors')).body.passkeys).toEqual([]);
  });

  test('N31: the same answer twice, one that is too old, and one from another session', async () => {
    const { browser } = await anybody();
    const { attestation } = await register(browser);
    expect((await browser.send('POST', '/api/session/passkeys', { name: 'x', attestation })).status).toBe(401);

    const options = await challengeOf(browser, '/api/session/passkey-registration');
    await house.sql(`UPDATE passkey_challenge SET expires_at = now() - interval '1 second'`);
    const late = new Authenticator(origin).create(options);
    expect((await browser.send('POST', '/api/session/passkeys', { name: 'x', attestation: late })).status).toBe(401);

    const { browser: other } = await anybody();
    const foreign = new Authenticator(origin).create(await challengeOf(browser, '/api/session/passkey-registration'));
    expect((await other.send('POST', '/api/session/passkeys', { name: 'x', attestation: foreign })).status).toBe(401);
  });

  test('the same authenticator for two operators', async () => {
    const [{ browser: first }, { browser: second }] = [await anybody(), await anybody()];
    const { authenticator } = await register(first);
    const { answer } = await register(second, 'x', authenticator);
    expect([answer.status, answer.body.code]).toEqual([409, 'second_factor_exists']);
  });
});

describe('what is refused at signing in', () => {
  let person: Browser;
  let email: string;
  let authenticator: Authenticator;
  beforeAll(async () => {
    ({ browser: person, email } = await anybody());
    ({ authenticator } = await register(person));
  });
  const half = async () => {
    const browser = new Browser(house.api.url);
    await browser.signIn(email);
    return browser;
  };

  test.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['no user verification', { flags: 0x01 }],
    ['no user presence', { flags: 0x04 }],
    ['a challenge of our own making', { challenge: 'A'.repeat(43) }],
    ['somebody else’s user handle', { userHandle: Buffer.from('opr_0').toString('base64url') }],
  ])('%s', async (_what, faults) => {
    const browser = await half();
    const passkey = await prove(browser, authenticator, faults);
    const second = await browser.send('POST', '/api/session/verify', { passkey });
    const options = await challengeOf(browser, '/api/session/passkey-sign-in/challenge');
    const alone = await new Browser(house.api.url).send('POST', '/api/session/passkey-sign-in', {
      passkey: authenticator.get(options, faults),
    });
    for (const { status, body } of [second, alone]) expect([status, body.detail]).toEqual([401, REFUSAL]);
    expect((await browser.whoami()).body.must_verify).toBe(true);
  });

  test('without a session, an answer without user handle', async () => {
    const browser = new Browser(house.api.url);
    const options = await challengeOf(browser, '/api/session/passkey-sign-in/challenge');
    const passkey = authenticator.get(options, { userHandle: null });
    expect((await browser.send('POST', '/api/session/passkey-sign-in', { passkey })).status).toBe(401);
  });

  test('the passkey of another operator', async () => {
    const { browser: other } = await anybody();
    const { authenticator: theirs } = await register(other);
    const browser = await half();
    const passkey = await prove(browser, theirs, { userHandle: null });
    expect((await browser.send('POST', '/api/session/verify', { passkey })).status).toBe(401);
  });

  test('a counter that does not grow: the passkey may have been copied', async () => {
    const right = await half();
    const passkey = await prove(right, authenticator);
    expect((await right.send('POST', '/api/session/verify', { passkey })).status).toBe(200);
    for (const counter of [authenticator.counter, 0]) {
      const browser = await half();
      const copied = await prove(browser, authenticator, { counter });
      expect((await browser.send('POST', '/api/session/verify', { passkey: copied })).status).toBe(401);
    }
  });

  test('N31, N32: a challenge serves once, in its own session and for its own purpose', async () => {
    const browser = await half();
    const passkey = await prove(browser, authenticator);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => browser.send('POST', '/api/session/verify', { passkey })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);

    const [first, second] = [await half(), await half()];
    const foreign = await prove(first, authenticator);
    expect((await second.send('POST', '/api/session/verify', { passkey: foreign })).status).toBe(401);
    const alone = await new Browser(house.api.url).send('POST', '/api/session/passkey-sign-in', {
      passkey: await prove(first, authenticator),
    });
    expect(alone.status).toBe(401);
    const options = await challengeOf(first, '/api/session/passkey-sign-in/challenge');
    const mixed = await first.send('POST', '/api/session/verify', { passkey: authenticator.get(options) });
    expect(mixed.status).toBe(401);
    const late = await prove(first, authenticator);
    await house.sql(`UPDATE passkey_challenge SET expires_at = now() - interval '1 second'`);
    expect((await first.send('POST', '/api/session/verify', { passkey: late })).status).toBe(401);
  });

  test('an operator who is suspended', async () => {
    const browser = new Browser(house.api.url);
    const passkey = authenticator.get(await challengeOf(browser, '/api/session/passkey-sign-in/challenge'));
    await house.sql(`UPDATE operator SET status = 'suspended' WHERE email = $1`, [email]);
    const answer = await browser.send('POST', '/api/session/passkey-sign-in', { passkey });
    expect([answer.status, answer.body.detail]).toEqual([401, REFUSAL]);
  });

  test('N52: another site', async () => {
    const browser = new Browser(house.api.url);
    for (const path of ['/api/session/passkey-sign-in/challenge', '/api/session/passkey-sign-in']) {
      const passkey = authenticator.get({ challenge: 'x' });
      const answer = await browser.send('POST', path, { passkey }, { 'sec-fetch-site': 'cross-site' });
      expect([answer.status, answer.body.code]).toEqual([403, 'cross_site_request']);
    }
  });
});

test('an issuer without a name has no passkeys, and says why', async () => {
  const bare = await House.open();
  try {
    const browser = await ownerOf(bare);
    for (const path of ['/api/session/passkey-registration', '/api/session/passkey-sign-in/challenge']) {
      const answer = await browser.send('POST', path);
      expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
        409,
        'passkeys_unavailable',
        expect.stringContaining('ISSUER_URL'),
      ]);
    }
  } finally {
    await bare.close();
  }
});
