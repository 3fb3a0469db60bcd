import { basic } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { type Changes, dpopProof, freshNonce, inSeconds, makeSigner } from './signing.js';

// RFC 9449 §7: a bound token at the management API.
const key = makeSigner();
const stranger = makeSigner();
let a: House;
let b: House;
let client: MadeClient;
let nonce: string;
let bound: string;
let unbound: string;
beforeAll(async () => {
  a = await House.open();
  b = await a.beside();
  client = await a.client({ scopes: ['clients:read', 'clients:write'] });
  nonce = await freshNonce(a, client);
  bound = await boundToken(client);
  unbound = await a.accessToken(client);
});
afterAll(async () => {
  await b.close();
  await a.close();
});

async function boundToken(of: MadeClient, signer = key): Promise<string> {
  const dpop = dpopProof(signer, { url: `${a.api.url}/oauth2/token`, nonce });
  return (await a.form('token', { grant_type: 'client_credentials' }, of, { dpop })).body.access_token;
}

const PATH = '/api/clients';
const proof = (changes: Changes = {}, of = bound, signer = key) =>
  dpopProof(signer, { method: 'GET', url: a.api.url + PATH, nonce, accessToken: of }, changes);
const get = (authorization: string, dpop?: string, house = a, path = PATH) =>
  house.manage(path, { token: '', headers: { authorization, ...(dpop !== undefined && { dpop }) } });

/** RFC 9449 §7.1 or RFC 6750 §3: refused, with a challenge that names the error. */
function expectChallenge(answer: Awaited<ReturnType<typeof get>>, scheme: string, error: string): void {
  expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('www-authenticate')).toContain(`${scheme} realm="bastionary"`);
  expect(answer.headers.get('www-authenticate')).toContain(`error="${error}"`);
}

describe('accepted', () => {
  test.each(['DPoP', 'dpop', 'DPOP'])('RFC 9110 §11.1: the scheme %s matches in any case', async (scheme) => {
    expect((await get(`${scheme} ${bound}`, proof())).status).toBe(200);
  });

  test('a query is no part of htu; every method has its own proof', async () => {
    expect((await get(`DPoP ${bound}`, proof(), a, `${PATH}?limit=1`)).status).toBe(200);
    const dpop = dpopProof(key, { method: 'POST', url: a.api.url + PATH, nonce, accessToken: bound });
    const made = await a.manage(PATH, {
      token: '',
      body: { scopes: ['clients:read'] },
      headers: { authorization: `DPoP ${bound}`, dpop },
    });
    expect(made.status).toBe(201);
  });

  test('an unbound token stays a Bearer token, a proof beside it or not', async () => {
    expect((await get(`Bearer ${unbound}`)).status).toBe(200);
  });

  test('RFC 9449 §9: without a nonce it is told one', async () => {
    const asked = await get(`DPoP ${bound}`, proof({ claims: { nonce: undefined } }));
    expectChallenge(asked, 'DPoP', 'use_dpop_nonce');
    const given = asked.headers.get('dpop-nonce') ?? '';
    expect((await get(`DPoP ${bound}`, proof({ claims: { nonce: given } }))).status).toBe(200);
  });
});

describe('refused', () => {
  test('statement 62: a bound token as Bearer, with or without its proof', async () => {
    for (const dpop of [undefined, proof()]) {
      const answer = await get(`Bearer ${bound}`, dpop);
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
    }
  });

  test('an unbound token as DPoP, with a proof made for it', async () => {
    const answer = await get(`DPoP ${unbound}`, proof({}, unbound));
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
  });

  test("another key's proof, however good", async () => {
    const answer = await get(`DPoP ${bound}`, proof({}, bound, stranger));
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
  });

  test.each<[string, () => string | undefined]>([
    ['no proof', () => undefined],
    ['no ath', () => proof({ claims: { ath: undefined } })],
    ['ath of another token', () => proof({}, unbound)],
    ['ath that is the token itself', () => proof({ claims: { ath: bound } })],
    ['htm of another method', () => proof({ claims: { htm: 'POST' } })],
    ['htu of another route', () => proof({ claims: { htu: `${a.api.url}/api/audit` } })],
    ['htu of the token endpoint', () => proof({ claims: { htu: `${a.api.url}/oauth2/token` } })],
    ['made an hour ago', () => proof({ claims: { iat: inSeconds(-3_600) } })],
    ["a stranger's signature", () => proof({ signer: stranger })],
    ['the access token as proof', () => bound],
    ['two proofs', () => `${proof()}, ${proof()}`],
  ])('%s', async (_what, dpop) => {
    const answer = await get(`DPoP ${bound}`, dpop());
    expectChallenge(answer, 'DPoP', 'invalid_dpop_proof');
    expect(answer.headers.get('dpop-nonce')).toBe(nonce);
  });

  test('N10: a proof a second time, at either process; 50 at once: one success', async () => {
    const dpop = proof();
    expect((await get(`DPoP ${bound}`, dpop)).status).toBe(200);
    for (const house of [a, b]) expectChallenge(await get(`DPoP ${bound}`, dpop, house), 'DPoP', 'invalid_dpop_proof');
    const one = proof();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => get(`DPoP ${bound}`, one, index % 2 === 0 ? a : b)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
  });

  test('a revoked bound token, with a good proof', async () => {
    const made = await boundToken(client);
    expect((await get(`DPoP ${made}`, proof({}, made))).status).toBe(200);
    await a.form('revoke', { token: made }, client);
    expect((await get(`DPoP ${made}`, proof({}, made))).status).toBe(401);
  });

  test('DPoP is no client authentication at the OAuth2 endpoints', async () => {
    const dpop = dpopProof(key, { url: `${a.api.url}/oauth2/introspect`, nonce, accessToken: bound });
    const headers = { authorization: `DPoP ${bound}`, dpop };
    expect((await a.form('introspect', { token: bound }, null, headers)).status).toBe(401);
    const right = { authorization: basic(client.client_id, client.client_secret) };
    expect((await a.form('introspect', { token: bound }, null, right)).body.active).toBe(true);
  });
});
