// @ts-check
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '../processes.mjs';
import { runningServer, startPostgres } from './start-postgres.mjs';

/** @typedef {{ url: string, adminUrl: string, stop: () => Promise<void> }} Disposable */

const prefix = 'bastionary-postgres-';

/**
 * A server for one run, fast because it would not survive a power cut. `stop` removes it with all its data.
 * @returns {Promise<Disposable>}
 */
export async function startDisposablePostgres() {
  await removeForgotten();
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  chmodSync(folder, 0o711);
  const settings = {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '200',
    shared_buffers: '128MB',
  };
  const server = await startPostgres({ dataDir: folder, settings, log: console.error });
  return {
    url: server.url,
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Servers of runs that were killed: the folder's name has the pid of the run. */
async function removeForgotten() {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split('-')[0]))) continue;
    const folder = join(tmpdir(), name);
    try {
      const left = runningServer(join(folder, 'cluster'));
      if (left) process.kill(left.pid, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } catch {
      // Somebody else's.
    }
  }
}
