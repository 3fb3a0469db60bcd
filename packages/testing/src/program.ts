import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDatabase } from './database.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** A run starts hundreds of programs: they share compiled code as those of `npm start` do, and reserve little memory. */
const QUICK_START = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'), LIMITS_KEYS: '1000' };
const patience = { ready: 45_000, stop: 30_000 };

export interface ProgramOptions {
  /** Default: a new database, removed at the end. */
  databaseUrl?: string;
  /** Default: a new folder, removed at the end. */
  dataDir?: string;
  env?: Record<string, string>;
}

/** A built program of ours in a process of its own. */
export interface Program {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly pid: number;
  /** Stops in good order (SIGTERM, waits) and removes the database and the folder made for it. */
  stop(): Promise<void>;
  /** Kill -9. Database and folder stay until `stop`, so that another program can go on with them. */
  kill(): Promise<void>;
  /** What it has written so far, both streams. */
  logs(): string;
}

export interface Surroundings {
  dataDir: string;
  databaseUrl: string;
  env: NodeJS.ProcessEnv;
  /** Removes what was made here, and nothing that was given. */
  clean(): Promise<void>;
}

/** Makes the database and data folder that were not given. @param template of the database */
export async function surroundings(
  { databaseUrl, dataDir, env }: ProgramOptions,
  template?: URL,
): Promise<Surroundings> {
  const database = databaseUrl ? null : await createDatabase(template);
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'bastionary-data-')));
  const url = databaseUrl ?? (database?.url as string);
  return {
    dataDir: folder,
    databaseUrl: url,
    env: { ...inherited(), DATABASE_URL: url, BASTIONARY_DATA_DIR: folder, ...env },
    async clean() {
      await database?.drop();
      if (!dataDir) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a built script to its end. @returns its stdout @throws with its stderr */
export async function runScript(script: string, env: NodeJS.ProcessEnv, options: string[] = []): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, script), ...options], { env, cwd: root });
  return stdout;
}

/** Starts a built script and waits until it sends `{type: 'ready'}`. It ends with this process, however that ends. */
export async function startProgram(
  script: string,
  { dataDir, databaseUrl, env, clean }: Surroundings,
): Promise<Program> {
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, script)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      written += text;
    });
  }
  const exited = once(child, 'exit');
  const program: Program = {
    dataDir,
    databaseUrl,
    pid: child.pid ?? 0,
    logs: () => written,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patience.stop);
      await exited;
      clearTimeout(timer);
      await clean();
    },
  };
  const obstacle = await untilReady(child);
  if (!obstacle) return program;
  await program.kill();
  await clean();
  throw new Error(`${script}: ${obstacle}.\n${written}`);
}

/** @returns null when ready, else what happened instead */
function untilReady(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`not ready within ${patience.ready / 1_000} s`), patience.ready);
    const settle = (obstacle: string | null) => {
      clearTimeout(timer);
      resolve(obstacle);
    };
    child.on('message', (message: { type?: string }) => message.type === 'ready' && settle(null));
    child.once('exit', (code, signal) => settle(`ended with ${signal ?? code} before it was ready`));
  });
}

/** The settings of the caller's shell must not decide what a test sees. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NODE_ENV: 'production', LOG_LEVEL: 'info', ...QUICK_START };
}
