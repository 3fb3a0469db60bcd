import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { exchange, type FaceAnswer, Program } from './face.js';
import { licensesOf } from './support.js';

// Who tries keys, what stands in the log, and which host a signature names: behind a trusted proxy, so that callers
// can come from many addresses.
let house: House;
let program: Program;
// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
let license: any;
const GUESSES = 3;
const GUESSES_PER_ADDRESS = 8;
const RATE = 50;

beforeAll(async () => {
  house = await House.open({
    env: {
      TRUSTED_PROXIES: 'loopback',
      LOG_LEVEL: 'debug',
      LICENSE_KEY_GUESSES: String(GUESSES),
      LICENSE_KEY_GUESSES_PER_ADDRESS: String(GUESSES_PER_ADDRESS),
      MANAGEMENT_ADDRESS_RATE_PER_SECOND: '1',
      MANAGEMENT_ADDRESS_RATE_BURST: String(RATE),
    },
  });
  program = await Program.at(house.api.url);
  license = await licensesOf(house).license({ max_machines: 3, authentication_strategy: 'MIXED' });
}, 180_000);
afterAll(() => house?.close());

const VALIDATE = '/v1/licenses/actions/validate-key';
const validate = (key: string, from: string, path = VALIDATE): Promise<FaceAnswer> => {
  const url = new URL(house.api.url);
  const headers = { 'content-type': 'application/vnd.api+json', host: url.host, 'x-forwarded-for': from };
  return exchange(url, 'POST', path, JSON.stringify({ meta: { key } }), headers);
};
const statuses = (answers: FaceAnswer[]) => answers.map(({ status }) => status);
const inTurn = async <Item>(items: readonly Item[], ask: (item: Item) => Promise<FaceAnswer>) => {
  const answers: FaceAnswer[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
};
const LIMIT_FIELDS = (limit: number, window: string) => ({
  'retry-after': expect.stringMatching(/^\d+$/),
  'x-ratelimit-window': window,
  'x-ratelimit-count': String(limit),
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
});

describe('34: whoever tries keys', () => {
  test('is stopped at one beginning of a key, and so at that beginning only', async () => {
    const keys = Array.from({ length: GUESSES + 1 }, (_, index) => `AAAAAA-${index}`);
    const answers = await inTurn(keys, (key) => validate(key, '203.0.113.1'));
    expect(statuses(answers)).toEqual([...keys.slice(1).map(() => 200), 429]);
    const refusal = answers.at(-1);
    expect(refusal?.headers).toMatchObject(LIMIT_FIELDS(GUESSES, '60s'));
    expect(refusal?.body.errors).toEqual([
      { title: 'Too many requests', code: 'TOO_MANY_REQUESTS', detail: expect.any(String) },
    ]);
    expect(refusal?.headers['keygen-signature']).toBeUndefined();
    expect(statuses(await inTurn(['BBBBBB-1', license.key], (key) => validate(key, '203.0.113.1')))).toEqual([
      200, 200,
    ]);
    expect((await validate('AAAAAA-9', '203.0.113.2')).status).toBe(200);
  });

  test('is stopped at its address, whatever the keys begin with', async () => {
    const keys = Array.from({ length: GUESSES_PER_ADDRESS + 1 }, (_, index) => `${index}CCCCC-1`);
    const answers = await inTurn(keys, (key) => validate(key, '203.0.113.3'));
    expect(statuses(answers)).toEqual([...keys.slice(1).map(() => 200), 429]);
  });

  test('learns nothing from the answer: unknown, revoked and reissued keys are told alike', async () => {
    const { license: make, act } = licensesOf(house);
    const revoked = await make();
    expect((await act(revoked.id, 'revoke')).status).toBe(200);
    const reissued = await make();
    expect((await act(reissued.id, 'reissue')).status).toBe(200);
    const [unknown, ...others] = await inTurn(['ZZZZZZ-1', revoked.key, reissued.key], (key) =>
      validate(key, '203.0.113.4'),
    );
    const plain = ({ status, text }: FaceAnswer) => [status, text.replace(/"ts":"[^"]+"/, '"ts":"…"')];
    for (const answer of others) expect(plain(answer)).toEqual(plain(unknown as FaceAnswer));
    expect(Object.keys(others[0]?.headers ?? {}).sort()).toEqual(Object.keys(unknown?.headers ?? {}).sort());
  });
});

test('an address that asks too often is told so in the fields of the protocol, by both ways', async () => {
  for (const [path, from] of [
    [VALIDATE, '203.0.113.5'],
    [`${VALIDATE}?ordinary`, '203.0.113.6'],
  ] as const) {
    let answer = await validate(license.key, from, path);
    for (let count = 0; answer.status === 200 && count < 4 * RATE; count++) {
      answer = await validate(license.key, from, path);
    }
    expect([answer.status, answer.body.errors[0].code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(answer.headers).toMatchObject(LIMIT_FIELDS(1, '1s'));
  }
});

describe('38: the signature names the host that the client wrote', () => {
  const SHORT = VALIDATE;
  const LONG = `${VALIDATE}?ordinary`;
  const ask = async (path: string, host: string, more: Record<string, string> = {}) => {
    const url = new URL(house.api.url);
    const body = JSON.stringify({ meta: { key: license.key } });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7', host, ...more };
    return exchange(url, 'POST', path, body, headers);
  };
  test.each([
    ['with a port', 'licenses.example.com:8443'],
    ['in upper case', 'Licenses.EXAMPLE.com'],
    ['IPv6 with a port', '[2001:DB8::1]:8080'],
    ['IPv6', '[::1]'],
  ])('%s', async (_what, host) => {
    for (const path of [SHORT, LONG]) program.verify('POST', path, host, await ask(path, host));
  });

  test('behind a trusted proxy: what it says the host was', async () => {
    const forwarded = { 'x-forwarded-host': 'Api.Example.com:443' };
    for (const path of [SHORT, LONG]) {
      program.verify('POST', path, 'Api.Example.com:443', await ask(path, 'inner.local', forwarded));
    }
  });
});

test('35: no key and no token stands in the log, whatever became of the request', async () => {
  const { act } = licensesOf(house);
  const from = { 'x-forwarded-for': '203.0.113.8' };
  const made = await act(license.id, 'tokens', { body: {} });
  const token: string = made.body.token;
  expect([made.status, token]).toEqual([201, expect.stringMatching(/^lict_/)]);
  const unknown = 'QQQQQQ-WWWWWW-EEEEEE-RRRRRR-TTTTTT-V3';
  const key: string = license.key;
  await validate(key, '203.0.113.8');
  await validate(key, '203.0.113.8', `${VALIDATE}?ordinary`);
  await validate(unknown, '203.0.113.8');
  for (const authorization of [`License ${key}`, `License ${unknown}`, `Bearer ${token}`, `Bearer ${token}x`]) {
    await program.ask('/v1/me', { authorization, headers: from });
    await program.ask('/v1/machines/nowhere/actions/ping', { authorization, headers: from, method: 'POST' });
  }
  const log = house.api.logs();
  expect(log).toContain('validate-key');
  const written = [key, unknown, token].flatMap((secret) => [secret, encodeURIComponent(secret)]);
  expect(written.filter((secret) => log.includes(secret))).toEqual([]);
  const audit = await house.sql("SELECT string_agg(detail::text, ' ') AS all FROM audit_log");
  const outbox = await house.sql("SELECT string_agg(data::text, ' ') AS all FROM outbox_event");
  expect(written.filter((secret) => `${audit[0].all} ${outbox[0].all}`.includes(secret))).toEqual([]);
});
