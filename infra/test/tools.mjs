// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../processes.mjs';
import { step } from '../start/progress.mjs';
import { run } from '../start/run.mjs';

/** Programs the tests use beside the install, under the names they go by; the last column is Debian's package. */
const wanted = [
  { name: 'redis-server', commands: ['redis-server'], debian: 'redis-server' },
  { name: 'chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium' },
];

/**
 * Finds the programs, and installs the missing ones where that is possible: as root on Debian and its relatives.
 * @returns {Promise<Record<string, string>>} path by name, '' for a missing one
 */
export async function findTools() {
  const missing = wanted.filter(({ commands }) => !find(commands));
  if (missing.length && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const packages = missing.map(({ debian }) => debian);
    await step(`Install ${packages.join(' and ')}`, () => aptInstall(packages)).catch(() => undefined);
  }
  return Object.fromEntries(wanted.map(({ name, commands }) => [name, find(commands) ?? '']));
}

/** @param {string[]} packages */
async function aptInstall(packages) {
  // Debian starts a service as it installs it; not in this runlevel.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-q'], { env });
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
}

/** @param {string[]} commands */
function find(commands) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return commands.flatMap((command) => folders.map((folder) => join(folder, command))).find(isExecutable);
}
