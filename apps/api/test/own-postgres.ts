import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@bastionary/testing/free-port';

interface Server {
  url: string;
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}
type StartPostgres = (options: { dataDir: string; port: number; log: () => void }) => Promise<Server>;

/** A PostgreSQL server that a test may kill, with the settings that an installation has. */
export interface OwnPostgres {
  readonly url: string;
  /** Kill -9 of the server, then a start over what is left, as the supervisor of an installation does it. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const module = new URL('../../../infra/postgres/start-postgres.mjs', import.meta.url);
  const { startPostgres } = (await import(module.href)) as { startPostgres: StartPostgres };
  const dataDir = await mkdtemp(join(tmpdir(), 'bastionary-crash-'));
  // The server runs as another user where tests run as root.
  await chmod(dataDir, 0o711);
  const port = await freePort();
  const start = () => startPostgres({ dataDir, port, log: () => undefined });
  let server = await start();
  return {
    url: server.url,
    async killAndRestart() {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
      server = await start();
    },
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
