// @ts-check
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Two roles that sign in: the superuser for backups and disposable databases, and the owner of the platform's database,
 * which is no superuser because row-level security would not bind one.
 * @typedef {{ superuser: { user: string, password: string }, owner: { user: string, password: string } }} Credentials
 */

export const databaseName = 'bastionary';

/** @param {string} home */
export const pgdata = (home) => join(home, 'data');

/**
 * The major version that wrote an existing cluster, or null if there is none yet.
 * @param {string} home
 */
export function clusterMajor(home) {
  const file = join(pgdata(home), 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/**
 * Reads the credentials of the cluster; makes cluster, roles and database first if there are none. Interrupted at any
 * point, the next call starts afresh: the cluster appears under its name only when it is complete.
 * @param {object} options
 * @param {string} options.home
 * @param {string} options.bin
 * @param {import('./account.mjs').Account | null} options.account
 * @param {string} options.credentialsFile
 * @param {boolean} options.durable false for servers that are thrown away
 * @returns {Credentials}
 * @throws {Error} with initdb's output
 */
export function ensureCluster({ home, bin, account, credentialsFile, durable }) {
  if (clusterMajor(home)) {
    if (existsSync(credentialsFile)) return JSON.parse(readFileSync(credentialsFile, 'utf8'));
    throw new Error(`${credentialsFile} is missing, and with it the password of the database in ${home}.`);
  }
  const credentials = {
    superuser: { user: 'postgres', password: randomBytes(24).toString('base64url') },
    owner: { user: 'bastionary', password: randomBytes(24).toString('base64url') },
  };
  const unfinished = join(home, 'data.new');
  const passwordFile = join(home, 'password.new');
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(passwordFile, credentials.superuser.password, { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);

  const run = { ...account, cwd: home, encoding: /** @type {const} */ ('utf8') };
  const shape = ['-A', 'scram-sha-256', '--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])];
  check(
    'initdb',
    spawnSync(join(bin, 'initdb'), ['-D', unfinished, '-U', 'postgres', `--pwfile=${passwordFile}`, ...shape], run),
  );
  rmSync(passwordFile);
  // Single-user mode, since the package brings no psql. One statement a line.
  const input = [
    `CREATE ROLE bastionary LOGIN PASSWORD '${credentials.owner.password}'`,
    // What requests of customers' clients run as; the owner may become it and nothing else (migration 0011).
    'CREATE ROLE bastionary_customer NOLOGIN',
    'GRANT bastionary_customer TO bastionary',
    `CREATE DATABASE ${databaseName} OWNER bastionary`,
    '',
  ].join(';\n');
  check(
    'postgres --single',
    spawnSync(join(bin, 'postgres'), ['--single', '-D', unfinished, 'postgres'], { ...run, input }),
  );

  writeFileSync(credentialsFile, `${JSON.stringify(credentials)}\n`, { mode: 0o600 });
  renameSync(unfinished, pgdata(home));
  return credentials;
}

/** @param {string} program @param {import('node:child_process').SpawnSyncReturns<string>} result */
function check(program, { status, stdout, stderr, error }) {
  // Single-user mode exits with 0 even if a statement failed.
  if (status === 0 && !/^.*(ERROR|FATAL):/m.test(stderr)) return;
  throw new Error(
    `${program} failed: ${error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n')}`,
  );
}

/**
 * What postmaster.pid says, or null if it is missing or half written.
 * @param {string} home
 * @returns {{ pid: number, port: number, ready: boolean } | null}
 */
export function readPostmasterPid(home) {
  const file = join(pgdata(home), 'postmaster.pid');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const [pid, , , port] = lines;
  return pid && port ? { pid: Number(pid), port: Number(port), ready: lines[7]?.trim() === 'ready' } : null;
}
