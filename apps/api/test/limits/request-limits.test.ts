import type { Answer } from '@bastionary/testing/http';
import { json } from '@bastionary/testing/http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectOAuthError } from '../oauth/answers.js';
import { House, type MadeClient } from '../support.js';
import { GRANT } from './overload.js';

const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
const fields = ({ headers }: Answer<unknown>) =>
  ['retry-after', 'ratelimit-policy', 'ratelimit'].map((name) => headers.get(name));

describe('a client', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({
      env: { CLIENT_RATE_PER_SECOND: '1', CLIENT_RATE_BURST: '30', TRUSTED_PROXIES: 'loopback' },
    });
  });
  afterAll(() => house.close());
  const token = (client: MadeClient, headers = {}) => house.form('token', GRANT, client, headers);

  test('with a limit of its own sees in every answer what is left, and is refused beyond it', async () => {
    const client = await house.client({ rate_limit: { requests: 2, per_seconds: 3600, burst: 3 } });
    const answers = [await token(client), await token(client), await token(client), await token(client)];
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    const policy = '"client";q=2;w=3600;bastionary-burst=3';
    expect(answers.slice(0, 3).map(fields)).toEqual([
      [null, policy, expect.stringMatching(/^"client";r=2;t=1800$/)],
      [null, policy, expect.stringMatching(/^"client";r=1;t=(3599|3600)$/)],
      [null, policy, expect.stringMatching(/^"client";r=0;t=(539\d|5400)$/)],
    ]);
    const [refused] = answers.slice(3) as [Answer];
    expectOAuthError(refused, 429, 'slow_down');
    const [retryAfter, refusedPolicy, left] = fields(refused);
    expect(Number(retryAfter)).toBeGreaterThan(1_700);
    expect([refusedPolicy, left]).toEqual([policy, `"client";r=0;t=${retryAfter}`]);
  });

  test('the same limit holds at every endpoint and by every way; a changed one begins anew', async () => {
    const client = await house.client({ rate_limit: { requests: 1, per_seconds: 3600, burst: 2 } });
    expect((await house.form('introspect', { token: 'x' }, client)).status).toBe(200);
    expect((await house.form('revoke', { token: 'x' }, client)).status).toBe(200);
    for (const endpoint of ['token', 'introspect', 'revoke'] as const) {
      expectOAuthError(await house.form(endpoint, `${GRANT}&token=x`, client), 429, 'slow_down');
    }
    const body = { rate_limit: { requests: 1, per_seconds: 3600, burst: 1 } };
    expect((await house.manage(`/api/clients/${client.client_id}`, { method: 'PATCH', body })).status).toBe(200);
    expect(statuses([await token(client), await token(client)])).toEqual([200, 429]);
  });

  test('without one it has the default, tells nothing of it, and takes nothing from the others', async () => {
    const [wild, other] = [await house.client(), await house.client()];
    const answers = await times(60, () => token(wild));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(30);
    for (const answer of answers.filter(({ status }) => status === 200))
      expect(fields(answer)).toEqual([null, null, null]);
    expect(statuses(await times(20, () => token(other)))).toEqual(Array(20).fill(200));
  });

  test('N28: what others send in its name costs it nothing', async () => {
    const client = await house.client({ rate_limit: { requests: 1, per_seconds: 3600, burst: 1 } });
    const attack = await times(40, (index) =>
      token({ ...client, client_secret: 'wrong secret' }, { 'x-forwarded-for': `198.51.100.${index}` }),
    );
    expect(new Set(statuses(attack))).toEqual(new Set([401]));
    expect((await token(client, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
  });

  test('who guesses at many clients is stopped by its address; a client proven from there still gets in', async () => {
    const env = { WRONG_SECRET_ATTEMPTS_PER_ADDRESS: '5', TRUSTED_PROXIES: 'loopback' };
    const { databaseUrl, dataDir } = house.api;
    const strict = await House.open({ databaseUrl, dataDir, firstRun: false, env });
    try {
      const [proven, stranger] = [await house.client(), await house.client()];
      const from = (address: string, client: Partial<MadeClient>) =>
        strict.form('token', GRANT, { client_secret: 'wrong secret', ...client } as MadeClient, {
          'x-forwarded-for': address,
        });
      expect((await from('2001:db8::1', proven)).status).toBe(200);
      for (let index = 0; index < 5; index++) {
        expect((await from(`2001:db8::${index}`, { client_id: `nobody${index}` })).status).toBe(401);
      }
      expectOAuthError(await from('2001:db8::ffff', { client_id: 'nobody9' }), 429, 'slow_down');
      expectOAuthError(await from('2001:db8::1', stranger), 429, 'slow_down');
      expect((await from('2001:db8::1', proven)).status).toBe(200);
      expect((await from('2001:db8:0:1::1', stranger)).status).toBe(200);
    } finally {
      await strict.close();
    }
  });

  test('may come from its allowed addresses only; elsewhere it is as if it were unknown', async () => {
    const client = await house.client({ allowed_addresses: ['192.0.2.0/24', '2001:db8::/32'] });
    const from = (address: string) => token(client, { 'x-forwarded-for': address });
    for (const address of ['192.0.2.7', '::ffff:192.0.2.7', '2001:DB8:0:0::1'])
      expect((await from(address)).status).toBe(200);
    const unknown = await house.form('token', GRANT, { client_id: 'nobody', client_secret: 'wrong secret' });
    for (const address of ['203.0.113.7', '::192.0.2.7', '2001:db9::1']) {
      const refused = await from(address);
      expectOAuthError(refused, 401, 'invalid_client');
      expect(refused.body).toEqual(unknown.body);
    }
    expect(house.api.logs()).toContain("address 203.0.113.7 is not in the client's allowlist");
    const metrics = (await house.manage('/metrics')).body;
    expect(metrics).toMatch(/^bastionary_limited_requests_total\{kind="allowed_addresses"\} [1-9]/m);
    expect(metrics).toMatch(/^bastionary_limited_requests_total\{kind="client_rate"\} [1-9]/m);
  });
});

describe('N29: an address', () => {
  const ADDRESS = { ADDRESS_RATE_PER_SECOND: '1', ADDRESS_RATE_BURST: '20' };

  test('is limited before anything else is looked at, and X-Forwarded-For of a stranger buys nothing', async () => {
    const house = await House.open({ env: ADDRESS });
    try {
      const answers = await times(60, (index) =>
        house.form('token', 'nonsense', null, { 'x-forwarded-for': `203.0.113.${index}` }),
      );
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(20);
      expectOAuthError(refused[0] as Answer, 429, 'slow_down');
      expect(fields(refused[0] as Answer)).toEqual(['1', '"address";q=1;w=1;bastionary-burst=20', '"address";r=0;t=1']);
    } finally {
      await house.close();
    }
  });

  test.each([
    ['inside a /64', (index: number) => `2001:db8::${index.toString(16)}:${index}`],
    [
      'in other words',
      (index: number) => ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '192.0.2.1:99'][index % 4] as string,
    ],
    ['as no address at all', (index: number) => `0x7f.${index}`],
  ])('is the same one %s', async (_, address) => {
    const house = await House.open({ env: { ...ADDRESS, TRUSTED_PROXIES: 'loopback' } });
    try {
      const ask = (from: string) => house.form('token', 'nonsense', null, { 'x-forwarded-for': from });
      const answers = await times(60, (index) => ask(address(index)));
      expect(statuses(answers).filter((status) => status === 429).length).toBeGreaterThan(20);
      expect((await ask('198.51.100.1')).status).not.toBe(429);
    } finally {
      await house.close();
    }
  });
});

describe('the management API', () => {
  const expectProblem = (answer: Answer<Record<string, unknown>>, name: string) => {
    expect([answer.status, answer.body.code]).toEqual([429, 'too_many_requests']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const [retryAfter, policy, left] = fields(answer);
    expect(policy).toMatch(new RegExp(`^"${name}";q=1;w=1;bastionary-burst=\\d+$`));
    expect(left).toBe(`"${name}";r=0;t=${retryAfter}`);
  };

  test('limits each caller, not the others', async () => {
    const house = await House.open({ env: { MANAGEMENT_RATE_PER_SECOND: '1', MANAGEMENT_RATE_BURST: '20' } });
    try {
      const reader = await house.client({ scopes: ['clients:read'] });
      const token = await house.accessToken(reader);
      const answers = await times(60, () => house.manage('/api/clients?limit=1', { token }));
      const refused = answers.filter(({ status }) => status === 429);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
      expectProblem(refused[0] as Answer, 'caller');
      expect((await house.manage('/api/clients?limit=1')).status).toBe(200);
    } finally {
      await house.close();
    }
  });

  test('limits each address, whoever it is and however the path is written, but never those who watch over it', async () => {
    const env = { MANAGEMENT_ADDRESS_RATE_PER_SECOND: '1', MANAGEMENT_ADDRESS_RATE_BURST: '20' };
    const house = await House.open({ env });
    try {
      const paths = ['/api/clients', '/api//clients', '/%61pi/clients', '/api/nothing', '/API/clients', '/docs'];
      const answers = await times(90, (index) => json(`${house.api.url}${paths[index % paths.length]}`));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(40);
      expectProblem(refused[0] as Answer, 'address');
      expect(statuses(await times(40, () => json(`${house.api.url}/health/live`)))).toEqual(Array(40).fill(200));
      expect((await json(`${house.api.url}/metrics`)).status).toBe(200);
    } finally {
      await house.close();
    }
  });
});
