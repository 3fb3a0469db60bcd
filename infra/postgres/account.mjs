// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ name: string, uid: number, gid: number }} Account */

const machineHome = '/var/lib/bastionary';

/**
 * PostgreSQL refuses to run as root. For root this is the existing system user it runs as; otherwise null.
 * @returns {Account | null}
 * @throws {Error} when root has no such user
 */
export function serverAccount() {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Start as an ordinary user, or set DATABASE_URL.',
  );
}

/**
 * The folder that holds the cluster: inside `dataDir`, or, where the server's account cannot get there, under
 * /var/lib/bastionary. The latter is written down in `dataDir`, so that it stays when permissions change.
 * @param {string} dataDir
 * @param {Account | null} account
 * @param {(line: string) => void} log
 * @returns {string} an existing folder which the server's account owns
 */
export function clusterHome(dataDir, account, log) {
  const pointer = join(dataDir, 'location');
  const inside = join(dataDir, 'cluster');
  mkdirSync(dataDir, { recursive: true });
  let home = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : inside;
  if (account && home === inside && !canEnter(dataDir, account)) {
    const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
    mkdirSync(machineHome, { recursive: true, mode: 0o755 });
    home = mkdtempSync(join(machineHome, `${name}-`));
    writeFileSync(pointer, `${home}\n`);
    log(`The system user ${account.name} cannot reach ${dataDir}; the database is kept in ${home}`);
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  giveTo(account, home);
  return home;
}

/**
 * A bin folder whose programs the account can run: the given one, or a copy made once under /var/lib/bastionary.
 * @param {import('./binaries.mjs').Binaries} binaries
 * @param {Account | null} account
 * @param {(line: string) => void} log
 * @returns {string}
 */
export function runnableBin(binaries, account, log) {
  if (!account || canRun(binaries.bin, account)) return binaries.bin;
  const copy = join(machineHome, `postgres-${binaries.version}`);
  const bin = join(copy, 'bin');
  if (existsSync(copy) && canRun(bin, account)) return bin;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(machineHome, { recursive: true, mode: 0o755 });
  cpSync(binaries.home, unfinished, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', unfinished]);
  rmSync(copy, { recursive: true, force: true });
  renameSync(unfinished, copy);
  log(`The system user ${account.name} cannot reach ${binaries.home}; it was copied to ${copy}`);
  if (canRun(bin, account)) return bin;
  throw new Error(`The system user ${account.name} can run PostgreSQL neither from ${binaries.bin} nor from ${bin}.`);
}

/** @param {Account | null} account @param {string} folder */
function giveTo(account, folder) {
  const owner = account?.uid ?? process.getuid?.();
  if (owner === undefined || statSync(folder).uid === owner) return;
  if (!account) throw new Error(`${folder} belongs to another user; start as that user, or as root.`);
  spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, folder]);
}

// Asked of the kernel by trying: mode bits alone miss access lists and security modules.
/** @param {string} folder @param {Account} account */
function canEnter(folder, { uid, gid }) {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** @param {string} bin @param {Account} account */
function canRun(bin, { uid, gid }) {
  return spawnSync(join(bin, 'postgres'), ['--version'], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}
