import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDatabase } from '@bastionary/testing/database';
import { freePort } from '@bastionary/testing/free-port';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const shell = (command: string) => promisify(execFile)('/bin/sh', ['-c', command]);
const alive = (pid: number) =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

// Real starts of everything, beside other tests.
jest.setTimeout(180_000);

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'bastionary-start-'));
  await chmod(home, 0o711);
});
afterAll(async () => {
  // A failed test may have left something running: nothing of this folder survives it.
  await shell(
    `grep -lz '${home}' /proc/[0-9]*/environ /proc/[0-9]*/cmdline | cut -d/ -f3 | sort -u | grep -v $$ | xargs -r kill -9`,
  ).catch(() => undefined);
  await rm(home, { recursive: true, force: true });
});

/** One `npm start` in a data folder below `home`. */
class Start {
  written = '';
  readonly child: ChildProcess;
  readonly exitCode: Promise<number | null>;
  readonly dataDir: string;

  constructor(folder: string, settings: Record<string, string> = {}) {
    this.dataDir = join(home, folder);
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, BASTIONARY_DATA_DIR: this.dataDir, ...settings };
    this.child = spawn('node', [join(root, 'infra/start.mjs')], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.written += text;
      });
    }
    this.exitCode = once(this.child, 'exit').then(([code]) => code);
  }

  async ready(): Promise<this> {
    const ready = waitFor('start to be ready', () => this.written.includes('Ctrl-C stops'), { within: 100_000 });
    await Promise.race([
      ready,
      this.exitCode.then((code) => Promise.reject(new Error(`exit ${code}: ${this.written}`))),
    ]);
    return this;
  }

  runFile = (): { url: string; database_url: string; children: { pid: number }[] } =>
    JSON.parse(readFileSync(join(this.dataDir, 'run.json'), 'utf8'));
  postgresPid = (): number =>
    Number(readFileSync(join(this.dataDir, 'postgres/cluster/data/postmaster.pid'), 'utf8').split('\n')[0]);
  pids = (): number[] => [Number(this.child.pid), this.postgresPid(), ...this.runFile().children.map(({ pid }) => pid)];
  adminClient = () => readFileSync(join(this.dataDir, 'admin-client.json'), 'utf8');
}

describe('npm start', () => {
  test('gives a token to the curl it prints, notices a second start, and leaves nothing behind on Ctrl-C', async () => {
    const start = await new Start('plain', { PORT: String(await freePort()) }).ready();
    const curl = /curl .*/.exec(start.written)?.[0] ?? '';
    expect(JSON.parse((await shell(curl)).stdout)).toMatchObject({ token_type: 'Bearer' });
    expect(start.written).toMatch(/Console {4}http:\/\/127\.0\.0\.1:\d+\/start#\S+/);

    const second = new Start('plain');
    expect(await second.exitCode).toBe(0);
    expect(second.written).toContain(`already running at ${start.runFile().url}`);

    const pids = start.pids();
    start.child.kill('SIGINT');
    expect(await start.exitCode).toBe(0);
    expect(pids.filter(alive)).toEqual([]);
    expect(existsSync(join(start.dataDir, 'run.json'))).toBe(false);
  });

  test('changes nothing when it starts again, also after kill -9 of itself and of everything', async () => {
    const settings = { PORT: String(await freePort()) };
    const first = await new Start('killed', settings).ready();
    const admin = first.adminClient();
    first.child.kill('SIGKILL');
    const second = await new Start('killed', settings).ready();
    expect(second.postgresPid()).toBe(first.postgresPid());
    for (const pid of second.pids()) process.kill(pid, 'SIGKILL');
    const third = await new Start('killed', settings).ready();
    expect(third.adminClient()).toBe(admin);

    process.kill(third.postgresPid(), 'SIGKILL');
    await waitFor('PostgreSQL to be back', () => third.written.includes('PostgreSQL is running again'), {
      within: 30_000,
    });
    process.kill(third.runFile().children[0]?.pid ?? 0, 'SIGKILL');
    await waitFor('the program to be back', () => /The (api|worker) is running again/.test(third.written), {
      within: 30_000,
    });
    const answer = () => fetch(`${third.runFile().url}/health/ready`).then(({ ok }) => ok);
    await waitFor('the api to be ready again', answer, { within: 20_000 });
    const pids = third.pids();
    third.child.kill('SIGTERM');
    expect(await third.exitCode).toBe(0);
    expect(pids.filter(alive)).toEqual([]);
  });

  test('uses the database of DATABASE_URL, and another port when 3000 is taken', async () => {
    const database = await createDatabase();
    const squatter = createServer()
      .listen(3000, '127.0.0.1')
      .on('error', () => undefined);
    try {
      const start = await new Start('external', { DATABASE_URL: database.url }).ready();
      expect(start.written).toContain('Port 3000 is taken');
      expect(start.runFile()).toMatchObject({ database_url: database.url });
      expect(existsSync(join(start.dataDir, 'postgres'))).toBe(false);
      start.child.kill('SIGINT');
      expect(await start.exitCode).toBe(0);
    } finally {
      squatter.close();
      await database.drop();
    }
  });

  test('says which setting is wrong, and stops', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const taken = new Start('taken', { PORT: String(port) });
    expect(await taken.exitCode).toBe(1);
    expect(taken.written).toContain(`Port ${port} of 127.0.0.1 is taken`);
    squatter.close();

    const wrong = new Start('wrong', { PORT: 'http' });
    expect(await wrong.exitCode).toBe(1);
    expect(wrong.written).toContain('PORT must be a number');
  });
});
