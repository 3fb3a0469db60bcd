import { basic } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, type RawAnswer, raw } from '../support.js';

// The express lane must differ from the ordinary way (Nest, passport) in nothing but its speed. A query makes a request
// take the ordinary way; every request here is sent both ways and must be answered alike.
let house: House;
let client: MadeClient;
let token: string;

beforeAll(async () => {
  house = await House.open();
  client = await house.client();
  token = await house.accessToken(client);
});
afterAll(() => house.close());

const FORM = 'Content-Type: application/x-www-form-urlencoded';
const own = () => `Authorization: ${basic(client.client_id, client.client_secret)}`;

/** What may differ between two answers to the same request: time, ids, and the order of headers. */
const comparable = ({ status, headers, body }: RawAnswer) => ({
  status,
  headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)).sort(),
  body: body.replace(/"access_token":"[^"]+"/, '"access_token":"…"'),
});

const bothWays = async (endpoint: string, headers: string[], body: string) => {
  const head = (query: string) => [
    `POST /oauth2/${endpoint}${query} HTTP/1.1`,
    ...headers,
    `Content-Length: ${body.length}`,
  ];
  const lane = comparable(await raw(house.api.url, head(''), body));
  const ordinary = comparable(await raw(house.api.url, head('?ordinary'), body));
  return { lane, ordinary };
};

const CASES: [string, string, () => string[], () => string, number][] = [
  ['a token', 'token', () => [FORM, own()], () => 'grant_type=client_credentials&scope=read', 200],
  ['a live token introspected', 'introspect', () => [FORM, own()], () => `token=${token}`, 200],
  ['a dead token introspected', 'introspect', () => [FORM, own()], () => 'token=none', 200],
  ['no token to introspect', 'introspect', () => [FORM, own()], () => '', 400],
  [
    'a wrong secret',
    'token',
    () => [FORM, `Authorization: ${basic(client.client_id, 'wrong')}`],
    () => 'grant_type=client_credentials',
    401,
  ],
  ['no client', 'token', () => [FORM], () => 'grant_type=client_credentials', 401],
  ['a Bearer header', 'token', () => [FORM, 'Authorization: Bearer x'], () => 'grant_type=client_credentials', 401],
  ['no grant type', 'token', () => [FORM, own()], () => 'scope=read', 400],
  ['an unknown grant type', 'token', () => [FORM, own()], () => 'grant_type=password', 400],
  ['a scope beyond', 'token', () => [FORM, own()], () => 'grant_type=client_credentials&scope=clients:read', 400],
  ['a repeated parameter', 'token', () => [FORM, own()], () => 'scope=read&scope=read', 400],
  ['a malformed escape', 'token', () => [FORM, own()], () => 'scope=%zz', 400],
  ['JSON', 'token', () => ['Content-Type: application/json', own()], () => '{}', 400],
  ['no content type', 'token', () => [own()], () => 'grant_type=client_credentials', 400],
  ['a body too large', 'token', () => [FORM, own()], () => `scope=${'a'.repeat(20_000)}`, 413],
];

describe('the express lane answers like the ordinary way', () => {
  test.each(CASES)('%s', async (_name, endpoint, headers, body, status) => {
    const { lane, ordinary } = await bothWays(endpoint, headers(), body());
    expect(lane).toEqual(ordinary);
    expect(lane.status).toBe(status);
  });
});

describe('behind a proxy', () => {
  test.each(['', '?ordinary'])(
    'the address is the one the proxy names, so that guessers elsewhere lock nobody out (%j)',
    async (query) => {
      const proxied = await House.open({ env: { TRUSTED_PROXIES: 'loopback', WRONG_SECRET_ATTEMPTS: '3' } });
      try {
        const { client_id } = await proxied.client();
        const guess = async (from: string) => {
          const head = [`POST /oauth2/token${query} HTTP/1.1`, FORM, `X-Forwarded-For: ${from}`, 'Content-Length: 29'];
          const answer = await raw(
            proxied.api.url,
            [...head, `Authorization: ${basic(client_id, 'a wrong secret')}`],
            'grant_type=client_credentials',
          );
          return answer.status;
        };
        for (let attempt = 0; attempt < 3; attempt++) expect(await guess('203.0.113.7')).toBe(401);
        expect(await guess('203.0.113.7')).toBe(429);
        expect(await guess('203.0.113.8')).toBe(401);
      } finally {
        await proxied.close();
      }
    },
  );
});
