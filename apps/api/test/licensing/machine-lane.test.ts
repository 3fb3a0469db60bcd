import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { exchange, type FaceAnswer, Program } from './face.js';
import { licensesOf } from './support.js';

// Validation by key and heartbeats have a short way, which must differ from the ordinary one in nothing but its speed. A
// query makes a request take the ordinary way; every request here is sent both ways and must be answered alike.
let house: House;
let other: House;
let program: Program;
let elsewhere: Program;
// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;
let license: Body;
let machine: Body;
let customer: string;

beforeAll(async () => {
  house = await House.open();
  other = await house.beside();
  program = await Program.at(house.api.url);
  elsewhere = await Program.at(other.api.url);
  const { made, act } = licensesOf(house);
  customer = (await made('/api/customers', { name: 'Acme', email: 'acme@example.com', currency: 'EUR' })).id;
  const { id: policy } = await made('/api/license-policies', {
    name: 'Floating',
    strict: true,
    floating: true,
    max_machines: 5,
    max_processes: 3,
    require_heartbeat: true,
    authentication_strategy: 'LICENSE',
  });
  license = await made('/api/licenses', {
    policy,
    customer_id: customer,
    name: 'Workshop',
    users: ['ada@example.com'],
    entitlements: [{ code: 'EXPORT' }, { code: 'SEATS', value: 7 }],
    metadata: { order: '4711' },
  });
  const activated = await act(license.id, 'machines', {
    body: {
      fingerprint: 'fp-1',
      cores: 8,
      memory: 17_179_869_184,
      hostname: 'workshop',
      metadata: { rack: 3 },
      components: [{ fingerprint: 'cpu-1', name: 'CPU' }],
    },
  });
  expect(activated.status).toBe(201);
  machine = activated.body;
  // From its first validation on there is an instant of the last one, written a moment later.
  await program.ask(VALIDATE, { body: { meta: { key: license.key } } });
  await waitFor('the validation to be noted', async () => {
    const [row] = await house.sql('SELECT last_validated_at FROM license WHERE id = $1', [license.id]);
    return row.last_validated_at !== null;
  });
}, 180_000);
afterAll(async () => {
  await other?.close();
  await house?.close();
});

const VALIDATE = '/v1/licenses/actions/validate-key';
const INSTANT = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g;
/** What differs between two answers in any case: time, ids, and so what is made from them. */
const OF_THIS_ANSWER = ['date', 'digest', 'keygen-date', 'keygen-digest', 'keygen-signature', 'x-request-id'];
const comparable = ({ status, headers, text }: FaceAnswer) => ({
  status,
  headers: Object.entries(headers)
    .map(([name, value]) => [name, OF_THIS_ANSWER.includes(name) ? '…' : value])
    .sort(),
  text: text.replaceAll(INSTANT, '"…"'),
});

async function bothWays(path: string, request: Parameters<Program['ask']>[1]) {
  const lane = await program.ask(path, { method: 'POST', ...request });
  const ordinary = await program.ask(`${path}?ordinary`, { method: 'POST', ...request });
  expect(comparable(lane)).toEqual(comparable(ordinary));
  return lane;
}

describe('the short way answers like the ordinary one', () => {
  const VALIDATIONS: [string, (key: string) => object, string][] = [
    ['a key alone', (key) => ({ key }), 'VALID'],
    [
      'a fingerprint and a nonce',
      (key) => ({ key, scope: { fingerprint: 'fp-1' }, nonce: 'abc' }),
      'HEARTBEAT_NOT_STARTED',
    ],
    ['another fingerprint', (key) => ({ key, scope: { fingerprint: 'fp-2' } }), 'FINGERPRINT_SCOPE_MISMATCH'],
    [
      'components, of whom there is none',
      (key) => ({ key, scope: { fingerprint: 'fp-1', components: ['gpu-1'] } }),
      'HEARTBEAT_NOT_STARTED',
    ],
    ['what it entitles to', (key) => ({ key, scope: { entitlements: ['EXPORT'] } }), 'VALID'],
    ['what it does not', (key) => ({ key, scope: { entitlements: ['IMPORT'] } }), 'ENTITLEMENTS_MISSING'],
    ['a version that nobody published', (key) => ({ key, scope: { version: '9.9.9' } }), 'VERSION_SCOPE_MISMATCH'],
    ['a user', (key) => ({ key, scope: { user: 'ADA@example.com' } }), 'VALID'],
    ['umlauts', (key) => ({ key, scope: { fingerprint: 'Grüße 🎉' } }), 'FINGERPRINT_SCOPE_MISMATCH'],
  ];
  test.each(VALIDATIONS)('%s', async (_what, meta, code) => {
    const { status, body } = await bothWays(VALIDATE, { body: { meta: meta(license.key) } });
    expect([status, body.meta.code, body.data.attributes.key]).toEqual([200, code, license.key]);
  });

  test('what it says of the licence is what the licence itself says', async () => {
    const { body } = await bothWays(VALIDATE, { body: { meta: { key: license.key } } });
    const me = await program.ask('/v1/me', { authorization: `License ${license.key}` });
    const seen = ({ attributes: { lastValidated, ...attributes }, ...data }: Body) => ({ ...data, attributes });
    expect(seen(body.data)).toEqual(seen(me.body.data));
  });

  test.each<[string, unknown, Record<string, string>, number]>([
    ['an unknown key', { meta: { key: 'AAAAAA-BBBBBB' } }, {}, 200],
    ['no key', { meta: {} }, {}, 422],
    ['an unknown member', { meta: { key: 'x', extra: 1 } }, {}, 422],
    ['an unknown type', { meta: { key: 'x' } }, { 'content-type': 'text/plain' }, 415],
    ['another algorithm', { meta: { key: 'x' } }, { 'keygen-accept-signature': 'algorithm="ecdsa-p256"' }, 200],
    ['an old version', { meta: { key: 'x' } }, { 'keygen-version': '1.1' }, 200],
  ])('%s', async (_what, body, headers, status) => {
    expect((await bothWays(VALIDATE, { body, headers })).status).toBe(status);
  });

  test('under the account, and under another one', async () => {
    const of = (account: string) => `/v1/accounts/${account}/licenses/actions/validate-key`;
    const request = { body: { meta: { key: license.key } }, headers: { 'keygen-version': '1.0' } };
    const mine = await bothWays(of(program.account), request);
    expect([mine.status, mine.body.meta.constant]).toEqual([200, 'VALID']);
    expect((await bothWays(of('00000000-0000-4000-8000-000000000000'), request)).status).toBe(404);
  });

  test('a name that stands there twice is refused both ways', async () => {
    const url = new URL(house.api.url);
    const headers = { 'content-type': 'application/json', host: url.host };
    const body = `{"meta":{"key":"x","key":${JSON.stringify(license.key)}}}`;
    for (const path of [VALIDATE, `${VALIDATE}?ordinary`]) {
      expect((await exchange(url, 'POST', path, body, headers)).status).toBe(400);
    }
  });

  test('heartbeats, by id, by fingerprint and under the account', async () => {
    const authorization = `License ${license.key}`;
    for (const path of [
      `/v1/machines/${machine.id}/actions/ping`,
      '/v1/machines/fp-1/actions/ping-heartbeat',
      `/v1/accounts/${program.account}/machines/fp-1/actions/ping`,
    ]) {
      const { status, body } = await bothWays(path, { authorization });
      expect([status, body.data.id, body.data.attributes.heartbeatStatus]).toEqual([200, machine.id, 'ALIVE']);
    }
    await bothWays('/v1/machines/fp-1/actions/ping', { authorization, body: {} });
    const told = await program.ask('/v1/machines/fp-1', { authorization });
    const { body } = await program.ask('/v1/machines/fp-1/actions/ping', { authorization, method: 'POST' });
    const still = ({ lastHeartbeat, nextHeartbeat, updated, ...attributes }: Body) => attributes;
    expect(still(body.data.attributes)).toEqual(still(told.body.data.attributes));
  });

  test.each<[string, string, string | undefined, number]>([
    ['a machine that is not there', '/v1/machines/fp-9/actions/ping', 'its own', 404],
    ['an unknown key', '/v1/machines/fp-1/actions/ping', 'License AAAAAA-BBBBBB', 401],
    ['nothing', '/v1/machines/fp-1/actions/ping', undefined, 401],
  ])('a heartbeat with %s', async (_what, path, presented, status) => {
    const authorization = presented === 'its own' ? `License ${license.key}` : presented;
    expect((await bothWays(path, authorization === undefined ? {} : { authorization })).status).toBe(status);
  });

  test('a heartbeat of the dead: refused, and the row is as it was', async () => {
    await house.sql("UPDATE machine SET dies_at = now() - interval '1 minute' WHERE id = $1", [machine.id]);
    const row = () => house.sql('SELECT dies_at, updated_at FROM machine WHERE id = $1', [machine.id]);
    const before = await row();
    const request = { authorization: `License ${license.key}` };
    const { status, body } = await bothWays('/v1/machines/fp-1/actions/ping', request);
    expect([status, body.errors[0].code]).toEqual([422, 'MACHINE_HEARTBEAT_DEAD']);
    expect(await row()).toEqual(before);
    await house.sql("UPDATE machine SET dies_at = now() + interval '1 hour' WHERE id = $1", [machine.id]);
  });

  test('many heartbeats of one machine and of another at once: every one is answered, both live', async () => {
    const { act } = licensesOf(house);
    const second = await act(license.id, 'machines', { body: { fingerprint: 'fp-2' } });
    expect(second.status).toBe(201);
    const authorization = `License ${license.key}`;
    const beats = Array.from({ length: 40 }, (_, index) =>
      program.ask(`/v1/machines/fp-${1 + (index % 2)}/actions/ping`, { authorization, method: 'POST' }),
    );
    const answers = await Promise.all(beats);
    expect(answers.map(({ status, body }) => [status, body.data.attributes.fingerprint])).toEqual(
      answers.map((_, index) => [200, `fp-${1 + (index % 2)}`]),
    );
  });
});

describe('what changes in one process is seen by the other', () => {
  const codeAt = async (at: Program, key = license.key) => {
    const { body } = await at.ask(VALIDATE, { body: { meta: { key } } });
    return body.meta.code;
  };
  const everywhere = async (code: string, key = license.key) => {
    expect(await codeAt(program, key)).toBe(code);
    expect(await codeAt(elsewhere, key)).toBe(code);
  };

  test('a suspension, a suspended customer and a reinstatement: by the very next validation', async () => {
    const { act } = licensesOf(house);
    const customerIs = async (status: string) => {
      const path = `/api/customers/${customer}`;
      expect((await house.manage(path, { method: 'PATCH', body: { status } })).status).toBe(200);
    };
    await everywhere('VALID');
    await act(license.id, 'suspend');
    await everywhere('SUSPENDED');
    await act(license.id, 'reinstate');
    await everywhere('VALID');
    await customerIs('suspended');
    await everywhere('BANNED');
    await customerIs('active');
    await everywhere('VALID');
  });

  test('another policy text: here by the next validation, there within a second', async () => {
    await everywhere('VALID');
    const path = `/api/license-policies/${license.policy}`;
    const changed = await house.manage(path, { method: 'PATCH', body: { require_product_scope: true } });
    expect(changed.status).toBe(200);
    expect(await codeAt(program)).toBe('PRODUCT_SCOPE_REQUIRED');
    await waitFor('the other process to know', async () => (await codeAt(elsewhere)) === 'PRODUCT_SCOPE_REQUIRED');
    await house.manage(path, { method: 'PATCH', body: { require_product_scope: false } });
    await waitFor('the other process to know', async () => (await codeAt(elsewhere)) === 'VALID');
  });

  test('a reissued key and a revoked licence: unknown everywhere, by the very next validation', async () => {
    const { act } = licensesOf(house);
    const reissued = await act(license.id, 'reissue');
    expect(reissued.status).toBe(200);
    await everywhere('NOT_FOUND');
    await everywhere('VALID', reissued.body.key);
    await act(license.id, 'revoke');
    await everywhere('NOT_FOUND', reissued.body.key);
  });
});
