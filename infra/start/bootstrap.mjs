// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, node, root } from './places.mjs';
import { step } from './progress.mjs';
import { CommandError, run } from './run.mjs';

const installStamp = join(root, 'node_modules/.bastionary-install');
const buildStamp = join(root, 'node_modules/.bastionary-build');

/**
 * Installs and builds what changed since the last time; silent when nothing did.
 * @param {AbortSignal} [signal]
 */
export async function bootstrap(signal) {
  const lockfile = digestOf([readFileSync(join(root, 'pnpm-lock.yaml'))]);
  if (read(installStamp) !== lockfile || !existsSync(node)) {
    await step('Install the packages', () => install(signal));
    writeFileSync(installStamp, lockfile);
  }
  const sources = sourcesDigest();
  if (read(buildStamp) !== sources || !existsSync(join(root, 'apps/api/dist/main.js'))) {
    await step('Build', () => build(signal));
    // Building generates no sources, so the digest from before still names what was built.
    writeFileSync(buildStamp, sources);
  }
}

/** @param {AbortSignal} [signal] */
async function install(signal) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
  const installed = () => run(bin('pnpm'), args, { signal });
  const fetched = () => run('npx', ['--yes', packageManager, ...args], { env: process.env, signal });
  try {
    await (existsSync(bin('pnpm')) ? installed() : fetched());
  } catch (error) {
    if (signal?.aborted) throw error;
    // Once more from the registry: a half-removed node_modules or one lost connection should not end a first run.
    await fetched();
  }
}

/** @param {AbortSignal} [signal] */
async function build(signal) {
  await run(bin('turbo'), ['run', 'build', '--output-logs=errors-only', '--no-update-notifier'], { signal });
}

/** A digest of path, size and time of every source file: a hundredth of the time that asking turbo takes. */
function sourcesDigest() {
  const skipped = new Set(['node_modules', 'dist', 'generated', 'screenshots', '.turbo', 'test', 'coverage']);
  /** @type {string[]} */
  const lines = [];
  /** @param {string} folder */
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (skipped.has(entry.name)) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (!/\.(test\.ts|md)$/.test(entry.name)) {
        const { size, mtimeMs } = statSync(path);
        lines.push(`${path} ${size} ${mtimeMs}`);
      }
    }
  };
  for (const folder of ['apps', 'packages', 'prisma']) walk(join(root, folder));
  return digestOf(lines.sort());
}

/** @param {(string | Buffer)[]} parts */
function digestOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex');
}

/** @param {string} file */
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

/**
 * What to print for a failure: the message, and what the failed program said.
 * @param {unknown} error
 */
export function explain(error) {
  if (error instanceof CommandError && error.output) return `${error.output}\n\n${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
