import { type Redis, redisServer, startRedis } from '@bastionary/testing/redis';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.js';
import { GRANT, type Load, overload } from './overload.js';

const RATE_LIMIT = { requests: 20, per_seconds: 1, burst: 100 };
// Neighbours on a busy machine make a store slow that is not away.
const PATIENT = { LIMITS_TIMEOUT_MS: '5000' };

function expectExact({ counts, allowed, seconds }: Load): void {
  const due = RATE_LIMIT.burst + seconds * RATE_LIMIT.requests;
  expect(Object.keys(counts).toSorted()).toEqual(['200', '429']);
  // Within 1 %, and within what comes back while the last answers are on their way.
  expect(allowed).toBeLessThanOrEqual(due * 1.01);
  expect(allowed).toBeGreaterThanOrEqual(due * 0.99 - 5);
}

async function overloaded(houses: House[]): Promise<Load> {
  const [first] = houses as [House];
  const client = await first.client({ rate_limit: RATE_LIMIT });
  return overload(houses, client, (elapsed) => elapsed > 6_000);
}

test('one process alone is exact', async () => {
  const house = await House.open();
  try {
    expectExact(await overloaded([house]));
  } finally {
    await house.close();
  }
});

test('two processes over PostgreSQL are exact together', async () => {
  const env = { LIMITS_STORE: 'postgresql', ...PATIENT };
  const a = await House.open({ env });
  const b = await a.beside(env);
  try {
    expectExact(await overloaded([a, b]));
  } finally {
    await b.close();
    await a.close();
  }
});

(redisServer ? describe : describe.skip)('two processes over Redis', () => {
  let redis: Redis;
  let proxy: TcpProxy;
  let a: House;
  let b: House;
  beforeAll(async () => {
    redis = await startRedis();
    proxy = await startTcpProxy(redis.url);
    const env = { REDIS_URL: proxy.databaseUrl, ...PATIENT };
    a = await House.open({ env });
    b = await a.beside(env);
  });
  afterAll(async () => {
    await b.close();
    await a.close();
    await proxy.close();
    await redis.stop();
  });

  test('are exact together', async () => {
    expectExact(await overloaded([a, b]));
  });

  test('guesses at one count at the other', async () => {
    const client = await a.client({ client_secret: 'chosen by somebody' });
    const guess = (house: House) =>
      house.form('token', 'grant_type=client_credentials', { ...client, client_secret: 'wrong secret' });
    for (let attempt = 0; attempt < 20; attempt++) expect((await guess(a)).status).toBe(401);
    expect((await guess(b)).status).toBe(429);
  });

  test('a token quota is one for both', async () => {
    const client = await a.client({ token_quota: { per_day: 20 } });
    const load = await overload([a, b], client, (elapsed) => elapsed > 2_000);
    expect([load.allowed, Object.keys(load.counts).toSorted()]).toEqual([20, ['200', '429']]);
  });

  test('with Redis away each limits on its own, with never an error; when it is back, both together', async () => {
    const client = await a.client({ rate_limit: { requests: 20, per_seconds: 1, burst: 40 } });
    const available = async (house: House) =>
      /^bastionary_limits_store_available (\d)$/m.exec((await house.manage('/metrics')).body)?.[1];
    let isOver = false;
    const load = overload([a, b], client, () => isOver);
    proxy.cut();
    await waitFor('both to miss Redis', async () => (await available(a)) === '0' && (await available(b)) === '0');
    const away = await overload([a, b], client, (elapsed) => elapsed > 2_000);
    proxy.heal();
    await waitFor('both to find Redis', async () => (await available(a)) === '1' && (await available(b)) === '1');
    isOver = true;
    const { counts, allowed, seconds } = await load;
    expect(Object.keys(counts).toSorted()).toEqual(['200', '429']);
    expect(away.counts[429]).toBeGreaterThan(0);
    // At worst both gave the whole limit all the time, and the store, which had filled up meanwhile, its burst once more.
    expect(allowed + away.allowed).toBeLessThanOrEqual((2 * (40 + 20 * seconds) + 40) * 1.01);
    const together = await overload([a, b], client, (elapsed) => elapsed > 4_000);
    expect(together.allowed).toBeLessThanOrEqual((40 + 20 * together.seconds) * 1.01);
    expect(together.allowed).toBeGreaterThan(0);
    expect(a.api.logs().match(/shared store of the limits is away/g)).toHaveLength(1);
  });

  test('Redis killed under load: limited all the time, and never an error', async () => {
    const limit = { requests: 20, per_seconds: 1, burst: 40 };
    const client = await a.client({ rate_limit: limit });
    const load = overload([a, b], client, (elapsed) => elapsed > 5_000);
    await waitFor('the load to begin', async () => (await b.form('token', GRANT, client)).status === 429);
    await redis.kill();
    const { counts, allowed, seconds } = await load;
    expect(Object.keys(counts).toSorted()).toEqual(['200', '429']);
    expect(counts[429]).toBeGreaterThan(0);
    expect(allowed).toBeLessThanOrEqual(2 * (limit.burst + limit.requests * seconds) * 1.01);
  });
});
