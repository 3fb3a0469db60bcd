import type { Program } from '@bastionary/testing/program';
import { type Redis, redisServer, startRedis } from '@bastionary/testing/redis';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MadeClient, Works } from './support.js';

const patience = { within: 30_000 };

interface Backend {
  readonly name: string;
  start(): Promise<{ env: Record<string, string>; stop(): Promise<void> }>;
}

const postgres: Backend = {
  name: 'PostgreSQL',
  start: async () => ({ env: {}, stop: async () => undefined }),
};
const redis: Backend = {
  name: 'Redis',
  async start() {
    const server: Redis = await startRedis();
    return { env: { REDIS_URL: server.url }, stop: () => server.stop() };
  },
};

function behaves(backend: Backend): void {
  let queue: Awaited<ReturnType<Backend['start']>>;
  let works: Works;
  beforeAll(async () => {
    queue = await backend.start();
    works = await Works.open(queue.env);
  });
  afterAll(async () => {
    await works.close();
    await queue.stop();
  });

  const isFolded = (client: MadeClient, tokens: number) => async () => {
    const { folded, waiting } = await works.counted(client);
    if (folded > tokens) throw new Error(`${folded} of ${tokens} tokens counted`);
    return folded === tokens && waiting === 0;
  };

  test('two workers at once, one of them killed again and again: every token counts once, every client is marked once', async () => {
    const client = await works.client();
    const expiry = new Date(Date.now() + 5_000).toISOString();
    const expiring = await Promise.all(Array.from({ length: 10 }, () => works.client({ expiry })));
    await works.worker();
    let tokens = 0;
    for (let round = 0; round < 3; round++) {
      const victim = await works.worker();
      const work = works.issue(client, 40);
      await waitFor('some of it to be folded', async () => (await works.counted(client)).folded > tokens, patience);
      await victim.kill();
      await work;
      tokens += 40;
    }
    await waitFor('all of it', isFolded(client, tokens), patience);
    const ids = expiring.map(({ client_id }) => `client:${client_id}`);
    await waitFor(
      'every mark',
      async () => {
        const [row] = await works.sql(
          `SELECT count(*)::int AS count FROM audit_log WHERE action = 'client.expired' AND target = ANY($1)`,
          [ids],
        );
        if (row.count > ids.length) throw new Error('a client was marked twice');
        return row.count === ids.length;
      },
      patience,
    );
    await waitFor(
      'every record to be sealed, densely',
      async () => {
        const [row] = await works.sql(
          'SELECT (SELECT count(*) FROM audit_log) AS records, count(*) AS leaves, max(idx) AS newest FROM audit_leaf',
        );
        return row.records === row.leaves && row.leaves === row.newest;
      },
      patience,
    );
  });

  test('stopped in good order it folds once more; what comes later waits for the next start', async () => {
    for (const worker of works.workers.splice(0)) await worker.stop();
    const client = await works.client();
    const last: Program = await works.worker();
    await works.issue(client, 12);
    await waitFor(
      'the counts',
      async () => {
        const { folded, waiting } = await works.counted(client);
        return folded + waiting === 12;
      },
      patience,
    );
    await last.stop();
    works.workers.pop();
    expect(last.logs()).toContain('"msg":"stopped"');
    expect(await works.counted(client)).toEqual({ folded: 12, waiting: 0 });

    await works.issue(client, 3);
    await waitFor('the counts', async () => (await works.counted(client)).waiting === 3, patience);
    await works.worker();
    await waitFor('the fold', isFolded(client, 15), patience);
  });
}

describe(`with the queue in ${postgres.name}`, () => behaves(postgres));
(redisServer ? describe : describe.skip)(`with the queue in ${redis.name}`, () => behaves(redis));
