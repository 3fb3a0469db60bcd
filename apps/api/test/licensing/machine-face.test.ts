import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { exchange, type FaceAnswer, Program } from './face.js';

// Every endpoint of the machine-facing protocol, from outside: statuses, headers, bodies; the signature of every answer.
let house: House;
let program: Program;
let policy: { id: string; product: string };
let license: { id: string; key: string };
let authorization: string;
beforeAll(async () => {
  house = await House.open();
  program = await Program.at(house.api.url);
  // As the suite of the official client wants it.
  policy = await made('/api/license-policies', {
    name: 'Node-locked',
    strict: true,
    max_machines: 1,
    max_processes: 5,
    require_heartbeat: true,
    require_fingerprint_scope: true,
    scheme: 'ED25519_SIGN',
    authentication_strategy: 'LICENSE',
  });
  license = await made('/api/licenses', { policy: policy.id, entitlements: [{ code: 'EXPORT' }] });
  authorization = `License ${license.key}`;
}, 180_000);
afterAll(() => house?.close());

async function made(path: string, body: object) {
  const answer = await house.manage(path, { body });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
}

const machineBody = (fingerprint: string, more: object = {}) => ({
  data: {
    type: 'machines',
    attributes: { fingerprint, hostname: 'workshop', platform: 'linux/amd64', cores: 8, ...more },
    relationships: { license: { data: { type: 'licenses', id: license.id } } },
  },
});
const one = (answer: FaceAnswer) => [answer.status, answer.body?.errors?.[0]?.code];

describe('who asks', () => {
  test('GET /v1/me is the licence whose key was sent, under both prefixes', async () => {
    for (const prefix of ['/v1', `/v1/accounts/${program.account}`]) {
      const answer = await program.ask(`${prefix}/me`, { authorization });
      expect(answer.headers['content-type']).toMatch(/^application\/vnd\.api\+json/);
      expect(answer.status).toBe(200);
      expect(answer.body.data).toMatchObject({
        id: license.id,
        type: 'licenses',
        attributes: {
          key: license.key,
          expiry: null,
          scheme: 'ED25519_SIGN',
          requireHeartbeat: true,
          status: 'ACTIVE',
          maxMachines: 1,
        },
        relationships: { policy: { data: { type: 'policies', id: policy.id } } },
      });
    }
  });

  test.each<[string, string | undefined, number, string]>([
    ['nothing', undefined, 401, 'TOKEN_MISSING'],
    ['an unknown key', 'License AAAAAA-BBBBBB-CCCCCC-DDDDDD-EEEEEE-V3', 401, 'LICENSE_INVALID'],
    ['an unknown token', 'Bearer lict_0123456789abcdefghijABCDEFGHIJ0123456789abc', 401, 'TOKEN_INVALID'],
    ['no token of ours', 'Bearer nonsense', 401, 'TOKEN_INVALID'],
  ])('%s: refused, and the refusal is signed', async (_what, presented, status, code) => {
    const answer = await program.ask('/v1/me', presented === undefined ? {} : { authorization: presented });
    expect(one(answer)).toEqual([status, code]);
    expect(answer.body.errors[0]).toEqual({ title: 'Unauthorized', detail: expect.any(String), code });
  });

  test('another account is nowhere', async () => {
    const answer = await program.ask('/v1/accounts/00000000-0000-4000-8000-000000000000/me', { authorization });
    expect(one(answer)).toEqual([404, 'NOT_FOUND']);
  });

  test('what does not exist is 404, signed', async () => {
    expect(one(await program.ask('/v1/nonsense', { authorization }))).toEqual([404, 'NOT_FOUND']);
    expect(one(await program.ask('/v1/machines/nonsense', { authorization }))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('validation', () => {
  test('by key, without authentication: not activated', async () => {
    const scope = { fingerprint: 'fp-1', environment: null };
    const answer = await program.ask('/v1/licenses/actions/validate-key', {
      body: { meta: { key: license.key, scope, nonce: 4711 } },
    });
    expect([answer.status, answer.body.meta]).toEqual([
      200,
      expect.objectContaining({ valid: false, code: 'NO_MACHINE', scope, nonce: 4711, ts: expect.any(String) }),
    ]);
    expect(answer.body.data.id).toBe(license.id);
  });

  test('an unknown key: 200, no data, NOT_FOUND', async () => {
    const answer = await program.ask('/v1/licenses/actions/validate-key', { body: { meta: { key: 'UNKNOWN' } } });
    expect([answer.status, answer.body.data, answer.body.meta]).toEqual([
      200,
      null,
      expect.objectContaining({ valid: false, code: 'NOT_FOUND', detail: 'does not exist' }),
    ]);
  });

  test('version 1.1 and before call the code constant', async () => {
    const answer = await program.ask('/v1/licenses/actions/validate-key', {
      body: { meta: { key: license.key } },
      headers: { 'keygen-version': '1.1' },
    });
    expect([answer.body.meta.constant, answer.body.meta.code]).toEqual(['FINGERPRINT_SCOPE_REQUIRED', undefined]);
  });

  test('what is asked wrongly says where', async () => {
    const answer = await program.ask('/v1/licenses/actions/validate-key', { body: { meta: { scope: {} } } });
    expect([answer.status, answer.body.errors[0].source]).toEqual([422, { pointer: '/meta/key' }]);
  });
});

describe('a machine from its activation to its end', () => {
  let machine: string;

  test('POST /v1/machines with components that carry their attributes', async () => {
    const body = machineBody('fp-1');
    const components = {
      data: [{ type: 'components', attributes: { fingerprint: 'cpu-1', name: 'CPU' } }],
    };
    const answer = await program.ask('/v1/machines', {
      authorization,
      body: { data: { ...body.data, relationships: { ...body.data.relationships, components } } },
    });
    expect(answer.status).toBe(201);
    expect(answer.body.data).toMatchObject({
      type: 'machines',
      attributes: {
        fingerprint: 'fp-1',
        hostname: 'workshop',
        platform: 'linux/amd64',
        cores: 8,
        requireHeartbeat: true,
        heartbeatStatus: 'NOT_STARTED',
        heartbeatDuration: 600,
        metadata: {},
      },
    });
    machine = answer.body.data.id;
  });

  test('the same fingerprint, and one too many', async () => {
    expect(one(await program.ask('/v1/machines', { authorization, body: machineBody('fp-1') }))).toEqual([
      422,
      'FINGERPRINT_TAKEN',
    ]);
    const more = await program.ask('/v1/machines', { authorization, body: machineBody('fp-2') });
    expect(one(more)).toEqual([422, 'MACHINE_LIMIT_EXCEEDED']);
    expect(more.body.errors[0].source.pointer).toMatch(/^\/data/);
  });

  test('heartbeat, by id and by fingerprint; then it is valid', async () => {
    for (const name of [machine, 'fp-1']) {
      const answer = await program.ask(`/v1/machines/${name}/actions/ping`, { method: 'POST', authorization });
      expect([answer.status, answer.body.data.attributes.heartbeatStatus]).toEqual([200, 'ALIVE']);
    }
    const scope = { product: policy.product, fingerprint: 'fp-1' };
    const valid = await program.ask(`/v1/licenses/${license.id}/actions/validate`, {
      authorization,
      body: { meta: { scope } },
    });
    expect(valid.body.meta).toMatchObject({
      valid: true,
      code: 'VALID',
      detail: 'is valid',
      scope,
      seatsFree: 0,
      entitlements: { EXPORT: true },
    });
  });

  test('it is listed and shown, with its components', async () => {
    const list = await program.ask(`/v1/licenses/${license.id}/machines?limit=100`, { authorization });
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([machine]);
    const shown = await program.ask(`/v1/machines/fp-1`, { authorization });
    expect([shown.status, shown.body.data.id]).toEqual([200, machine]);
    const components = await program.ask(`/v1/machines/${machine}/components?limit=100`, { authorization });
    expect(components.body.data.map((part: { attributes: object }) => part.attributes)).toEqual([
      expect.objectContaining({ fingerprint: 'cpu-1', name: 'CPU' }),
    ]);
  });

  test('processes: started, listed, alive, ended; not more than five', async () => {
    const start = (pid: string) =>
      program.ask('/v1/processes', {
        authorization,
        body: {
          data: {
            type: 'processes',
            attributes: { pid },
            relationships: { machine: { data: { type: 'machines', id: machine } } },
          },
        },
      });
    const first = await start('1');
    expect([first.status, first.body.data.attributes]).toEqual([
      201,
      expect.objectContaining({ pid: '1', status: 'ALIVE', interval: 600 }),
    ]);
    for (const pid of ['2', '3', '4', '5']) expect((await start(pid)).status).toBe(201);
    expect(one(await start('6'))).toEqual([422, 'MACHINE_PROCESS_LIMIT_EXCEEDED']);
    const listed = await program.ask(`/v1/machines/${machine}/processes?limit=100`, { authorization });
    expect(listed.body.data).toHaveLength(5);
    const path = `/v1/processes/${first.body.data.id}`;
    const ping = await program.ask(`${path}/actions/ping`, { method: 'POST', authorization });
    expect(ping.body.data.attributes.status).toBe('ALIVE');
    const ended = await program.ask(path, { method: 'DELETE', authorization });
    expect([ended.status, ended.text]).toEqual([204, '']);
    expect(one(await program.ask(path, { authorization }))).toEqual([404, 'NOT_FOUND']);
  });

  test('files: of the licence and of the machine, plain and encrypted', async () => {
    for (const [path, kind, type] of [
      [`/v1/licenses/${license.id}`, 'LICENSE', 'license-files'],
      [`/v1/machines/${machine}`, 'MACHINE', 'machine-files'],
    ]) {
      const answer = await program.ask(`${path}/actions/check-out?encrypt=true&include=entitlements&ttl=3600`, {
        authorization,
        body: {},
      });
      expect([answer.status, answer.body.data]).toEqual([
        200,
        expect.objectContaining({
          type,
          attributes: expect.objectContaining({
            certificate: expect.stringMatching(
              new RegExp(`^-----BEGIN ${kind} FILE-----\\n[\\s\\S]+\\n-----END ${kind} FILE-----\\n$`),
            ),
            ttl: 3_600,
            issued: expect.any(String),
            expiry: expect.any(String),
          }),
        }),
      ]);
    }
    const file = await program.ask(`/v1/licenses/${license.id}/actions/check-out`, { authorization });
    expect([file.status, file.headers['content-type']]).toEqual([200, 'application/octet-stream']);
    expect(file.text).toMatch(/^-----BEGIN LICENSE FILE-----/);
  });

  test('entitlements', async () => {
    const answer = await program.ask(`/v1/licenses/${license.id}/entitlements?limit=100`, { authorization });
    expect(answer.body.data.map((part: { attributes: { code: string } }) => part.attributes.code)).toEqual(['EXPORT']);
  });

  test('deactivated: 204, nothing in it, signed all the same; then it is gone', async () => {
    const answer = await program.ask(`/v1/machines/${machine}`, { method: 'DELETE', authorization });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(one(await program.ask(`/v1/machines/${machine}`, { authorization }))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a licence that may not', () => {
  test('28: suspended: refused by its key, SUSPENDED by validation, in order again afterwards', async () => {
    const act = (name: string) => house.manage(`/api/licenses/${license.id}/${name}`, { method: 'POST', body: {} });
    expect((await act('suspend')).status).toBe(200);
    expect(one(await program.ask('/v1/me', { authorization }))).toEqual([403, 'LICENSE_SUSPENDED']);
    const body = { meta: { key: license.key } };
    expect((await program.ask('/v1/licenses/actions/validate-key', { body })).body.meta.code).toBe('SUSPENDED');
    expect((await act('reinstate')).status).toBe(200);
    expect((await program.ask('/v1/me', { authorization })).status).toBe(200);
  });

  test('45: of another licence it learns nothing', async () => {
    const other = await made('/api/licenses', { policy: policy.id });
    for (const path of ['', '/machines', '/entitlements', '/actions/validate']) {
      expect(one(await program.ask(`/v1/licenses/${other.id}${path}`, { authorization }))).toEqual([404, 'NOT_FOUND']);
    }
    const body = machineBody('fp-9');
    body.data.relationships.license.data.id = other.id;
    expect(one(await program.ask('/v1/machines', { authorization, body }))).toEqual([422, 'LICENSE_NOT_FOUND']);
  });
});

describe('signatures', () => {
  test.each(['rsa-pss-sha256', 'rsa-sha256', 'ecdsa-p256', 'ed25519'])(
    '%s, as the client wishes',
    async (algorithm) => {
      const first = await program.ask('/v1/me', { authorization });
      expect(first.headers['keygen-signature']).toContain('algorithm="ed25519"');
      const headers = {
        authorization,
        'keygen-accept-signature': `algorithm="${algorithm}"`,
        host: 'licences.test:4711',
      };
      const url = new URL(house.api.url);
      const answer = await exchange(url, 'GET', '/v1/me?x=1', '', headers);
      // A key that was made for this very request is published by now.
      const again = await Program.at(house.api.url);
      again.verify('GET', '/v1/me?x=1', 'licences.test:4711', answer);
      expect(answer.headers['keygen-signature']).toContain(`algorithm="${algorithm}"`);
    },
  );

  test('37: a proxy that rewrites Date: what was signed stands in Keygen-Date', async () => {
    const proxy = await rewritingProxy(house.api.url);
    try {
      const { port } = proxy.address() as AddressInfo;
      const host = `127.0.0.1:${port}`;
      const answer = await exchange(new URL(`http://${host}`), 'GET', '/v1/me', '', { host, authorization });
      expect(answer.headers.date).not.toBe(answer.headers['keygen-date']);
      program.verify('GET', '/v1/me', host, answer);
    } finally {
      proxy.close();
    }
  });
});

/** Hands everything on, the Host too, and says its own time. */
async function rewritingProxy(target: string): Promise<Server> {
  const proxy = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const answer = await exchange(new URL(target), method, url, '', headers as Record<string, string>);
    const passed = { ...answer.headers, date: new Date(Date.now() - 60_000).toUTCString() };
    response.writeHead(answer.status, passed);
    response.end(answer.text);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}
