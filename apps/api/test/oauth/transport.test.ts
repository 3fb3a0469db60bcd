import { basic, json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, raw } from '../support.js';
import { expectOAuthError } from './answers.js';

const GRANT = 'grant_type=client_credentials';
const FORM = 'application/x-www-form-urlencoded';
let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open();
  client = await house.client();
});
afterAll(() => house.close());

const authorization = () => `Authorization: ${basic(client.client_id, client.client_secret)}`;
const post = (body: string | Buffer, ...headers: string[]) =>
  raw(
    house.api.url,
    ['POST /oauth2/token HTTP/1.1', authorization(), `Content-Length: ${Buffer.byteLength(body)}`, ...headers],
    body,
  );

describe('RFC 6749 §3.2: the token endpoint takes POST only', () => {
  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'RFC 9110 §15.5.6: %s is 405 and names what is allowed',
    async (method) => {
      const answer = await raw(house.api.url, [
        `${method} /oauth2/token?${GRANT}&client_id=${client.client_id}&client_secret=${client.client_secret} HTTP/1.1`,
        authorization(),
      ]);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
      expect(answer.body).not.toContain('access_token');
      if (method !== 'HEAD') expectOAuthError(answer, 405, 'invalid_request');
    },
  );

  test.each(['X-HTTP-Method-Override: POST', 'X-HTTP-Method: POST', 'X-Method-Override: POST'])(
    'N34: %s makes no POST of a GET',
    async (override) => {
      const answer = await raw(house.api.url, [`GET /oauth2/token?${GRANT} HTTP/1.1`, authorization(), override]);
      expect(answer.status).toBe(405);
    },
  );

  test.each(['/oauth2/introspect', '/oauth2/revoke'])('RFC 7662 §2.1, RFC 7009 §2.1: so does %s', async (path) => {
    const answer = await json(`${house.api.url}${path}?token=x`, {
      headers: { authorization: basic(client.client_id, client.client_secret) },
    });
    expectOAuthError(answer, 405, 'invalid_request');
    expect(answer.headers.get('allow')).toBe('POST');
  });
});

describe('RFC 6749 appendix B: the body is a form', () => {
  test.each([FORM, `${FORM}; charset=UTF-8`, `${FORM};charset=utf-8`, FORM.toUpperCase()])(
    '%s is taken',
    async (type) => {
      expect((await post(GRANT, `Content-Type: ${type}`)).status).toBe(200);
    },
  );

  test.each([
    ['JSON', '{"grant_type":"client_credentials"}', 'application/json'],
    [
      'multipart',
      `--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--x--`,
      'multipart/form-data; boundary=x',
    ],
    ['plain text', GRANT, 'text/plain'],
    ['N36: another type that begins alike', GRANT, `${FORM}x`],
    ['N36: a form in a list of types', GRANT, `text/plain, ${FORM}`],
    ['an empty type', GRANT, ''],
  ])('%s is invalid_request', async (_what, body, type) => {
    expectOAuthError(await post(body, `Content-Type: ${type}`), 400, 'invalid_request');
  });

  test('a body without a type is invalid_request', async () => {
    expectOAuthError(await post(GRANT), 400, 'invalid_request');
  });

  test('no body at all is invalid_request', async () => {
    const answer = await raw(house.api.url, ['POST /oauth2/token HTTP/1.1', authorization(), 'Content-Length: 0']);
    expectOAuthError(answer, 400, 'invalid_request');
  });

  test('N48: a compressed body is not unpacked', async () => {
    const { gzipSync } = await import('node:zlib');
    const answer = await post(gzipSync(GRANT), `Content-Type: ${FORM}`, 'Content-Encoding: gzip');
    expectOAuthError(answer, 400, 'invalid_request');
  });
});

describe('RFC 6749 §2.3.1: parameters in the request URI count for nothing', () => {
  test('a secret in the URI never authenticates', async () => {
    const { client_id, client_secret } = client;
    const query = new URLSearchParams({ client_id, client_secret }).toString();
    const answer = await json(`${house.api.url}/oauth2/token?${query}&${GRANT}`, { body: new URLSearchParams(GRANT) });
    expectOAuthError(answer, 401, 'invalid_client');
  });

  test('a grant type in the URI is none', async () => {
    const answer = await json(`${house.api.url}/oauth2/token?${GRANT}`, {
      body: new URLSearchParams({ scope: 'read' }),
      headers: { authorization: basic(client.client_id, client.client_secret) },
    });
    expectOAuthError(answer, 400, 'invalid_request');
  });

  test('a scope in the URI neither widens nor narrows, and is no repetition', async () => {
    const answer = await json(`${house.api.url}/oauth2/token?scope=write`, {
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' }),
      headers: { authorization: basic(client.client_id, client.client_secret) },
    });
    expect([answer.status, answer.body.scope]).toEqual([200, 'read']);
  });

  test('N15: an access token in the URI opens nothing', async () => {
    const answer = await json(`${house.api.url}/api/clients?access_token=${house.token}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
  });
});

describe('RFC 6749 §3.2: single parameters', () => {
  test('one without a value counts as omitted', async () => {
    const answer = await post(`${GRANT}&scope=&client_id=&client_secret=&client_assertion=`, `Content-Type: ${FORM}`);
    expect([answer.status, JSON.parse(answer.body).scope]).toEqual([200, 'read write']);
  });

  test('unrecognised ones are ignored', async () => {
    const extra = '&foo=bar&__proto__=x&constructor=y&resource_owner=z&expires_in=99999999&client_id[]=x';
    const answer = await post(`${GRANT}${extra}`, `Content-Type: ${FORM}`);
    expect([answer.status, JSON.parse(answer.body).expires_in]).toEqual([200, 900]);
  });

  test.each([
    `${GRANT}&${GRANT}`,
    `${GRANT}&scope=read&scope=write`,
    `${GRANT}&scope=read&scope=read`,
    `${GRANT}&scope=&scope=read`,
    `${GRANT}&client_id=a&client_id=a`,
    `${GRANT}&client_secret=a&client_secret=b`,
    `${GRANT}&client_assertion=a&client_assertion=b`,
    `${GRANT}&grant%5Ftype=client_credentials`,
    `${GRANT}&foo=1&foo=2`,
  ])('a parameter that repeats is invalid_request: %s', async (body) => {
    expectOAuthError(await post(body, `Content-Type: ${FORM}`), 400, 'invalid_request');
  });

  test('RFC 8707 §2: only resource may repeat', async () => {
    const resource = 'resource=urn%3Abastionary%3Adefault';
    const answer = await post(`${GRANT}&${resource}&${resource}`, `Content-Type: ${FORM}`);
    expect(answer.status).toBe(200);
  });
});

describe('malformed bodies', () => {
  test.each<[string, Buffer | string]>([
    ['a percent sign alone', `${GRANT}&scope=%`],
    ['no hexadecimal', `${GRANT}&scope=%zz`],
    ['an overlong encoding', `${GRANT}&scope=%c0%af`],
    ['NUL', `${GRANT}&scope=%00`],
    ['NUL in a name', `${GRANT}&sco%00pe=read`],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(`${GRANT}&scope=`), Buffer.from([0xff, 0xfe])])],
    ['an encoded lone surrogate', `${GRANT}&scope=%ED%A0%80`],
  ])('RFC 6749 §5.2: %s is invalid_request', async (_what, body) => {
    expectOAuthError(await post(body, `Content-Type: ${FORM}`), 400, 'invalid_request');
  });

  test('RFC 6749 appendix B: a plus is a space, and so is %20', async () => {
    for (const scope of ['read+write', 'read%20write', 'read write']) {
      const answer = await post(`${GRANT}&scope=${scope}`, `Content-Type: ${FORM}`);
      expect([answer.status, JSON.parse(answer.body).scope]).toEqual([200, 'read write']);
    }
  });

  test('N47: a body over the limit is cut off with 413', async () => {
    const answer = await post(`${GRANT}&pad=${'x'.repeat(20_000)}`, `Content-Type: ${FORM}`);
    expectOAuthError(answer, 413, 'invalid_request');
  });

  test('N47: an endless chunked body is cut off with 413', async () => {
    const chunk = `2000\r\n${'x'.repeat(0x2000)}\r\n`;
    const answer = await raw(
      house.api.url,
      ['POST /oauth2/token HTTP/1.1', authorization(), `Content-Type: ${FORM}`, 'Transfer-Encoding: chunked'],
      chunk.repeat(4),
    );
    expectOAuthError(answer, 413, 'invalid_request');
  });

  test.each([
    ['two different lengths', ['Content-Length: 5', 'Content-Length: 29']],
    ['a length and chunks', ['Content-Length: 29', 'Transfer-Encoding: chunked']],
    ['a negative length', ['Content-Length: -1']],
    ['a header without a colon', ['Nonsense']],
  ])('RFC 9112 §6.3: %s is 400, and no token', async (_what, headers) => {
    const answer = await raw(
      house.api.url,
      ['POST /oauth2/token HTTP/1.1', authorization(), `Content-Type: ${FORM}`, ...headers],
      GRANT,
    );
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('access_token');
  });
});

describe('other origins', () => {
  test.each(['token', 'introspect', 'revoke'] as const)(
    'N54: no CORS at %s: no other origin may read its answers',
    async (endpoint) => {
      for (const origin of ['https://evil.example', 'null', house.api.url]) {
        const answer = await house.form(endpoint, { grant_type: 'client_credentials', token: 'x' }, client, { origin });
        expect(answer.status).toBe(200);
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    },
  );

  test('N30: the issuer is configuration; no header moves it', async () => {
    const answer = await house.form('token', GRANT, client, {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    });
    const claims = JSON.parse(Buffer.from(answer.body.access_token.split('.')[1], 'base64url').toString());
    expect(claims.iss).toBe(house.api.url);
  });
});
