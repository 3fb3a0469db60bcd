// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../postgres/start-postgres.mjs';
import { freePort } from '../processes.mjs';
import { startNode } from '../start/node-process.mjs';
import { node } from '../start/places.mjs';
import { run } from '../start/run.mjs';
import { basic, plainEnv } from './subject.mjs';

/** @typedef {import('./subject.mjs').Subject} Subject */
/** @typedef {import('./subject.mjs').Client} Client */

/** Every limit a client can have, so that each is watched; none is reached. */
const LIMITS = {
  rate_limit: { requests: 1_000_000, per_seconds: 1 },
  token_quota: { per_hour: 1_000_000_000, per_day: 1_000_000_000, enforce: true },
  allowed_addresses: ['127.0.0.0/8'],
};

/**
 * Registers another client, with all limits.
 * @typedef {(name: string, metadata: object) => Promise<Client>} Register
 */

/**
 * A management request of the admin that makes something.
 * @typedef {(path: string, body: object) => Promise<any>} Post
 */

/**
 * Starts this platform as `npm start` does: durable PostgreSQL, first run, one api process, the worker; all settings but
 * the port, and those given, at their defaults. The subject is the api process.
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 * @param {Record<string, string>} [settings] that differ from their defaults
 * @returns {Promise<{ subject: Subject, application: Client, register: Register, post: Post, databaseUrl: string, workerPid: number }>}
 */
export async function startBastionary(folder, started, settings = {}) {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const database = await startPostgres({ dataDir: join(folder, 'postgres') });
  started.add(database.stop);
  const port = await freePort();
  const env = {
    ...plainEnv(),
    DATABASE_URL: database.url,
    BASTIONARY_DATA_DIR: folder,
    PORT: String(port),
    ...settings,
  };
  await run(node, ['prisma/dist/migrate.js'], { env, signal: started.signal });
  await run(node, ['apps/api/dist/first-run.js'], { env, signal: started.signal });
  const api = await startNode({
    script: 'apps/api/dist/main.js',
    env,
    logFile: join(folder, 'api.log'),
  });
  started.add(api.stop);
  const worker = await startNode({ script: 'apps/worker/dist/main.js', env, logFile: join(folder, 'worker.log') });
  started.add(worker.stop);

  const url = `http://127.0.0.1:${port}`;
  const admin = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const bearer = await managementToken(url, { id: admin.client_id, secret: admin.client_secret });
  /** @type {Register} */
  const register = (name, metadata) => createClient(url, bearer, name, ['read', 'write'], { ...LIMITS, ...metadata });
  const application = await register('Application', {});
  const resourceServer = await createClient(url, bearer, 'Resource server', ['tokens:introspect']);
  /** @type {Subject} */
  const subject = {
    name: 'bastionary',
    pid: api.pid,
    url,
    paths: { token: '/oauth2/token', introspect: '/oauth2/introspect', keys: '/.well-known/jwks.json' },
    owner: basic(application),
    asker: basic(resourceServer),
  };
  /** @type {Post} */
  const post = (path, body) => create(url, bearer, path, body);
  return { subject, application, register, post, databaseUrl: database.url, workerPid: worker.pid };
}

/** @param {string} url @param {Client} admin @returns {Promise<string>} */
export async function managementToken(url, admin) {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${url}/oauth2/token`, { method: 'POST', headers: { authorization: basic(admin) }, body });
  return (await read(answer)).access_token;
}

/**
 * @param {string} url
 * @param {string} bearer
 * @param {string} name
 * @param {string[]} scopes
 * @param {object} [metadata] more fields of the client
 * @returns {Promise<Client>}
 */
export async function createClient(url, bearer, name, scopes, metadata = {}) {
  const { client_id, client_secret } = await create(url, bearer, '/api/clients', { name, scopes, ...metadata });
  return { id: client_id, secret: client_secret };
}

/** @param {string} url @param {string} bearer @param {string} path @param {object} body @returns {Promise<any>} */
async function create(url, bearer, path, body) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return read(answer);
}

/** @param {Response} answer @returns {Promise<any>} */
async function read(answer) {
  if (answer.ok) return answer.json();
  throw new Error(`${answer.url} answered ${answer.status} ${await answer.text()}`);
}
