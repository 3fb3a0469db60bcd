import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { basic, json, managementToken } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectNotStored, expectOAuthError } from './answers.js';

// The requests of the first specification, byte for byte, against default settings.
const CREATE =
  '{"client_id":"my_client_id","client_secret":"my_client_secret","scopes":["read","write"],"expiry":"2023-12-31T23:59:59Z"}';
const BASIC = 'Basic bXlfY2xpZW50X2lkOm15X2NsaWVudF9zZWNyZXQ=';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = await managementToken(api);
});
afterAll(() => api.stop());

const create = (body: string) =>
  json(`${api.url}/api/clients`, { token, body, method: 'POST', headers: { 'content-type': 'application/json' } });
const form = (body: string, authorization = BASIC) =>
  json(`${api.url}/oauth2/token`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
  });

describe('the specification’s own example', () => {
  test('POST /api/clients is taken, with warnings', async () => {
    const answer = await create(CREATE);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      201,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(answer.body).toEqual({
      client_id: 'my_client_id',
      client_secret: 'my_client_secret',
      name: 'my_client_id',
      scopes: ['read', 'write'],
      expiry: '2023-12-31T23:59:59Z',
      status: 'expired',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/),
      warnings: [
        {
          code: 'weak_client_secret',
          message:
            'A chosen secret can be guessed, this one of 16 characters easily. Leave client_secret out to have one of 256 bits generated, or rotate this one.',
        },
        {
          code: 'expiry_in_the_past',
          message: 'The expiry has passed: the client is expired and gets no token until its expiry is changed.',
        },
      ],
    });
  });

  test('its expiry has passed: it gets no token', async () => {
    expectOAuthError(await form('grant_type=client_credentials&scope=read write'), 401, 'invalid_client');
  });

  test('with an expiry to come it gets one, by HTTP Basic', async () => {
    const expiry = await json(`${api.url}/api/clients/my_client_id`, {
      token,
      method: 'PATCH',
      body: { expiry: '2099-12-31T23:59:59Z' },
    });
    expect([expiry.status, expiry.body.status]).toEqual([200, 'active']);
    const answer = await form('grant_type=client_credentials&scope=read write');
    expect(answer.status).toBe(200);
    expectNotStored(answer);
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'read write',
    });
  });

  test('the header is the one every client makes of id and secret', () => {
    expect(basic('my_client_id', 'my_client_secret')).toBe(BASIC);
  });

  test('grant_type=refresh_token: a client that has not opted in has none', async () => {
    const answer = await form('grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA');
    expectOAuthError(answer, 400, 'unauthorized_client');
  });

  test('the API is reached with Authorization: Bearer', async () => {
    const answer = await json(`${api.url}/api/clients/my_client_id`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, answer.body.client_id]).toEqual([200, 'my_client_id']);
  });

  test('a second client of the same id is refused, and the first is as it was', async () => {
    // Its use is written down in batches, some time after it.
    const first = async () => {
      const { last_token_at, tokens_issued, credentials, ...client } = (
        await json(`${api.url}/api/clients/my_client_id`, { token })
      ).body;
      return [
        client,
        credentials.map(({ last_used_at, last_used_address, use_count, ...one }: Record<string, unknown>) => one),
      ];
    };
    const before = await first();
    expect((await create(CREATE)).status).toBe(409);
    expect(await first()).toEqual(before);
  });
});

describe('the admin client of the first run', () => {
  test('is in a file that only its owner reads, and gets a management token with default settings', async () => {
    const { stat, readFile } = await import('node:fs/promises');
    const file = `${api.dataDir}/admin-client.json`;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      issuer: api.url,
      client_id: expect.stringMatching(/^cli_/),
      client_secret: expect.stringMatching(/^bst_secret_\w{49}$/),
      scopes: ['read', 'write', ...Object.keys(MANAGEMENT_SCOPES)],
    });
  });
});
