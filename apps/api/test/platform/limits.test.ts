import { once } from 'node:events';
import { connect } from 'node:net';
import { basic } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, parseAnswer, raw } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open({ env: { REQUEST_TIMEOUT_MS: '1000' } });
});
afterAll(() => house.close());

/** Sends the beginning of a request, then one byte now and then, until the server has had enough. */
async function dribble(beginning: string): Promise<string> {
  const { port } = new URL(house.api.url);
  const socket = connect(Number(port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => undefined).on('connect', () => socket.write(beginning));
  const drip = setInterval(() => socket.write('x'), 100);
  socket.setTimeout(40_000, () => socket.destroy());
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(drip);
  return received;
}

const HOST = 'Host: localhost\r\n';
const FORM = 'Content-Type: application/x-www-form-urlencoded\r\n';

describe('N50: a request that does not arrive is given up', () => {
  test.each([
    ['headers that never end', `GET /health/live HTTP/1.1\r\n${HOST}X-Slow: `],
    [
      'a token request that never ends',
      `POST /oauth2/token HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ngrant_type=`,
    ],
    [
      'a revocation that never ends',
      `POST /oauth2/revoke HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ntoken=`,
    ],
    [
      'a management body that never ends',
      `POST /api/clients HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"name":"`,
    ],
  ])('%s', async (_what, beginning) => {
    const answer = parseAnswer(await dribble(beginning));
    expect([NaN, 408]).toContain(answer.status);
    expect((await fetch(`${house.api.url}/health/live`)).status).toBe(200);
  });

  test('two hundred slow ones do not keep a quick one waiting for them', async () => {
    const client = await house.client();
    const slow = Array.from({ length: 200 }, () =>
      dribble(`POST /oauth2/token HTTP/1.1\r\n${HOST}${FORM}Content-Length: 5000\r\n\r\n`),
    );
    // All of these are answered while the slow ones are still open or being given up.
    for (let count = 0; count < 20; count++) expect(await house.accessToken(client)).toMatch(/^eyJ/);
    await Promise.all(slow);
    expect((await fetch(`${house.api.url}/health/ready`)).status).toBe(200);
  });
});

describe('N49: headers', () => {
  test('over 16 KB are 431', async () => {
    for (const path of ['/oauth2/token', '/api/clients', '/']) {
      const answer = await raw(house.api.url, [`GET ${path} HTTP/1.1`, `X-Large: ${'x'.repeat(17_000)}`]);
      expect([path, answer.status]).toEqual([path, 431]);
    }
  });

  test('many cookies are nothing special', async () => {
    const cookie = Array.from({ length: 300 }, (_, index) => `c${index}=v`).join('; ');
    expect((await raw(house.api.url, ['GET /health/live HTTP/1.1', `Cookie: ${cookie}`])).status).toBe(200);
    expect((await raw(house.api.url, ['GET /api/clients HTTP/1.1', `Cookie: ${cookie}`])).status).toBe(401);
  });
});

describe('one connection', () => {
  test('serves several requests one after another, and a pipelined request is not mixed up with the next', async () => {
    const client = await house.client();
    const authorization = `Authorization: ${basic(client.client_id, client.client_secret)}\r\n`;
    const form = (body: string) =>
      `POST /oauth2/token HTTP/1.1\r\n${HOST}${authorization}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(Number(new URL(house.api.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    const last = `GET /health/live HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
    socket.write(
      form('grant_type=client_credentials&scope=read') +
        form('grant_type=nonsense') +
        form('grant_type=client_credentials&scope=write') +
        last,
    );
    await once(socket, 'close');
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 200', 'HTTP/1.1 200']);
    expect(received.match(/"scope":"\w+"/g)).toEqual(['"scope":"read"', '"scope":"write"']);
  });
});
