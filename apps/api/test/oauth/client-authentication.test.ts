import { type Answer, basic } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, raw } from '../support.js';
import { expectOAuthError } from './answers.js';

const GRANT = 'grant_type=client_credentials';
const URN = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ENDPOINTS = ['token', 'introspect', 'revoke'] as const;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const future = new Date(Date.now() + 3_600_000).toISOString();
const past = '2023-12-31T23:59:59Z';

let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open({ env: { WRONG_SECRET_ATTEMPTS: '10000' } });
  client = await house.client();
});
afterAll(() => house.close());

const withHeader = (authorization: string, body = GRANT) => house.form('token', body, null, { authorization });
const withBody = (parameters: Record<string, string>) =>
  house.form('token', { grant_type: 'client_credentials', ...parameters });

describe('RFC 6749 §2.3.1: HTTP Basic', () => {
  test.each([
    ['of every kind of character', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~ x'],
    ['that looks encoded', '%41%2B+%25 secret'],
    ['with colons', 'a:b:c:d:e:f'],
    ['with a plus', 'one+two+three'],
  ])('a secret %s round-trips, id and secret form-urlencoded each', async (_what, client_secret) => {
    const made = await house.client({ client_secret });
    expect((await house.form('token', GRANT, made)).status).toBe(200);
    expect((await withBody({ client_id: made.client_id, client_secret })).status).toBe(200);
    expectOAuthError(
      await house.form('token', GRANT, { ...made, client_secret: `${client_secret}x` }),
      401,
      'invalid_client',
    );
  });

  test('a plus sent without encoding is a space: no variant of another secret', async () => {
    const plus = await house.client({ client_secret: 'some+secret+here' });
    const space = await house.client({ client_secret: 'some secret here' });
    const bare = (id: string) => withHeader(`Basic ${base64(`${id}:some+secret+here`)}`);
    expectOAuthError(await bare(plus.client_id), 401, 'invalid_client');
    expect((await bare(space.client_id)).status).toBe(200);
  });

  test('a generated secret needs no encoding', async () => {
    expect((await withHeader(`Basic ${base64(`${client.client_id}:${client.client_secret}`)}`)).status).toBe(200);
  });

  test.each(['basic', 'BASIC', 'bAsIc'])('RFC 9110 §11.1: the scheme %s matches in any case', async (scheme) => {
    expect((await withHeader(`${scheme} ${base64(`${client.client_id}:${client.client_secret}`)}`)).status).toBe(200);
  });

  test.each([
    ['no base64', 'Basic *'],
    ['nothing', 'Basic'],
    ['empty', ''],
    ['no colon', `Basic ${base64('idsecret')}`],
    ['an empty id', `Basic ${base64(':secret12')}`],
    ['an empty secret', `Basic ${base64('id:')}`],
    ['NUL', `Basic ${base64('i\0d:secret12')}`],
    ['an encoded NUL', `Basic ${base64('id:secret%00')}`],
    ['a newline', `Basic ${base64('id:sec\nret12')}`],
    ['an escape cut short', `Basic ${base64('id:100%')}`],
    ['bytes that are not UTF-8', `Basic ${Buffer.from([0x61, 0x3a, 0xff, 0xfe]).toString('base64')}`],
    ['a megabyte', `Basic ${base64(`id:${'x'.repeat(9_000)}`)}`],
  ])('RFC 6749 §5.2: malformed, with %s, is 401 invalid_client, never an error of ours', async (_what, value) => {
    expectOAuthError(await withHeader(value), 401, 'invalid_client');
  });

  test('N35: two Authorization headers are refused, whichever of them is right', async () => {
    const good = `Authorization: ${basic(client.client_id, client.client_secret)}`;
    const bad = `Authorization: ${basic(client.client_id, 'wrong secret')}`;
    for (const both of [
      [good, bad],
      [bad, good],
      [good, good],
    ]) {
      const answer = await raw(
        house.api.url,
        [
          'POST /oauth2/token HTTP/1.1',
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${GRANT.length}`,
          ...both,
        ],
        GRANT,
      );
      expectOAuthError(answer, 401, 'invalid_client');
    }
  });

  test.each(['Bearer abc', 'Digest username="x"', 'DPoP abc', 'Negotiate abc'])(
    '%s is no client authentication, and there is no falling back to the body',
    async (authorization) => {
      expectOAuthError(await withHeader(authorization), 401, 'invalid_client');
      const body = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.client_id,
        client_secret: client.client_secret,
      });
      expectOAuthError(await withHeader(authorization, body.toString()), 400, 'invalid_request');
    },
  );
});

describe('RFC 6749 §5.2: every failure looks the same', () => {
  const uniform = ({ status, headers, body }: Answer) => {
    const seen = Object.fromEntries(headers);
    for (const own of ['date', 'x-request-id']) delete seen[own];
    return { status, body, headers: seen };
  };

  test('unknown client, wrong secret of either form, suspended, expired, deleted: one answer', async () => {
    const wrong = { ...client, client_secret: 'a wrong secret' };
    const [suspended, expired, deleted, chosen] = await Promise.all([
      house.client(),
      house.client({ expiry: past }),
      house.client(),
      house.client({ client_secret: 'chosen by somebody' }),
    ]);
    await house.manage(`/api/clients/${suspended.client_id}`, { method: 'PATCH', body: { status: 'suspended' } });
    await house.manage(`/api/clients/${deleted.client_id}`, { method: 'DELETE' });
    const other = await house.client();
    const attempts = [
      wrong,
      { client_id: 'nobody', client_secret: 'a wrong secret' },
      { client_id: 'nobody', client_secret: other.client_secret },
      { ...client, client_secret: other.client_secret },
      { ...client, client_secret: `${client.client_secret.slice(0, -1)}!` },
      { ...chosen, client_secret: other.client_secret },
      { ...chosen, client_secret: 'chosen by somebodY' },
      { client_id: client.client_id.toUpperCase(), client_secret: client.client_secret },
      { client_id: `${client.client_id} `, client_secret: client.client_secret },
      suspended,
      expired,
      deleted,
    ];
    for (const endpoint of ENDPOINTS) {
      const first = await house.form(endpoint, `${GRANT}&token=x`, wrong);
      expectOAuthError(first, 401, 'invalid_client');
      for (const attempt of attempts) {
        const answer = await house.form(endpoint, `${GRANT}&token=x`, attempt);
        expect([attempt.client_id, uniform(answer)]).toEqual([attempt.client_id, uniform(first)]);
      }
    }
  });

  test('the exact reason stands in the log, under the request id of the answer', async () => {
    const answer = await house.form('token', GRANT, { client_id: 'no-such-client', client_secret: 'whatever it is' });
    const id = answer.headers.get('x-request-id') ?? '-';
    const line = await waitFor('the line in the log', () =>
      house.api
        .logs()
        .split('\n')
        .find((one) => one.includes(id) && one.includes('refused')),
    );
    expect(JSON.parse(line)).toMatchObject({
      error: 'invalid_client',
      reason: 'there is no such client',
      client_id: 'no-such-client',
    });
  });

  test('nothing is recorded or counted for a refused client', async () => {
    const before = await house.written();
    await house.form('token', GRANT, { ...client, client_secret: 'a wrong secret' });
    expect(await house.written()).toEqual(before);
  });
});

describe.each(ENDPOINTS)('RFC 6749 §3.2.1: at the %s endpoint', (endpoint) => {
  test('no client authentication is 401 invalid_client with a challenge', async () => {
    expectOAuthError(await house.form(endpoint, `${GRANT}&token=x`), 401, 'invalid_client');
    expectOAuthError(
      await house.form(endpoint, `${GRANT}&token=x&client_id=${client.client_id}`),
      401,
      'invalid_client',
    );
  });

  test('RFC 6749 §2.3: client authentication is judged before anything else of the request', async () => {
    const answer = await house.form(endpoint, 'grant_type=nonsense&scope=%22', {
      ...client,
      client_secret: 'wrong one',
    });
    expectOAuthError(answer, 401, 'invalid_client');
  });

  test('the body authenticates as well as the header', async () => {
    const { client_id, client_secret } = client;
    const answer = await house.form(endpoint, {
      grant_type: 'client_credentials',
      token: 'x',
      client_id,
      client_secret,
    });
    expect(answer.status).toBe(200);
  });
});

describe('RFC 6749 §2.3: one method only', () => {
  const assertion = { client_assertion_type: URN, client_assertion: 'a.b.c' };
  test.each<[string, boolean, (client: MadeClient) => Record<string, string>]>([
    ['Basic and the same secret in the body', true, ({ client_id, client_secret }) => ({ client_id, client_secret })],
    ['Basic and another secret in the body', true, () => ({ client_secret: 'wrong' })],
    ['Basic and an assertion', true, () => assertion],
    [
      'a secret in the body and an assertion',
      false,
      ({ client_id, client_secret }) => ({ client_id, client_secret, ...assertion }),
    ],
  ])('%s is invalid_request', async (_what, header, parameters) => {
    const form = { grant_type: 'client_credentials', ...parameters(client) };
    expectOAuthError(await house.form('token', form, header ? client : null), 400, 'invalid_request');
  });

  test('a client_id in the body that differs from the header is invalid_request; the same one is not', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'another' };
    expectOAuthError(await house.form('token', form, client), 400, 'invalid_request');
    expect((await house.form('token', { ...form, client_id: client.client_id }, client)).status).toBe(200);
  });

  test.each<Record<string, string>>([{ client_assertion: 'a.b.c' }, { client_assertion_type: URN }])(
    'RFC 7521 §4.2: half an assertion is invalid_request: %o',
    async (half) => {
      expectOAuthError(await withBody(half), 400, 'invalid_request');
      expectOAuthError(await withBody({ client_id: client.client_id, ...half }), 400, 'invalid_request');
    },
  );

  test.each([
    [URN, 401, 'invalid_client'],
    ['urn:ietf:params:oauth:client-assertion-type:saml2-bearer', 400, 'invalid_request'],
  ])('an assertion of a client that has no key is refused: %s', async (client_assertion_type, status, error) => {
    const forged = [{ alg: 'none' }, { iss: client.client_id, sub: client.client_id, aud: house.api.url, exp: 9e9 }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const answer = await withBody({
      client_assertion_type,
      client_assertion: `${forged}.`,
      client_id: client.client_id,
    });
    expectOAuthError(answer, status, error);
  });
});

describe('N06: no secret is ever empty', () => {
  test('a deleted credential is no empty one', async () => {
    const made = await house.client({ expiry: future });
    await house.sql('DELETE FROM credential WHERE client_id = $1', [made.client_id]);
    for (const client_secret of ['', ' ', made.client_secret]) {
      expectOAuthError(await withBody({ client_id: made.client_id, client_secret }), 401, 'invalid_client');
    }
  });
});
