import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { OFREPApi } from '@openfeature/ofrep-core';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as Server } from '@openfeature/server-sdk';
import { OpenFeature } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { House } from '../support.js';
import { flagsOf } from './support.js';

let house: House;
let flags: ReturnType<typeof flagsOf>;
let token: string;
let clientId: string;
const TYPES = {
  boolean: { variants: { on: true, off: false }, value: true },
  string: { variants: { on: 'blue', off: 'red' }, value: 'blue' },
  number: { variants: { on: 4.5, off: 0 }, value: 4.5 },
  object: { variants: { on: { size: 3 }, off: {} }, value: { size: 3 } },
} as const;

beforeAll(async () => {
  house = await House.open({ env: { FLAG_CONTEXT_BYTES: '65536' } });
  flags = flagsOf(house);
  ({ token, client_id: clientId } = await flags.caller({ environment: 'production' }));
  for (const [type, { variants }] of Object.entries(TYPES)) {
    await flags.flag(`of-${type}`, { type, variants });
    const rules = [{ when: [{ attribute: 'country', operator: 'equals', value: 'FR' }], variant: 'on' }];
    await flags.put(`of-${type}`, { enabled: true, rules });
  }
  await flags.flag('off-switch', { variants: { on: true, off: false }, default_variant: 'on', off_variant: 'off' });
  await flags.flag('all', { default_variant: 'on' });
  await flags.put('all', { enabled: true });
  await flags.flag('drawn');
  const rollout = [
    { variant: 'on', weight: 50 },
    { variant: 'off', weight: 50 },
  ];
  await flags.put('drawn', { enabled: true, rollout });
  await flags.flag('hidden', { public: false });
  await flags.put('hidden', { enabled: true });
}, 180_000);
afterAll(() => house?.close());

const url = (path: string) => `${house.api.url}/ofrep/v1/evaluate/flags${path}`;

describe('one flag', () => {
  test.each(Object.entries(TYPES))(
    'of type %s is what its rule says, or its default',
    async (type, { value, variants }) => {
      const matched = await flags.one(token, `of-${type}`, { country: 'FR' });
      expect([matched.status, matched.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(matched.body).toEqual({
        key: `of-${type}`,
        reason: 'TARGETING_MATCH',
        value,
        variant: 'on',
        metadata: { revision: expect.any(String), rule: 'rule-1' },
      });
      expect((await flags.one(token, `of-${type}`)).body).toMatchObject({
        reason: 'DEFAULT',
        value: variants.off,
        variant: 'off',
      });
    },
  );

  test('says why: static, split, disabled with a value (trap 7)', async () => {
    expect((await flags.one(token, 'all')).body).toMatchObject({ reason: 'STATIC', value: true });
    expect((await flags.one(token, 'drawn', { targetingKey: 'u1' })).body).toMatchObject({ reason: 'SPLIT' });
    expect((await flags.one(token, 'off-switch')).body).toMatchObject({
      reason: 'DISABLED',
      value: false,
      variant: 'off',
      metadata: { gate: 'kill_switch' },
    });
  });

  test('without a targeting key has its default where it would be drawn, and is no error (trap 14)', async () => {
    expect((await flags.one(token, 'drawn')).body).toMatchObject({ reason: 'DEFAULT', variant: 'off' });
  });

  test.each<[string, string, unknown, number, object]>([
    [
      'no flag',
      'none',
      { context: {} },
      404,
      { key: 'none', errorCode: 'FLAG_NOT_FOUND', errorDetails: 'There is no flag none in production.' },
    ],
    ['no JSON', 'all', '{', 400, { key: 'all', errorCode: 'PARSE_ERROR', errorDetails: expect.any(String) }],
    ['no context', 'all', {}, 400, { key: 'all', errorCode: 'INVALID_CONTEXT', errorDetails: expect.any(String) }],
    [
      'a list for context',
      'all',
      { context: [] },
      400,
      { key: 'all', errorCode: 'INVALID_CONTEXT', errorDetails: expect.any(String) },
    ],
    [
      'a targeting key that is no text',
      'all',
      { context: { targetingKey: 5 } },
      400,
      { key: 'all', errorCode: 'INVALID_CONTEXT', errorDetails: 'targetingKey must be text.' },
    ],
    [
      'depth',
      'all',
      { context: JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) },
      400,
      { key: 'all', errorCode: 'INVALID_CONTEXT', errorDetails: expect.stringContaining('16') },
    ],
  ])('is refused for %s (traps 9 and 15)', async (_name, key, body, status, told) => {
    const answer = await json(url(`/${key}`), { token, body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.body]).toEqual([status, told]);
  });

  test('of too large a context is refused (trap 15)', async () => {
    const answer = await json(url('/all'), { token, body: { context: { text: 'x'.repeat(70_000) } } });
    expect(answer.status).toBe(413);
  });

  test('without a token, with a dead one or without the scope: 401 and 403, no body', async () => {
    const other = await house.accessToken(await house.client({ scopes: ['clients:read'] }));
    const answers = await Promise.all([flags.one('', 'all'), flags.one('nonsense', 'all'), flags.one(other, 'all')]);
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [401, null],
      [401, null],
      [403, null],
    ]);
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer realm="bastionary"');
  });

  test('is the same by the ordinary way as by the lane', async () => {
    const send = (type: string) =>
      json(url('/of-object'), {
        token,
        body: JSON.stringify({ context: { country: 'FR' } }),
        headers: { 'content-type': type },
      });
    const [lane, ordinary] = await Promise.all([
      send('application/json'),
      send('application/json; charset=UTF-8; x=1'),
    ]);
    expect([lane.status, lane.body]).toEqual([ordinary.status, ordinary.body]);
    const names = (answer: typeof lane) =>
      [...answer.headers.keys()].filter((name) => name !== 'x-request-id' && name !== 'date').sort();
    expect(names(lane)).toEqual(names(ordinary));
  });
});

describe('hostile contexts', () => {
  test('cannot say what only the server says, nor reach what every object has', async () => {
    await flags.flag('trusted');
    const rules = [
      { when: [{ attribute: '$platform.plan', operator: 'equals', value: 'pro' }], variant: 'on' },
      { when: [{ attribute: 'plan', operator: 'equals', value: 'pro' }], variant: 'on' },
    ];
    await flags.put('trusted', { enabled: true, rules });
    const forged = [
      { $platform: { plan: 'pro' } },
      JSON.parse('{"__proto__":{"plan":"pro","$platform":{"plan":"pro"}}}'),
      { '$platform.plan': 'pro' },
      { constructor: { plan: 'pro' } },
    ];
    for (const context of forged) expect((await flags.one(token, 'trusted', context)).body.variant).toBe('off');
    expect((await flags.one(token, 'trusted', { plan: 'pro' })).body.variant).toBe('on');
  });
});

describe('all flags', () => {
  test('come with an ETag that covers the context (trap 1), and 304 without a body', async () => {
    const first = await flags.bulk(token, { country: 'FR' });
    expect(first.status).toBe(200);
    expect(first.body.flags.map(({ key }: { key: string }) => key)).toEqual(
      [...first.body.flags.map(({ key }: { key: string }) => key)].sort(),
    );
    const etag = first.headers.get('etag') ?? '';
    const same = await flags.bulk(token, { country: 'FR' }, { 'if-none-match': etag });
    expect([same.status, same.body, same.headers.get('etag')]).toEqual([304, null, etag]);
    expect((await flags.bulk(token, { country: 'DE' }, { 'if-none-match': etag })).status).toBe(200);
  });

  test('are never 304 when a stream said that they changed (trap 2)', async () => {
    const etag = (await flags.bulk(token)).headers.get('etag') ?? '';
    const refetch = await json(`${url('')}?flagConfigEtag=%22x%22&flagConfigLastModified=1771622898`, {
      token,
      body: { context: {} },
      headers: { 'if-none-match': etag },
    });
    expect(refetch.status).toBe(200);
  });

  test('change at once, with a revision that only grows (trap 3)', async () => {
    await flags.flag('moving');
    let last = 0n;
    for (const weight of [10, 20, 30]) {
      await flags.put('moving', {
        enabled: true,
        rollout: [
          { variant: 'on', weight },
          { variant: 'off', weight: 100 - weight },
        ],
      });
      const revision = BigInt((await flags.bulk(token)).body.metadata.revision);
      expect(revision > last).toBe(true);
      last = revision;
    }
  });

  test('offer the same stream each time, by a path of their own (trap 10)', async () => {
    const [one, two] = [await flags.bulk(token), await flags.bulk(token, { targetingKey: 'other' })];
    expect(one.body.eventStreams).toEqual([
      {
        type: 'sse',
        endpoint: { requestUri: expect.stringMatching(/^\/ofrep\/v1\/streams\?ticket=/) },
        inactivityDelaySec: 120,
      },
    ]);
    expect(two.body.eventStreams).toEqual(one.body.eventStreams);
    expect((await json(`${house.api.url}/ofrep/v1/streams?ticket=forged.x`)).status).toBe(401);
    expect(house.api.logs()).not.toContain('ticket=');
  });

  test('are told to browsers: preflight, exposed headers (trap 13)', async () => {
    const preflight = await fetch(url(''), {
      method: 'OPTIONS',
      headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get('access-control-allow-headers') ?? '';
    for (const name of ['Authorization', 'Content-Type', 'If-None-Match', 'X-API-Key']) expect(allowed).toContain(name);
    expect((await flags.bulk(token)).headers.get('access-control-expose-headers')).toBe('ETag, Retry-After');
  });
});

describe('a public key', () => {
  test('sees values of public flags from its sites, and no rule, segment or other environment', async () => {
    const { key } = await flags.made('/api/environments/production/client-keys', {
      name: 'Web',
      origins: ['https://app.example'],
    });
    const ask = (path: string, headers: Record<string, string> = {}) =>
      json(`${house.api.url}${path}`, {
        method: path.startsWith('/flags') ? 'GET' : 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
        body: path.startsWith('/flags') ? undefined : '{"context":{}}',
      });
    const bulk = await ask('/ofrep/v1/evaluate/flags', { origin: 'https://app.example' });
    expect(bulk.body.flags.map((flag: { key: string }) => flag.key)).not.toContain('hidden');
    expect((await ask('/ofrep/v1/evaluate/flags/hidden')).body).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    expect((await ask('/ofrep/v1/evaluate/flags', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('/flags/v1/flagd.json')).status).toBe(403);
    expect(JSON.stringify(bulk.body)).not.toMatch(/"when"|"targeting"|\$evaluators/);
  });
});

describe('the clients of others, unchanged', () => {
  test('ofrep-core: values, reasons, 304, errors', async () => {
    const api = new OFREPApi({ baseUrl: house.api.url, headers: [['Authorization', `Bearer ${token}`]] });
    const one = await api.postEvaluateFlag('of-string', { context: { country: 'FR' } });
    expect([one.httpStatus, one.value]).toEqual([
      200,
      expect.objectContaining({ value: 'blue', reason: 'TARGETING_MATCH' }),
    ]);
    const bulk = await api.postBulkEvaluateFlags({ context: {} });
    const etag = bulk.httpResponse?.headers.get('etag') ?? '';
    expect((await api.postBulkEvaluateFlags({ context: {} }, etag)).httpStatus).toBe(304);
    const missing = await api.postEvaluateFlag('none', { context: {} });
    expect([missing.httpStatus, missing.value]).toEqual([
      404,
      expect.objectContaining({ errorCode: 'FLAG_NOT_FOUND' }),
    ]);
  });

  test('ofrep-web-provider: four types, and a change of targeting through the stream', async () => {
    Object.assign(globalThis, { EventSource });
    const provider = new OFREPWebProvider({
      baseUrl: house.api.url,
      headers: [['Authorization', `Bearer ${token}`]],
      pollInterval: 0,
    });
    await OpenFeature.setContext({ targetingKey: 'u1', country: 'FR' });
    await OpenFeature.setProviderAndWait(provider);
    const client = OpenFeature.getClient();
    expect([
      client.getBooleanValue('of-boolean', false),
      client.getStringValue('of-string', ''),
      client.getNumberValue('of-number', 0),
      client.getObjectValue('of-object', {}),
    ]).toEqual([true, 'blue', 4.5, { size: 3 }]);
    expect(client.getStringDetails('of-boolean', 'x')).toMatchObject({ errorCode: 'TYPE_MISMATCH', value: 'x' });
    await flags.flag('live');
    await flags.put('live', { enabled: true, rollout: [{ variant: 'on', weight: 100 }] });
    await waitFor('the change', async () => client.getBooleanValue('live', false));
    await OpenFeature.close();
  });
});

describe('what is counted', () => {
  test('is who asked for which flag, with which answer, archived ones too', async () => {
    await flags.flag('counted');
    await flags.one(token, 'counted');
    await house.manage('/api/flags/counted/archive', { body: { force: true } });
    expect((await flags.one(token, 'counted')).status).toBe(404);
    const { data } = await waitFor('the counts', async () => {
      const { body } = await house.manage('/api/flags/counted/use');
      return body.data.length === 2 && body;
    });
    expect(
      data
        .map(({ variant, client, count, since_archived }: Record<string, unknown>) => [
          variant,
          client,
          count,
          since_archived,
        ])
        .sort(),
    ).toEqual([
      ['', clientId, '1', true],
      ['off', clientId, '1', false],
    ]);
  });
});

describe('the definitions for programs that evaluate by themselves', () => {
  test('are those of the client, with an ETag, without what only the server can evaluate', async () => {
    await flags.flag('by-pattern');
    await flags.put('by-pattern', {
      enabled: true,
      rules: [{ when: [{ attribute: 'mail', operator: 'matches', value: '@example\\.com$' }], variant: 'on' }],
    });
    const ask = (headers = {}) => json(`${house.api.url}/flags/v1/flagd.json`, { token, headers });
    const first = await ask();
    expect(first.body.metadata).toMatchObject({ environment: 'production', omitted: 'by-pattern' });
    expect(Object.keys(first.body.flags)).toEqual(expect.arrayContaining(['of-string', 'drawn']));
    expect(JSON.stringify(first.body)).not.toContain('$platform');
    expect((await ask({ 'if-none-match': first.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await flags.one(token, 'by-pattern', { mail: 'a@example.com' })).body.variant).toBe('on');
  });

  test('flagd-provider evaluates them in process, with what the server knows of the client', async () => {
    await flags.flag('mine');
    const own = { attribute: '$platform.client', operator: 'equals', value: clientId };
    await flags.put('mine', { enabled: true, rules: [{ when: [own], variant: 'on' }] });
    const { body } = await json(`${house.api.url}/flags/v1/flagd.json`, { token });
    const file = join(house.api.dataDir, 'flags.json');
    await writeFile(file, JSON.stringify(body));
    const provider = new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file });
    await Server.setProviderAndWait(provider);
    const client = Server.getClient();
    const context = { targetingKey: 'u1', country: 'FR' };
    expect([
      await client.getBooleanValue('of-boolean', false, context),
      await client.getStringValue('of-string', '', context),
      await client.getNumberValue('of-number', 0, context),
      await client.getObjectValue('of-object', {}, context),
      await client.getBooleanValue('mine', false, context),
    ]).toEqual([true, 'blue', 4.5, { size: 3 }, true]);
    expect(await client.getBooleanDetails('none', false)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    const drawn = (await flags.one(token, 'drawn', context)).body.value;
    expect(await client.getBooleanValue('drawn', !drawn, context)).toBe(drawn);
    await Server.close();
  });
});
