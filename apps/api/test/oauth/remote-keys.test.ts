import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseConfig } from '@bastionary/platform/config';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RemoteKeys } from '../../src/modules/auth/client-keys/remote-keys.js';
import { selfSigned } from './self-signed.js';

const { key, cert } = selfSigned();
const jwk = (kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});
const [K1, K2] = [jwk('k1'), jwk('k2')];

type Answer = (response: ServerResponse) => void;
const json =
  (body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

let server: Server;
let answer: Answer;
let asked: string[];
let now: number;
let origin: string;

beforeAll(async () => {
  server = createServer({ key, cert }, (request, response) => {
    asked.push(request.url ?? '');
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  now = 1_800_000_000_000;
  answer = json({ keys: [K1] });
});

const settings = (env: Record<string, string> = {}) =>
  parseConfig({ DATABASE_URL: 'postgresql://u:p@127.0.0.1/x', JWKS_URI_ALLOW_PRIVATE: '127.0.0.1', ...env });
const open = (env: Record<string, string> = {}, addresses?: string[]) =>
  new RemoteKeys(settings(env), {
    ca: cert,
    now: () => now,
    ...(addresses && {
      resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    }),
  });
const uri = (path = '/jwks.json') => origin + path;
const kidsOf = async (remote: RemoteKeys, wantedKid?: string, path?: string) =>
  (await remote.keysOf(uri(path), wantedKid)).keys.map(({ kid }) => kid);
const problemOf = async (remote: RemoteKeys, address = uri()) => {
  const { keys, problem } = await remote.keysOf(address);
  return keys.length === 0 ? problem : 'there are keys';
};

describe('what is fetched', () => {
  test('the usable keys of a set', async () => {
    answer = json({ keys: [K1, { kty: 'oct', k: 'c2VjcmV0' }, { ...K2, alg: 'RS256' }] });
    expect(await open().keysOf(uri())).toMatchObject({ keys: [{ kid: 'k1', alg: 'ES256' }], problem: null });
  });

  test.each(['application/json; charset=utf-8', 'application/jwk-set+json', 'Application/JSON'])(
    'as %s',
    async (type) => {
      answer = json({ keys: [K1] }, { 'content-type': type });
      expect(await kidsOf(open())).toEqual(['k1']);
    },
  );

  test.each<[string, Answer, string]>([
    [
      'a redirect',
      (r) => r.writeHead(302, { location: '/other' }).end(),
      'it redirects, and redirects are not followed',
    ],
    ['404', (r) => r.writeHead(404).end(), 'it answers 404'],
    ['500', (r) => r.writeHead(500).end(), 'it answers 500'],
    ['204', (r) => r.writeHead(204).end(), 'it answers 204'],
    ['HTML', json({ keys: [K1] }, { 'content-type': 'text/html' }), 'its content type is not JSON'],
    ['compressed', json({ keys: [K1] }, { 'content-encoding': 'gzip' }), 'its content is compressed'],
    ['no JSON', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{'), 'it is not JSON'],
    [
      'no UTF-8',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('"\xff"', 'latin1'),
      'it is not JSON',
    ],
    ['one key, no set', json(K1), 'it is no JWK Set'],
    ['too large', json({ keys: [K1], more: 'x'.repeat(65_536) }), 'it is larger than 65536 bytes'],
    ['endless', endless, 'it is larger than 65536 bytes'],
    ['cut short', cutShort, 'the connection failed (ECONNRESET)'],
  ])('not: %s', async (_what, given, reason) => {
    answer = given;
    expect(await problemOf(open())).toBe(`jwks_uri could not be fetched: ${reason}`);
    expect(asked).toEqual(['/jwks.json']);
  });

  test('a set without a usable key says so', async () => {
    answer = json({ keys: [] });
    expect(await problemOf(open())).toBe('the JWK Set at jwks_uri has no key that can be used');
  });

  test.each<[string, Answer]>([
    ['an answer that never begins', () => undefined],
    ['an answer that never ends', (r) => r.writeHead(200, { 'content-type': 'application/json' }).write('{')],
  ])('not: %s', async (_what, given) => {
    answer = given;
    expect(await problemOf(open({ JWKS_URI_TIMEOUT_MS: '200' }))).toBe(
      'jwks_uri could not be fetched: it took longer than 200 ms',
    );
  });

  test('not: a server whose certificate nobody vouches for', async () => {
    const remote = new RemoteKeys(settings());
    expect(await problemOf(remote)).toBe(
      'jwks_uri could not be fetched: the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)',
    );
    expect(asked).toEqual([]);
  });

  function endless(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(16_384)));
    };
    response.on('drain', more);
    more();
  }
  function cutShort(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"keys":[]}', () => response.destroy());
  }
});

describe('where it may lead', () => {
  test.each([
    'http://127.0.0.1/jwks.json',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://keys.test/',
    'not a url',
    '',
  ])('%s is not https', async (address) => {
    expect(await problemOf(open(), address)).toBe('jwks_uri could not be fetched: it is not an https URL');
  });

  test('no user name goes along', async () => {
    const address = uri().replace('https://', 'https://user:password@');
    expect(await problemOf(open(), address)).toBe('jwks_uri could not be fetched: it has a user name in it');
  });

  const private_ = (addresses: string) =>
    `jwks_uri could not be fetched: ${addresses} is not a public address; JWKS_URI_ALLOW_PRIVATE can allow it`;

  test('by default no private address, however it is written', async () => {
    const remote = open({ JWKS_URI_ALLOW_PRIVATE: '' });
    const port = new URL(origin).port;
    for (const host of ['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1']) {
      expect(await problemOf(remote, `https://${host}:${port}/`)).toBe(private_('127.0.0.1'));
    }
    expect(await problemOf(remote, `https://[::1]:${port}/`)).toBe(private_('::1'));
    expect(await problemOf(remote, `https://[::ffff:127.0.0.1]:${port}/`)).toBe(private_('::ffff:7f00:1'));
    expect(await problemOf(remote, 'https://169.254.169.254/latest')).toBe(private_('169.254.169.254'));
    expect(asked).toEqual([]);
  });

  test('nor by way of a name: the address that was checked is the one connected to', async () => {
    const { port } = new URL(origin);
    const named = `https://keys.test:${port}/jwks.json`;
    expect(await problemOf(open({}, ['10.0.0.1', 'fd00::1']), named)).toBe(private_('10.0.0.1, fd00::1'));
    expect(await problemOf(open({ JWKS_URI_ALLOW_PRIVATE: '' }, ['127.0.0.1']), named)).toBe(private_('127.0.0.1'));
    expect(asked).toEqual([]);
    const { keys } = await open({}, ['10.0.0.1', '127.0.0.1', '::1']).keysOf(named);
    expect(keys.map(({ kid }) => kid)).toEqual(['k1']);
  });

  test('a name that the machine itself resolves', async () => {
    const named = `https://localhost:${new URL(origin).port}/jwks.json`;
    expect((await open().keysOf(named)).keys).toHaveLength(1);
    expect(await problemOf(open({ JWKS_URI_ALLOW_PRIVATE: '' }), named)).toContain('is not a public address');
  });

  test.each(['nonsense', '10.0.0.0/33', '10.0.0.1/', 'fd00::/129', '10.0.0.0/8,', '10.0.0.0/8/8'])(
    'the setting refuses %s',
    (JWKS_URI_ALLOW_PRIVATE) => {
      expect(() => settings({ JWKS_URI_ALLOW_PRIVATE })).toThrow('JWKS_URI_ALLOW_PRIVATE');
    },
  );
});

describe('memory', () => {
  const MINUTE = 60_000;

  test('concurrent requests share one fetch', async () => {
    let letGo: () => void = () => undefined;
    answer = (response) => {
      letGo = () => json({ keys: [K1] })(response);
    };
    const remote = open();
    const all = Array.from({ length: 50 }, (_, index) => kidsOf(remote, index % 2 === 0 ? 'k1' : undefined));
    await waitFor('the request', () => asked.length > 0);
    letGo();
    expect(new Set((await Promise.all(all)).flat())).toEqual(new Set(['k1']));
    expect(asked).toHaveLength(1);
  });

  test.each<[string, Record<string, string>, number]>([
    ['ten minutes by default', {}, 10 * MINUTE],
    ['as Cache-Control says', { 'cache-control': 'public, max-age=1800' }, 30 * MINUTE],
    ['no less than five minutes', { 'cache-control': 'max-age=1' }, 5 * MINUTE],
    ['no less than five minutes, whatever it says', { 'cache-control': 'no-store' }, 5 * MINUTE],
    ['no more than a day', { 'cache-control': 'max-age=999999999' }, 1_440 * MINUTE],
  ])('%s', async (_what, headers, age) => {
    answer = json({ keys: [K1] }, headers);
    const remote = open();
    await remote.keysOf(uri());
    now += age - 1;
    await remote.keysOf(uri());
    expect(asked).toHaveLength(1);
    now += 1;
    await remote.keysOf(uri());
    expect(asked).toHaveLength(2);
  });

  test('an unknown key has them fetched early, once in a minute and for each URI', async () => {
    const remote = open();
    expect(await kidsOf(remote)).toEqual(['k1']);
    answer = json({ keys: [K1, K2] });
    expect(await kidsOf(remote, 'k1')).toEqual(['k1']);
    expect(await kidsOf(remote, 'k2')).toEqual(['k1', 'k2']);
    for (let attempt = 0; attempt < 5; attempt++)
      expect(await kidsOf(remote, `guess-${attempt}`)).toEqual(['k1', 'k2']);
    expect(asked).toHaveLength(2);
    expect(await kidsOf(remote, 'k1', '/other.json')).toEqual(['k1', 'k2']);
    expect(asked).toHaveLength(3);
    now += MINUTE;
    await remote.keysOf(uri(), 'guess');
    expect(asked).toHaveLength(4);
  });

  test('a first fetch for a key that is not there is not repeated at once for the same request', async () => {
    expect(await kidsOf(open(), 'k9')).toEqual(['k1']);
    expect(asked).toHaveLength(1);
  });

  test('a failure is remembered for ten seconds', async () => {
    const remote = open();
    answer = (response) => response.writeHead(503).end();
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await problemOf(remote)).toBe('jwks_uri could not be fetched: it answers 503');
    }
    expect(asked).toHaveLength(1);
    now += 10_000;
    answer = json({ keys: [K1] });
    expect(await remote.keysOf(uri())).toMatchObject({ keys: [{ kid: 'k1' }], problem: null });
  });

  test('old keys serve on for an hour, and no longer', async () => {
    const remote = open();
    await remote.keysOf(uri());
    answer = (response) => response.writeHead(503).end();
    now += 10 * MINUTE;
    const served = { keys: [{ kid: 'k1' }], problem: 'jwks_uri could not be fetched: it answers 503' };
    expect(await remote.keysOf(uri())).toMatchObject(served);
    now += 60 * MINUTE - 1;
    expect(await remote.keysOf(uri())).toMatchObject(served);
    now += 1;
    expect(await remote.keysOf(uri())).toMatchObject({ keys: [], problem: served.problem });
  });

  test('a key that was withdrawn is gone with the next fetch', async () => {
    const remote = open();
    expect(await kidsOf(remote)).toEqual(['k1']);
    answer = json({ keys: [K2] });
    expect(await kidsOf(remote, 'k2')).toEqual(['k2']);
  });
});
