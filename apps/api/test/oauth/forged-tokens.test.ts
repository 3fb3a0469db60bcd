import { createHmac, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import { type OwnKey, ownKey, partsOf } from './own-key.js';
import {
  assertion,
  clientWithKeys,
  dpopProof,
  encode,
  freshNonce,
  makeSigner,
  signed,
  withAssertion,
} from './signing.js';

// N01 to N06 at every place that takes something signed.
const signer = makeSigner('ES256', 'key');
const proofKey = makeSigner();
const attacker = makeSigner('ES256', 'attacker');
let house: House;
let client: MadeClient;
let keyed: MadeClient;
let own: OwnKey;
let nonce: string;
let sink: Server;
let calls = 0;
let sinkUrl: string;
beforeAll(async () => {
  house = await House.open();
  client = await house.client({ scopes: ['clients:read'] });
  keyed = await clientWithKeys(house, [signer], { scopes: ['clients:read'] });
  own = await ownKey(house);
  nonce = await freshNonce(house, client);
  sink = createServer((_request, response) => {
    calls++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [attacker.jwk] }));
  });
  sink.listen(0, '127.0.0.1');
  await once(sink, 'listening');
  sinkUrl = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/keys`;
});
afterAll(async () => {
  sink.close();
  await house.close();
});

type Header = Record<string, unknown>;
type Resign = (input: string) => string;
const mac =
  (key: string | Buffer): Resign =>
  (input) =>
    createHmac('sha256', key).update(input).digest('base64url');
const empty: Resign = () => '';

/** A good one of each kind, with its header changed and signed anew by `resign`. */
interface Target {
  readonly name: string;
  good(): Promise<string>;
  refused(text: string): Promise<void>;
  publicJwk(): Header;
}
const targets: Target[] = [
  {
    name: 'an access token',
    good: () => house.accessToken(client),
    async refused(token) {
      expect((await house.manage('/api/clients', { token })).status).toBe(401);
      expect(await house.isActive(token)).toBe(false);
    },
    publicJwk: () => own.jwk,
  },
  {
    name: 'a client assertion',
    good: async () => assertion(house.api.url, keyed.client_id, signer),
    refused: async (text) => expectOAuthError(await house.form('token', withAssertion(text)), 401, 'invalid_client'),
    publicJwk: () => signer.jwk,
  },
  {
    name: 'a DPoP proof',
    good: async () => dpopProof(proofKey, { url: `${house.api.url}/oauth2/token`, nonce }),
    async refused(dpop) {
      const answer = await house.form('token', { grant_type: 'client_credentials' }, client, { dpop });
      expectOAuthError(answer, 400, 'invalid_dpop_proof');
    },
    publicJwk: () => proofKey.jwk,
  },
];

const resigned = (good: string, header: Header, resign: Resign): string => {
  const parts = partsOf(good);
  const input = `${encode({ ...parts.header, ...header })}.${encode(parts.claims)}`;
  return `${input}.${resign(input)}`;
};
const byAttacker = (good: string, header: Header): string => {
  const parts = partsOf(good);
  return signed({ ...parts.header, ...header }, parts.claims, attacker);
};

describe.each(targets.map((target) => [target.name, target] as const))('%s', (_name, { good, refused, publicJwk }) => {
  test.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined])(
    'N01: alg %j, signed or not',
    async (alg) => {
      const text = await good();
      await refused(resigned(text, { alg }, empty));
      await refused(resigned(text, { alg }, () => text.split('.')[2] ?? ''));
      await refused(resigned(text, { alg }, empty).slice(0, -1));
    },
  );

  test.each(['HS256', 'HS384', 'HS512', 'hs256'])('N02: %s with every form of the public key', async (alg) => {
    const jwk = publicJwk();
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    const forms = [
      pem,
      pem.trim(),
      pem.replaceAll('\n', ''),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
      JSON.stringify(key.export({ format: 'jwk' })),
      String(jwk.x),
      Buffer.from(String(jwk.x), 'base64url'),
      '',
    ];
    const text = await good();
    for (const form of forms) await refused(resigned(text, { alg }, mac(form)));
  });

  test.each(['RS256', 'ES384', 'ES512', 'ES256K', 'PS256', 'EdDSA', 'PBES2-HS256+A128KW', 'dir', ['ES256'], 256, {}])(
    'N02: alg %j over the right signature of the same key',
    async (alg) => {
      const text = await good();
      await refused(resigned(text, { alg }, () => text.split('.')[2] ?? ''));
    },
  );

  test('N03: jku, x5u and an embedded key lead nowhere; the address is never called', async () => {
    const text = await good();
    const stolen = partsOf(text).header.jwk === undefined ? { jwk: attacker.jwk } : {};
    for (const header of [
      { jku: sinkUrl, kid: 'attacker' },
      { jku: sinkUrl },
      { x5u: sinkUrl, kid: 'attacker' },
      { x5u: sinkUrl },
      { x5c: [Buffer.from('certificate').toString('base64')] },
      { kid: sinkUrl },
      { jku: sinkUrl, x5u: sinkUrl, ...stolen },
      ...(stolen.jwk === undefined ? [] : [stolen, { ...stolen, kid: 'attacker' }]),
    ]) {
      await refused(byAttacker(text, header));
    }
    expect(calls).toBe(0);
  });

  test.each<[string, unknown]>([
    ['a path', '../../../../dev/null'],
    ['SQL', "' OR '1'='1"],
    ['a union', "x' UNION SELECT 'attacker' --"],
    ['NUL', 'key\0'],
    ['a list', ['key']],
    ['an object', { $ne: null }],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['empty', ''],
    ['a number', 0],
    ['long', 'k'.repeat(4_000)],
  ])('N04: kid %s', async (_what, kid) => {
    await refused(byAttacker(await good(), { kid }));
  });

  test('N05: no other serialisation, no JWE, nothing nested or longer than 8 KB', async () => {
    const text = await good();
    const [header = '', payload = '', signature = ''] = text.split('.');
    const flattened = JSON.stringify({ protected: header, payload, signature });
    for (const other of [
      flattened,
      JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
      encode(flattened),
      `${encode({ alg: 'dir', enc: 'A256GCM' })}..${'A'.repeat(16)}.${payload}.${'A'.repeat(22)}`,
      `${header}.${payload}`,
      `${text}.`,
      `.${text}`,
      text.replaceAll('.', '..'),
      `${header}.${encode(text)}.${signature}`,
      `${header}=.${payload}.${signature}`,
      `${text}=`,
      `${text}${'A'.repeat(8_192)}`,
    ]) {
      await refused(other);
    }
  });

  test('every one-character edit of the signature and the last of each part', async () => {
    const text = await good();
    const [header = '', payload = '', signature = ''] = text.split('.');
    const edited = (part: string, at: number) =>
      part.slice(0, at) + (part.at(at) === 'A' ? 'B' : 'A') + part.slice(at + 1);
    await refused([edited(header, header.length - 1), payload, signature].join('.'));
    await refused([header, edited(payload, payload.length - 1), signature].join('.'));
    await Promise.all([...signature].map((_, at) => refused([header, payload, edited(signature, at)].join('.'))));
  });

  test('the good one is good', async () => {
    await expect(refused(await good())).rejects.toThrow();
  });
});

describe('N22: nothing is remembered by less than the whole token', () => {
  test('a good token, then one that begins or ends alike', async () => {
    const token = await house.accessToken(client);
    expect(await house.isActive(token)).toBe(true);
    const { header, claims } = partsOf(token);
    const wider = signed(header, { ...claims, scope: 'clients:read clients:write' }, attacker);
    for (const other of [wider, wider.slice(0, wider.lastIndexOf('.')) + token.slice(token.lastIndexOf('.'))]) {
      expect(await house.isActive(other)).toBe(false);
      expect((await house.manage('/api/clients', { token: other })).status).toBe(401);
    }
    expect(await house.isActive(token)).toBe(true);
  });
});

describe('N15: an access token counts in the Authorization header and nowhere else', () => {
  test('not in the query, not in a cookie', async () => {
    const token = await house.accessToken(client);
    expect((await house.manage(`/api/clients?access_token=${token}`, { token: '' })).status).toBe(401);
    for (const headers of [{ cookie: `access_token=${token}` }, { 'x-access-token': token }] as Record<
      string,
      string
    >[]) {
      expect((await house.manage('/api/clients', { token: '', headers })).status).toBe(401);
    }
    const answer = await house.manage(`/api/clients?access_token=${token}`, { token: house.token });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).not.toContain(token);
  });

  test('what came in the query is not in the log', async () => {
    const token = await house.accessToken(client);
    await house.manage(`/api/clients?access_token=${token}`, { token: '' });
    expect(house.api.logs()).not.toContain(token);
  });
});
