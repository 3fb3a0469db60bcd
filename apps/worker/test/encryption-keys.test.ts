import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newKeyEntry } from '@bastionary/platform/seal';
import { type Api, startApi } from '@bastionary/testing/api-process';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { basic, json, managementToken } from '@bastionary/testing/http';
import { runScript } from '@bastionary/testing/program';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { ring } from './support.js';

let database: TestDatabase;
let dataDir: string;
let db: pg.Client;
let entry: string;
let issuer: string;
let token: string;
beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'bastionary-keys-'));
  db = new pg.Client({ connectionString: database.url });
  await db.connect();
  const api = await startApi({ databaseUrl: database.url, dataDir });
  issuer = api.url;
  token = await managementToken(api);
  await api.stop();
  entry = (await readFile(join(dataDir, 'encryption-keys'), 'utf8')).trim();
});
afterAll(async () => {
  await db.end();
  await database.drop();
  await rm(dataDir, { recursive: true });
});

type Env = Record<string, string>;
const around = (env: Env) => ({ databaseUrl: database.url, dataDir, env: { ISSUER_URL: issuer, ...env } });
const { PATH = '' } = process.env;
/** The three programs that open what is sealed; each resolves to what it ended with and said. */
const PROGRAMS: [string, (env: Env) => Promise<string>][] = [
  [
    'the first run',
    (env) =>
      firstRun(env).then(
        () => 'it ran',
        (error) => `${error.code}: ${error.stderr}`,
      ),
  ],
  ['the api', (env) => startApi({ ...around(env), firstRun: false }).then(stopped, told)],
  ['the worker', (env) => startWorker(around(env)).then(stopped, told)],
];
const firstRun = (env: Env) =>
  runScript('apps/api/dist/first-run.js', {
    PATH,
    DATABASE_URL: database.url,
    BASTIONARY_DATA_DIR: dataDir,
    ISSUER_URL: issuer,
    ...env,
  });
const stopped = async (program: { stop(): Promise<void> }): Promise<string> => {
  await program.stop();
  return 'it ran';
};
const told = (error: Error): string => error.message.replace(/^.*ended with (\d+) before it was ready\.\n/, '$1: ');

const sealed = async () =>
  (
    await db.query(`SELECT 'canary' AS what, sealed FROM encryption_canary
      UNION ALL SELECT 'pepper ' || version, sealed FROM pepper
      UNION ALL SELECT kid, private_sealed FROM signing_key ORDER BY 1`)
  ).rows as { what: string; sealed: string }[];

describe.each(PROGRAMS)('%s', (_name, start) => {
  const refuses = async (env: Env, ...words: string[]) => {
    const before = await sealed();
    const said = await start(env);
    expect(said).toMatch(/^78: /);
    for (const word of words) expect(said).toContain(word);
    // A sentence, not a stack of frames, and never a key.
    expect(said).not.toMatch(/\n\s+at /);
    expect(said).not.toContain(entry.split(':')[1]);
    expect(await sealed()).toEqual(before);
  };

  test('refuses another key of the same name', () =>
    refuses({ ENCRYPTION_KEYS: newKeyEntry('k1') }, 'ENCRYPTION_KEYS are not those of this database', 'key k1'));

  test('refuses keys without the one that is needed', () =>
    refuses({ ENCRYPTION_KEYS: newKeyEntry('k2') }, 'ENCRYPTION_KEYS has no key k1'));

  test('refuses a list that cannot be read', () => refuses({ ENCRYPTION_KEYS: 'k1:short' }, 'ENCRYPTION_KEYS'));

  test('refuses to make a key file for data that is there', async () => {
    const elsewhere = join(dataDir, 'elsewhere');
    await mkdir(elsewhere, { recursive: true });
    await refuses({ BASTIONARY_DATA_DIR: elsewhere }, join(elsewhere, 'encryption-keys'), 'Restore it');
    expect(await readdir(elsewhere)).toEqual([]);
  });

  test('starts with the right key first, or after another', async () => {
    expect(await start({})).toBe('it ran');
  });
});

describe('where a sealed row was lost', () => {
  beforeEach(() =>
    db.query('CREATE TABLE kept AS SELECT * FROM pepper; CREATE TABLE kept_keys AS SELECT * FROM signing_key'),
  );
  afterEach(async () => {
    await db.query('DELETE FROM pepper; INSERT INTO pepper SELECT * FROM kept; DROP TABLE kept');
    await db.query('DELETE FROM signing_key; INSERT INTO signing_key SELECT * FROM kept_keys; DROP TABLE kept_keys');
  });

  test.each([
    ['the pepper', 'DELETE FROM pepper', 'there is no pepper in the database. Restore it from a backup'],
    ['the active signing key', "DELETE FROM signing_key WHERE state = 'active'", 'there is no active signing key'],
    ['every signing key', 'DELETE FROM signing_key', 'there is no active signing key'],
  ])('%s: neither first run nor api makes another', async (_what, loss, words) => {
    await db.query(loss);
    const left = await sealed();
    for (const [, start] of PROGRAMS.slice(0, 2)) {
      const said = await start({});
      expect(said).toMatch(/^78: /);
      expect(said).toContain(words);
    }
    expect(await sealed()).toEqual(left);
  });

  test('the canary: api and worker refuse; the first run makes it again only under keys that open everything else', async () => {
    await db.query('DELETE FROM encryption_canary');
    for (const [, start] of PROGRAMS.slice(1)) expect(await start({})).toMatch(/^78: .*no encryption canary/);
    expect(await PROGRAMS[0]?.[1]({ ENCRYPTION_KEYS: newKeyEntry('k1') })).toMatch(/^78: .*not the one/);
    expect((await db.query('SELECT FROM encryption_canary')).rowCount).toBe(0);
    await firstRun({});
    expect((await db.query('SELECT FROM encryption_canary')).rowCount).toBe(1);
  });
});

describe('a new encryption key', () => {
  test('put first, takes over everything that lasts; then the old one may go', async () => {
    const admin = JSON.parse(await readFile(join(dataDir, 'admin-client.json'), 'utf8'));
    const fresh = newKeyEntry('k2');
    const before = await sealed();
    expect(before.map((row) => row.sealed.split('.')[1])).toEqual(before.map(() => 'k1'));
    const both = around({ ENCRYPTION_KEYS: `${fresh},${entry}` });
    const [running, worker] = [await startApi({ ...both, firstRun: false }), await startWorker(both)];
    await ring(database.url, 'rewrap-sealed');
    await waitFor('everything to move', async () => (await sealed()).every((row) => row.sealed.startsWith('v1.k2.')), {
      within: 80_000,
      every: 250,
    });
    await worker.stop();
    await works(running);
    await running.stop();

    // Only the wrapping of the data keys is another.
    const after = await sealed();
    expect(after.map((row) => [row.what, row.sealed.split('.')[3]])).toEqual(
      before.map((row) => [row.what, row.sealed.split('.')[3]]),
    );
    const licensing = await db.query("SELECT kid FROM license_signing_key WHERE private_sealed NOT LIKE 'v1.k2.%'");
    expect(licensing.rows).toEqual([]);
    const { rows } = await db.query(
      `SELECT actor, target, detail FROM audit_log WHERE action = 'encryption_key.rewrapped'`,
    );
    expect(rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }))).toEqual([
      {
        actor: 'system:worker',
        target: 'encryption_key:k2',
        detail: {
          canary: 1,
          license_keys: 0,
          // The root, Ed25519 and P-256: those of the first run.
          license_signing_keys: 3,
          peppers: 1,
          signing_keys: before.length - 2,
          totp_secrets: 0,
          webhook_secrets: 0,
        },
      },
    ]);

    for (const [, start] of PROGRAMS) {
      expect(await start({ ENCRYPTION_KEYS: fresh })).toBe('it ran');
      expect(await start({ ENCRYPTION_KEYS: entry })).toMatch(/^78: .*ENCRYPTION_KEYS has no key k2/);
    }
    const again = await startApi({ ...around({ ENCRYPTION_KEYS: fresh }), firstRun: false });
    await works(again);
    await again.stop();

    async function works(api: Api): Promise<void> {
      const headers = { authorization: basic(admin.client_id, admin.client_secret) };
      const form = new URLSearchParams({ grant_type: 'client_credentials' });
      expect((await json(`${api.url}/oauth2/token`, { body: form, headers })).status).toBe(200);
      const introspected = await json(`${api.url}/oauth2/introspect`, {
        body: new URLSearchParams({ token }),
        headers,
      });
      expect(introspected.body).toMatchObject({ active: true });
    }
  }, 150_000);
});
