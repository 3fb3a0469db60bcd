// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnv } from '../../bench/subject.mjs';
import { startDisposablePostgres } from '../../postgres/disposable.mjs';
import { freePort } from '../../processes.mjs';
import { startNode } from '../../start/node-process.mjs';
import { node } from '../../start/places.mjs';
import { run } from '../../start/run.mjs';
import { obtain } from '../ask.mjs';
import { Management } from './management.mjs';

const other = 'https://orders.conformance.example/api';
// Short enough to wait for their end.
const GRACE_SECONDS = 4;
const REFRESH_SECONDS = 10;

/**
 * Starts this platform as built: a disposable PostgreSQL, first run, one api process, no worker; settings at their
 * defaults but for the address, and the life and grace of refresh tokens.
 * @param {string} folder
 * @param {import('../../bench/started.mjs').Started} started
 * @returns {Promise<import('./subject.mjs').Subject>}
 */
export async function startOurs(folder, started) {
  const dataDir = join(folder, 'bastionary');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = await startDisposablePostgres();
  let stopDatabase = () => database.stop();
  const cutStorage = async () => {
    const stop = stopDatabase;
    stopDatabase = async () => undefined;
    await stop();
  };
  started.add(cutStorage);
  const port = await freePort();
  const env = {
    ...plainEnv(),
    DATABASE_URL: database.url,
    BASTIONARY_DATA_DIR: dataDir,
    PORT: String(port),
    REFRESH_GRACE_SECONDS: String(GRACE_SECONDS),
    REFRESH_TOKEN_TTL_SECONDS: String(REFRESH_SECONDS),
  };
  await run(node, ['prisma/dist/migrate.js'], { env, signal: started.signal });
  await run(node, ['apps/api/dist/first-run.js'], { env, signal: started.signal });
  const logFile = join(folder, 'api.log');
  const api = await startNode({ script: 'apps/api/dist/main.js', env, logFile, signal: started.signal });
  started.add(api.stop);

  const url = `http://127.0.0.1:${port}`;
  const file = JSON.parse(readFileSync(join(dataDir, 'admin-client.json'), 'utf8'));
  const admin = { id: file.client_id, secret: file.client_secret, method: undefined };
  /** @type {import('./subject.mjs').Subject} */
  const subject = {
    name: 'bastionary',
    url,
    paths: {
      token: '/oauth2/token',
      introspect: '/oauth2/introspect',
      revoke: '/oauth2/revoke',
      keys: '/.well-known/jwks.json',
    },
    formats: ['jwt', 'opaque'],
    guarded: { url: `${url}/api/clients`, scope: 'clients:read' },
    resources: { theDefault: 'urn:bastionary:default', other },
    register: async ({ scopes = ['read', 'write'], ...metadata } = {}) => {
      const body = { name: 'Conformance', scopes, ...metadata };
      const { json } = await management.do('POST', '/clients', body);
      return { id: json.client_id, secret: json.client_secret ?? '', method: metadata.token_endpoint_auth_method };
    },
    grantWithRefresh: async (client, scope) => {
      const { access_token, refresh_token } = await obtain(subject, client, { form: { scope } });
      if (!refresh_token) throw new Error('no refresh token came with the access token of a client that opted in');
      return { access_token, refresh_token };
    },
    refreshSeconds: REFRESH_SECONDS,
    graceSeconds: GRACE_SECONDS,
    datesProofsByNonce: false,
    management: null,
    cutStorage,
  };
  const management = new Management(subject, admin);
  subject.management = management;
  const orders = { identifier: other, name: 'Orders', scopes: [{ name: 'orders', description: 'All orders' }] };
  await management.do('POST', '/resources', orders);
  return subject;
}
