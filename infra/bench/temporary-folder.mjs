// @ts-check
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningServer } from '../postgres/start-postgres.mjs';
import { isAlive } from '../processes.mjs';

const prefix = 'bastionary-bench-';
const tmp = realpathSync(tmpdir());

/** A new folder that system users may pass through, since PostgreSQL does not run as root. */
export async function temporaryFolder() {
  await removeForgotten();
  const path = mkdtempSync(join(tmp, `${prefix}${process.pid}-`));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What runs have left that were killed: the folder's name has the pid of the run. All else they started ends with them. */
async function removeForgotten() {
  for (const name of readdirSync(tmp).filter((entry) => entry.startsWith(prefix))) {
    if (isAlive(Number(name.slice(prefix.length).split('-')[0]))) continue;
    const folder = join(tmp, name);
    for (const bench of readdirSync(folder)) {
      const server = runningServer(join(folder, bench, 'postgres', 'cluster'));
      if (!server) continue;
      process.kill(server.pid, 'SIGQUIT');
      while (isAlive(server.pid)) await sleep(50);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
