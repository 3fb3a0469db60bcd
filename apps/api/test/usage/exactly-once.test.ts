import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsageReceipt } from '@bastionary/contracts/usage';
import { migrate } from '@bastionary/prisma/migrate';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { freePort } from '@bastionary/testing/free-port';
import { json, managementToken } from '@bastionary/testing/http';
import type { Program } from '@bastionary/testing/program';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type OwnPostgres, startOwnPostgres } from '../own-postgres.js';

/** Events sent, a tenth of them twice; USAGE_EVENTS=1000000 for the whole proof. */
const EVENTS = Number(process.env.USAGE_EVENTS ?? 6_000);
const KILLS = Number(process.env.USAGE_KILLS ?? 4);
const SENDERS = 6;
const BATCH = Math.min(500, Math.ceil(EVENTS / 60));

let postgres: OwnPostgres;
let dataDir: string;
let apis: Api[];
let worker: Program;
let token: string;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  await migrate(postgres.url);
  dataDir = await mkdtemp(join(tmpdir(), 'bastionary-usage-'));
  const first = await startApi({ databaseUrl: postgres.url, dataDir });
  issuer = first.url;
  const second = openApi(await freePort());
  worker = await startWorker({ databaseUrl: postgres.url, dataDir });
  apis = [first, await second];
  token = await managementToken(first);
  await json(`${first.url}/api/customers`, {
    token,
    body: { name: 'Acme', email: 'x@example.com', currency: 'EUR', external_id: 'acme' },
  });
}, 180_000);
afterAll(async () => {
  // What did not come up leaves the others to be stopped.
  await worker?.stop();
  for (const api of apis ?? []) await api.stop();
  await postgres?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

let issuer: string;
const openApi = (port: number): Promise<Api> =>
  startApi({ databaseUrl: postgres.url, dataDir, port, firstRun: false, env: { ISSUER_URL: issuer } });
const killApi = (index: number) => async () => {
  const api = apis[index] as Api;
  const { port } = new URL(api.url);
  await api.kill();
  apis[index] = await openApi(Number(port));
};
const CRASHES = [
  killApi(0),
  () => postgres.killAndRestart(),
  killApi(1),
  async () => {
    await worker.kill();
    worker = await startWorker({ databaseUrl: postgres.url, dataDir });
  },
];

const measured = (index: number) => ({
  id: randomUUID(),
  source: 'proof',
  type: 'proof.call',
  subject: 'acme',
  // Two months, so that batches lie in two partitions.
  time: new Date(Date.now() - (index % 2) * 32 * 86_400_000).toISOString(),
  data: { n: 1 + (index % 7) },
});
type Event = ReturnType<typeof measured>;

const inBatches = (events: readonly Event[]): Event[][] =>
  Array.from({ length: Math.ceil(events.length / BATCH) }, (_, n) => events.slice(n * BATCH, (n + 1) * BATCH));

/** Sends until it is acknowledged, by whichever process answers: an answer that was lost is asked for again. */
async function send(events: readonly Event[], turn: number): Promise<UsageReceipt> {
  for (let attempt = turn; ; attempt++) {
    try {
      const api = apis[attempt % apis.length] as Api;
      const { status, body } = await json<UsageReceipt>(`${api.url}/api/usage/events`, { token, body: events });
      if (status === 200) return body;
      if (status !== 503) throw new Error(`answered ${status} ${JSON.stringify(body)}`);
    } catch (error) {
      // Killed half-way, or not there: whether anything was written only the next answer tells.
      if (!['TypeError', 'TimeoutError'].includes((error as Error).name)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(
  `${EVENTS} events, a tenth of them twice, ${KILLS} kills: every acknowledged event is there once`,
  async () => {
    const events = Array.from({ length: EVENTS }, (_, index) => measured(index));
    const twice = events.filter((_, index) => index % 10 === 0);
    const all = [...events, ...twice].sort(({ id: a }, { id: b }) => (a < b ? -1 : 1));
    // Of each pair one is sent at once, beside the other, and one much later.
    const batches = [...inBatches(all), ...inBatches(twice)];
    const acknowledged = { batches: 0, accepted: 0, other: 0 };
    let next = 0;
    const sender = async (turn: number) => {
      for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
        const { accepted, conflict, rejected } = await send(batch, turn);
        acknowledged.batches++;
        acknowledged.accepted += accepted;
        acknowledged.other += conflict + rejected;
      }
    };
    const senders = Array.from({ length: SENDERS }, (_, turn) => sender(turn));
    for (let kill = 0; kill < KILLS; kill++) {
      const due = ((kill + 0.5) / KILLS) * batches.length;
      await waitFor('the next kill', () => acknowledged.batches >= due || acknowledged.batches === batches.length, {
        within: 600_000,
      });
      await CRASHES[kill % CRASHES.length]?.();
    }
    await Promise.all(senders);

    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    try {
      const { rows } = await db.query(`
        SELECT count(*)::int AS events, count(DISTINCT id)::int AS names, sum((data->>'n')::int)::int AS sum,
          (SELECT count(*)::int FROM usage_event_key WHERE source = 'proof') AS keys
        FROM usage_event WHERE source = 'proof'`);
      const sum = events.reduce((total, { data: { n } }) => total + n, 0);
      expect(rows).toEqual([{ events: EVENTS, names: EVENTS, sum, keys: EVENTS }]);
      expect([acknowledged.batches, acknowledged.other]).toEqual([batches.length, 0]);
      // What was written although its answer was lost was a duplicate the next time.
      expect(acknowledged.accepted).toBeLessThanOrEqual(EVENTS);
    } finally {
      await db.end();
    }
  },
  120_000 + EVENTS * 5,
);
