import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@bastionary/prisma/migrate';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { freePort } from '@bastionary/testing/free-port';
import { basic, json, managementToken } from '@bastionary/testing/http';
import type { Program } from '@bastionary/testing/program';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.js';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 2);
const ACTORS = 4;
/** What must go on between two crashes, so that each hits a system at work. */
const PROGRESS = 12;

let postgres: OwnPostgres;
let dataDir: string;
let port: number;
let api: Api;
let worker: Program;
let token: string;
beforeAll(async () => {
  postgres = await startOwnPostgres();
  await migrate(postgres.url);
  dataDir = await mkdtemp(join(tmpdir(), 'bastionary-crash-data-'));
  port = await freePort();
  api = await startApi({ databaseUrl: postgres.url, dataDir, port });
  worker = await startWorker({ databaseUrl: postgres.url, dataDir });
  token = await managementToken(api);
});
afterAll(async () => {
  await worker.stop();
  await api.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** What the api said it had done. Whatever got another answer, or none, may have happened or not. */
const acknowledged = { clients: new Set<string>(), revocations: new Set<string>() };
let isOver = false;

async function act(): Promise<void> {
  const created = await json(`${api.url}/api/clients`, {
    token,
    body: { client_id: `crash-${randomUUID()}`, scopes: ['read'] },
  });
  if (created.status !== 201) return;
  const { client_id, client_secret } = created.body;
  acknowledged.clients.add(client_id);
  const headers = { authorization: basic(client_id, client_secret) };
  const granted = await json(`${api.url}/oauth2/token`, {
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers,
  });
  if (granted.status !== 200) return;
  const { access_token } = granted.body;
  const revoked = await json(`${api.url}/oauth2/revoke`, {
    body: new URLSearchParams({ token: access_token }),
    headers,
  });
  if (revoked.status === 200) acknowledged.revocations.add(decodeJwt(access_token).jti ?? '');
}

async function actUntilOver(): Promise<void> {
  while (!isOver) {
    try {
      await act();
    } catch {
      // The api is away: come again when it answers.
      await waitFor('the api', async () => isOver || (await fetch(`${api.url}/health/live`)).ok, { within: 60_000 });
    }
  }
}

/** The system is at work again: it acknowledges new changes. */
async function goesOn(): Promise<void> {
  const { clients, revocations } = acknowledged;
  const before = { clients: clients.size, revocations: revocations.size };
  await waitFor(
    'new clients and revocations',
    () => clients.size >= before.clients + PROGRESS && revocations.size >= before.revocations + PROGRESS,
    { within: 60_000 },
  );
}

const CRASHES: Record<string, () => Promise<unknown>> = {
  async api() {
    await api.kill();
    api = await startApi({ databaseUrl: postgres.url, dataDir, port, firstRun: false });
  },
  async worker() {
    await worker.kill();
    worker = await startWorker({ databaseUrl: postgres.url, dataDir });
  },
  PostgreSQL: () => postgres.killAndRestart(),
};

test(
  `kill -9 of api, worker and PostgreSQL under load, ${ROUNDS} times: nothing acknowledged is lost, every record is sealed`,
  async () => {
    const actors = Array.from({ length: ACTORS }, actUntilOver);
    for (let round = 0; round < ROUNDS; round++) {
      for (const crash of Object.values(CRASHES)) {
        await goesOn();
        await crash();
      }
    }
    await goesOn();
    isOver = true;
    await Promise.all(actors);

    const db = new pg.Client({ connectionString: postgres.url });
    await db.connect();
    const column = async (sql: string): Promise<string[]> =>
      (await db.query({ text: sql, rowMode: 'array' })).rows.map(([value]) => String(value));
    try {
      // Every acknowledged change is there.
      const clients = new Set(await column('SELECT client_id FROM client JOIN credential USING (client_id)'));
      const revocations = new Set(await column('SELECT jti FROM revoked_token'));
      expect([...acknowledged.clients].filter((id) => !clients.has(id))).toEqual([]);
      expect([...acknowledged.revocations].filter((jti) => !revocations.has(jti))).toEqual([]);

      // Every record gets its seal, densely, and the chain holds.
      const state = await waitFor(
        'the seal',
        async () => {
          const { body } = await json(`${api.url}/api/audit/verification`, { token });
          return body.unsealed === '0' && body;
        },
        { within: 60_000 },
      );
      const [records] = await column('SELECT count(*) FROM audit_log');
      expect(state).toMatchObject({ state: 'sealed', fault: null, sealed_up_to: records });

      // There is exactly one entry for each change, acknowledged or not.
      const created = await column(
        `SELECT substr(target, 8) FROM audit_log WHERE action = 'client.created' ORDER BY 1`,
      );
      expect(created).toEqual((await column('SELECT client_id FROM client')).sort());
      const revoked = await column(`SELECT detail::jsonb ->> 'jti' FROM audit_log WHERE action = 'token.revoked'`);
      expect(revoked.sort()).toEqual([...revocations].sort());
    } finally {
      await db.end();
    }
  },
  60_000 + ROUNDS * 120_000,
);

test('an api that starts over what is left works, and knows what was revoked before', async () => {
  await waitFor('readiness', async () => (await json(`${api.url}/health/ready`)).status === 200, { within: 30_000 });
  const client = await json(`${api.url}/api/clients`, { token, body: { scopes: ['read'] } });
  const headers = { authorization: basic(client.body.client_id, client.body.client_secret) };
  const ask = (path: string, parameters: Record<string, string>) =>
    json(`${api.url}/oauth2/${path}`, { body: new URLSearchParams(parameters), headers });
  const { body } = await ask('token', { grant_type: 'client_credentials' });
  expect((await ask('introspect', { token: body.access_token })).body.active).toBe(true);
  await ask('revoke', { token: body.access_token });
  await api.kill();
  api = await startApi({ databaseUrl: postgres.url, dataDir, port, firstRun: false });
  expect((await ask('introspect', { token: body.access_token })).body).toEqual({ active: false });
});
