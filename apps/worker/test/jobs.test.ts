import { type Api, startApi } from '@bastionary/testing/api-process';
import { basic, json, managementToken } from '@bastionary/testing/http';
import { type Redis, redisServer, startRedis } from '@bastionary/testing/redis';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';

type Worker = Awaited<ReturnType<typeof startWorker>>;

let api: Api;
let db: pg.Client;
let management: string;

beforeAll(async () => {
  api = await startApi({ env: { USAGE_FLUSH_MS: '50' } });
  db = new pg.Client({ connectionString: api.databaseUrl });
  await db.connect();
  management = await managementToken(api);
});
afterAll(async () => {
  await db.end();
  await api.stop();
});

const number = async (sql: string, values: unknown[] = []): Promise<number> =>
  Number(Object.values((await db.query(sql, values)).rows[0] ?? {})[0] ?? 0);

/** A client and `count` tokens of it. */
const clientWithTokens = async (count: number, from = api) => {
  const made = await json(`${from.url}/api/clients`, { token: management, body: { scopes: ['read'] } });
  expect(made.status).toBe(201);
  const headers = { authorization: basic(made.body.client_id, made.body.client_secret) };
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  for (let issued = 0; issued < count; issued++) {
    expect((await json(`${from.url}/oauth2/token`, { headers, body })).status).toBe(200);
  }
  return made.body.client_id as string;
};

const folded = (clientId: string) =>
  number('SELECT coalesce(sum(issued), 0) FROM tokens_per_hour WHERE client_id = $1', [clientId]);
const unfolded = () => number('SELECT count(*) FROM issuance_batch');

const BACKENDS: [string, boolean][] = [
  ['PostgreSQL', false],
  ['Redis', true],
];

for (const [backend, onRedis] of BACKENDS) {
  (onRedis && !redisServer ? describe.skip : describe)(`the worker with its queue in ${backend}`, () => {
    let redis: Redis | undefined;
    const workers: Worker[] = [];
    const start = async (): Promise<Worker> => {
      const env: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
      const worker = await startWorker({ databaseUrl: api.databaseUrl, dataDir: api.dataDir, env });
      workers.push(worker);
      return worker;
    };

    beforeAll(async () => {
      redis = onRedis ? await startRedis() : undefined;
    });
    afterEach(async () => {
      for (const worker of workers.splice(0)) await worker.stop();
    });
    afterAll(() => redis?.stop());

    test('marks a client past its expiry, once, with one audit record by the worker', async () => {
      const clientId = await clientWithTokens(0);
      await db.query("UPDATE client SET expiry = now() - interval '1 second' WHERE client_id = $1", [clientId]);
      await Promise.all([start(), start()]);
      await waitFor(
        'the client to be marked',
        async () =>
          (await number("SELECT count(*) FROM client WHERE client_id = $1 AND status = 'expired'", [clientId])) === 1,
        { within: 40_000 },
      );
      const { rows } = await db.query(
        "SELECT actor, action FROM audit_log WHERE target = $1 AND action = 'client.expired'",
        [`client:${clientId}`],
      );
      expect(rows).toEqual([{ actor: 'system:worker', action: 'client.expired' }]);
      expect((await json(`${api.url}/api/clients/${clientId}`, { token: management })).body.status).toBe('expired');
    });

    test('removes revocations of tokens that have expired, and keeps the others', async () => {
      await db.query(`INSERT INTO revoked_token (jti, client_id, revoked_at, expires_at) VALUES
        ('past-${backend}', 'x', now(), now() - interval '1 minute'), ('live-${backend}', 'x', now(), now() + interval '1 hour')`);
      await start();
      await waitFor(
        'the past one to go',
        async () => (await number('SELECT count(*) FROM revoked_token WHERE jti = $1', [`past-${backend}`])) === 0,
        { within: 40_000 },
      );
      expect(await number('SELECT count(*) FROM revoked_token WHERE jti = $1', [`live-${backend}`])).toBe(1);
    });

    test('folds every issued token exactly once, with two workers at once', async () => {
      await Promise.all([start(), start()]);
      const clientId = await clientWithTokens(60);
      await waitFor('all to be folded', async () => (await folded(clientId)) >= 60, { within: 40_000 });
      await waitFor('nothing to be left', async () => (await unfolded()) === 0);
      expect(await folded(clientId)).toBe(60);
      const answer = await json(`${api.url}/api/clients/${clientId}`, { token: management });
      expect(answer.body.tokens_issued).toBe('60');
    });

    test('loses and doubles nothing when it is killed between two folds and started again', async () => {
      const first = await start();
      const clientId = await clientWithTokens(20);
      await first.kill();
      workers.splice(workers.indexOf(first), 1);
      const more = await clientWithTokens(5);
      await start();
      await waitFor('all to be folded', async () => (await unfolded()) === 0 && (await folded(more)) === 5, {
        within: 20_000,
      });
      expect(await folded(clientId)).toBe(20);
    });

    test('the counts of a cleanly stopped api are all there', async () => {
      const other = await startApi({
        databaseUrl: api.databaseUrl,
        dataDir: api.dataDir,
        env: { USAGE_FLUSH_MS: '60000', ISSUER_URL: api.url },
      });
      const clientId = await clientWithTokens(17, other);
      await other.stop();
      await start();
      await waitFor('all to be folded', async () => (await folded(clientId)) === 17, { within: 40_000 });
      expect(await unfolded()).toBe(0);
    });
  });
}

describe('what it makes of its settings', () => {
  test('a wrong one stops the start with a message that names it', async () => {
    const start = startWorker({
      databaseUrl: api.databaseUrl,
      dataDir: api.dataDir,
      env: { LOG_LEVEL: 'loud', REDIS_URL: 'nonsense' },
    });
    await expect(start).rejects.toThrow(/LOG_LEVEL[\s\S]*REDIS_URL|REDIS_URL[\s\S]*LOG_LEVEL/);
  });
});
