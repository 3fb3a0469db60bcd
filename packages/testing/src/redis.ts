import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { waitFor } from './wait-for.js';

export interface Redis {
  url: string;
  /** kill -9: what it held is lost. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The redis-server program, or undefined where there is none; then tests that need it are skipped:
 * `(redisServer ? describe : describe.skip)(…)`. Continuous integration refuses to run without it.
 */
export const redisServer: string | undefined = process.env.TEST_REDIS_SERVER || undefined;

/** Starts an empty Redis that keeps nothing on disk. */
export async function startRedis(): Promise<Redis> {
  if (!redisServer) throw new Error('There is no redis-server on this machine.');
  const folder = await mkdtemp(join(tmpdir(), 'bastionary-redis-'));
  const port = await freePort();
  const flags = { port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  // BullMQ's jobs must never be evicted.
  const child = spawn(redisServer, [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  await waitFor('Redis to listen', () => accepts(port));
  return {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      process.off('exit', endWithUs);
      child.kill();
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
