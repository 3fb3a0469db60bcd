import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { namedAddresses, reachableAddresses } from './reachable-addresses.js';
import { type FetchMeans, safeFetch } from './safe-fetch.js';

let server: Server;
let port: number;
const asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/hang') return;
    response.writeHead(request.url === '/moved' ? 302 : 200, { location: `http://127.0.0.1:${port}/target` }).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const means = (allowed: string[], addresses: string[][] = []): FetchMeans => ({
  timeoutMs: 300,
  isReachable: reachableAddresses(allowed),
  isReachableUnencrypted: namedAddresses(allowed),
  allowedBy: 'SETTING',
  resolve: async () => (addresses.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});
const fetch = (url: string, by: FetchMeans): Promise<number | string> =>
  safeFetch(url, { method: 'POST', headers: {}, body: '{}' }, by, async ({ statusCode = 0 }) => statusCode).catch(
    (error: Error) => error.message,
  );
const at = (host: string, path = '/') => `http://${host}:${port}${path}`;

test.each([
  'https://127.0.0.1',
  'https://2130706433',
  'https://0x7f.1',
  'https://0177.0.0.1',
  'https://127.1',
  'https://[::]',
  'https://[::1]',
  'https://[::ffff:127.0.0.1]',
  'https://[fe80::1]',
  'https://169.254.169.254/latest/meta-data',
  'HTTPS://10.0.0.1',
  'https://127。0。0。1',
])('N60: %s leads nowhere', async (url) => {
  expect(await fetch(url, means([]))).toMatch(/is not a public address; SETTING can allow it$/);
});

test.each(['ftp://example.com', 'file:///etc/passwd', 'gopher://example.com', 'nonsense', ''])(
  'N60: %p is no https URL',
  async (url) => {
    expect(await fetch(url, means([]))).toBe('it is not an https URL');
  },
);

test('N60: a name is resolved once, and only addresses that were checked are connected to', async () => {
  expect(await fetch(at('name.test'), means(['127.0.0.1'], [['10.0.0.1', '127.0.0.1', '8.8.8.8']]))).toBe(200);
  // Rebinding: the second answer would be let through, were it asked for.
  const rebound = means(['127.0.0.1'], [['10.0.0.1'], ['127.0.0.1']]);
  expect(await fetch(at('name.test'), rebound)).toBe('10.0.0.1 takes https; SETTING can allow it');
  const inner = means([], [['192.168.0.1', 'fd00::1']]);
  expect(await fetch('https://name.test', inner)).toBe(
    '192.168.0.1, fd00::1 is not a public address; SETTING can allow it',
  );
});

test('plain http only to addresses that are named, not to any public one', async () => {
  expect(await fetch(at('127.0.0.1'), means(['127.0.0.1']))).toBe(200);
  expect(await fetch(at('127.0.0.1'), means(['127.0.0.2']))).toBe('127.0.0.1 takes https; SETTING can allow it');
  expect(await fetch('http://8.8.8.8', means(['127.0.0.1']))).toBe('8.8.8.8 takes https; SETTING can allow it');
  const { isReachableUnencrypted, ...encrypted } = means(['127.0.0.1']);
  expect(await fetch(at('127.0.0.1'), encrypted)).toBe('it is not an https URL');
});

test('a redirect is an answer like others: it is not followed', async () => {
  expect(await fetch(at('127.0.0.1', '/moved'), means(['127.0.0.1']))).toBe(302);
  expect(asked).not.toContain('/target');
});

test('time is bounded', async () => {
  expect(await fetch(at('127.0.0.1', '/hang'), means(['127.0.0.1']))).toBe('it took longer than 300 ms');
});

test('a user name in the URL is refused, a closed port told', async () => {
  expect(await fetch('https://a:b@example.com', means([]))).toBe('it has a user name in it');
  expect(await fetch('http://127.0.0.1:1', means(['127.0.0.1']))).toBe('the connection failed (ECONNREFUSED)');
});
