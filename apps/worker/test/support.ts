import { parseConfig } from '@bastionary/platform/config';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { type Answer, basic, json, managementToken, type RequestOptions } from '@bastionary/testing/http';
import type { Program } from '@bastionary/testing/program';
import { startWorker } from '@bastionary/testing/worker-process';
import pg from 'pg';
import { openClock } from '../src/queue.js';

export interface MadeClient {
  client_id: string;
  client_secret: string;
}

/** Puts jobs into the queue of the workers of a database, besides those of the schedule: nobody waits for their turn. */
export async function ring(databaseUrl: string, ...jobs: string[]): Promise<void> {
  const { queue } = openClock(parseConfig({ DATABASE_URL: databaseUrl }));
  for (const job of jobs) await queue.add(job, undefined, { removeOnComplete: true });
  await queue.close();
}

/** An api on a database of its own, and as many workers as a test wants. */
export class Works {
  readonly workers: Program[] = [];
  private token = '';

  private constructor(
    readonly database: TestDatabase,
    readonly api: Api,
    private readonly pool: pg.Pool,
    private readonly workerEnv: Record<string, string>,
  ) {}

  static async open(workerEnv: Record<string, string> = {}, apiEnv: Record<string, string> = {}): Promise<Works> {
    const database = await createDatabase();
    const api = await startApi({ databaseUrl: database.url, env: { USAGE_FLUSH_MS: '100', ...apiEnv } });
    const works = new Works(database, api, new pg.Pool({ connectionString: database.url, max: 3 }), workerEnv);
    works.token = await managementToken(api);
    return works;
  }

  async close(): Promise<void> {
    for (const worker of this.workers.splice(0)) await worker.stop();
    await this.api.stop();
    await this.pool.end();
    await this.database.drop();
  }

  async worker(env: Record<string, string> = {}): Promise<Program> {
    const { databaseUrl, dataDir } = this.api;
    const worker = await startWorker({ databaseUrl, dataDir, env: { ...this.workerEnv, ...env } });
    this.workers.push(worker);
    return worker;
  }

  /** So many workers, those that run already among them. */
  async crew(size: number): Promise<void> {
    const missing = Math.max(0, size - this.workers.length);
    await Promise.all(Array.from({ length: missing }, () => this.worker()));
  }

  /** Lets the workers do these jobs now, whenever their turn is. */
  ring = (...jobs: string[]): Promise<void> => ring(this.database.url, ...jobs);

  // biome-ignore lint/suspicious/noExplicitAny: rows of every shape
  async sql<Row = any>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(statement, values)).rows as Row[];
  }

  /** A management request with a token for everything. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  manage<Body = any>(path: string, options: RequestOptions = {}): Promise<Answer<Body>> {
    return json<Body>(`${this.api.url}${path}`, { token: this.token, ...options });
  }

  async client(body: Record<string, unknown> = {}): Promise<MadeClient> {
    const url = `${this.api.url}/api/clients`;
    const answer = await json(url, { token: this.token, body: { scopes: ['read'], ...body } });
    if (answer.status !== 201) throw new Error(`No client: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Issues so many tokens to a client. */
  async issue({ client_id, client_secret }: MadeClient, count: number): Promise<void> {
    const headers = { authorization: basic(client_id, client_secret) };
    for (let issued = 0; issued < count; issued++) {
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const { status } = await json(`${this.api.url}/oauth2/token`, { body, headers });
      if (status !== 200) throw new Error(`No token: ${status}`);
    }
  }

  /** Tokens counted for a client: folded into hours, and waiting to be. */
  async counted({ client_id }: MadeClient): Promise<{ folded: number; waiting: number }> {
    const [row] = await this.sql(
      `SELECT (SELECT coalesce(sum(issued), 0)::int FROM tokens_per_hour WHERE client_id = $1) AS folded,
        (SELECT coalesce(sum(issued), 0)::int FROM issuance_batch WHERE client_id = $1) AS waiting`,
      [client_id],
    );
    return row;
  }
}
