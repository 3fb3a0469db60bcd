import { randomUUID } from 'node:crypto';
import type { Answer } from '@bastionary/testing/http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import {
  assertion,
  type Changes,
  clientWithKeys,
  dpopProof,
  freshNonce,
  inSeconds,
  makeSigner,
  reasonOf,
  withAssertion,
} from './signing.js';

// N10, N11: what proves something once proves it once: in parallel, at two processes, after a restart.
const AT_ONCE = 50;
const key = makeSigner('ES256', 'key');
const proofKey = makeSigner();
let a: House;
let b: House;
let client: MadeClient;
let bound: MadeClient;
let nonce: string;
beforeAll(async () => {
  a = await House.open();
  b = await a.beside();
  [client, bound] = [await clientWithKeys(a, [key]), await a.client()];
});
beforeEach(async () => {
  nonce = await freshNonce(a, bound);
});
afterAll(async () => {
  await b.close();
  await a.close();
});

const make = (changes: Changes = {}, of = client) => assertion(a.api.url, of.client_id, key, changes);
const byAssertion = (house: House, text: string) => house.form('token', withAssertion(text));
const makeProof = (changes: Changes = {}, signer = proofKey) =>
  dpopProof(signer, { url: `${a.api.url}/oauth2/token`, nonce }, changes);
const byProof = (house: House, dpop: string) =>
  house.form('token', { grant_type: 'client_credentials' }, bound, { dpop });

const refusedAssertion = (answer: Answer) => expectOAuthError(answer, 401, 'invalid_client');
const refusedProof = (answer: Answer) => expectOAuthError(answer, 400, 'invalid_dpop_proof');
const kinds = [
  ['an assertion', make, byAssertion, refusedAssertion, 'assertion_replayed'],
  ['a DPoP proof', makeProof, byProof, refusedProof, 'dpop_replayed'],
] as const;

describe.each(kinds)('%s', (_what, made, send, refused, code) => {
  test('a second time it is refused, and the owner sees why', async () => {
    const text = made();
    expect((await send(a, text)).status).toBe(200);
    const second = await send(a, text);
    refused(second);
    expect((await reasonOf(a, second)).code).toBe(code);
    refused(await send(b, text));
  });

  test(`${AT_ONCE} times at once, at two processes: exactly one success`, async () => {
    const text = made();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => send(index % 2 === 0 ? a : b, text)),
    );
    const [taken, others] = [
      answers.filter(({ status }) => status === 200),
      answers.filter(({ status }) => status !== 200),
    ];
    expect([taken.length, others.length]).toEqual([1, AT_ONCE - 1]);
    for (const answer of others) refused(answer);
  });

  test('after a restart it is still used', async () => {
    const text = made();
    expect((await send(b, text)).status).toBe(200);
    await b.close();
    b = await a.beside();
    refused(await send(b, text));
    refused(await send(a, text));
  });

  test(`${AT_ONCE} different ones at once all hold`, async () => {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => send(index % 2 === 0 ? a : b, made())),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});

describe('CVE-2020-15222: a jti is used up only by what proves something', () => {
  test.each<[string, (jti: string) => Changes]>([
    ['signed by a stranger', (jti) => ({ claims: { jti }, signer: makeSigner() })],
    ['made for another audience', (jti) => ({ claims: { jti, aud: 'https://other.example' } })],
    ['expired', (jti) => ({ claims: { jti, exp: inSeconds(-300) } })],
    ['of another type', (jti) => ({ claims: { jti }, header: { typ: 'at+jwt' } })],
  ])('not by an assertion %s', async (_what, changes) => {
    const jti = randomUUID();
    refusedAssertion(await byAssertion(a, make(changes(jti))));
    expect((await byAssertion(a, make({ claims: { jti } }))).status).toBe(200);
    refusedAssertion(await byAssertion(a, make({ claims: { jti } })));
  });

  test.each<[string, (jti: string) => Changes]>([
    ['signed by a stranger', (jti) => ({ claims: { jti }, signer: makeSigner() })],
    ['made for another address', (jti) => ({ claims: { jti, htu: 'https://other.example/oauth2/token' } })],
    ['with a stale nonce', (jti) => ({ claims: { jti, nonce: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } })],
  ])('not by a proof %s', async (_what, changes) => {
    const jti = randomUUID();
    expect((await byProof(a, makeProof(changes(jti)))).status).toBe(400);
    expect((await byProof(a, makeProof({ claims: { jti } }))).status).toBe(200);
    refusedProof(await byProof(a, makeProof({ claims: { jti } })));
  });

  test('a jti belongs to its client, or to its key', async () => {
    const jti = randomUUID();
    const other = await clientWithKeys(a, [key]);
    expect((await byAssertion(a, make({ claims: { jti } }))).status).toBe(200);
    expect((await byAssertion(a, make({ claims: { jti } }, other))).status).toBe(200);
    expect((await byProof(a, makeProof({ claims: { jti } }))).status).toBe(200);
    expect((await byProof(a, makeProof({ claims: { jti } }, makeSigner()))).status).toBe(200);
  });
});

describe('N11: what is remembered', () => {
  test('is a digest and the time until which the text would be taken, no longer', async () => {
    const jti = `canary-${randomUUID()}`;
    const exp = inSeconds(60);
    expect((await byAssertion(a, make({ claims: { jti, exp } }))).status).toBe(200);
    const rows = await a.sql('SELECT used_proof::text AS row, expires_at FROM used_proof ORDER BY expires_at DESC');
    expect(rows.some(({ row }) => row.includes(jti))).toBe(false);
    // CLOCK_SKEW_SECONDS is 60.
    expect(rows.map(({ expires_at }) => expires_at.getTime())).toContain((exp + 60) * 1_000);
  });

  test.each(['', ' ', '\0', 'x'.repeat(256), '../../etc', "'; DROP TABLE used_proof; --", '√∑'])(
    'GHSA-v2jf-442r-6mjh: no form of a jti goes unremembered: %j',
    async (form) => {
      const text = make({ claims: { jti: form } });
      const first = await byAssertion(a, text);
      refusedAssertion(await byAssertion(a, text));
      expect(first.status).toBe(form === '' ? 401 : 200);
    },
  );
});
