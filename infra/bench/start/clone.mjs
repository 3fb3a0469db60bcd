// @ts-check
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { root } from '../../start/places.mjs';

/**
 * Copies what a clone of this checkout would hold: every file that git tracks or would track.
 * @param {string} folder
 */
export function copyCheckout(folder) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`git ls-files failed: ${stderr}`);
  for (const file of stdout.split('\0')) {
    // Git still lists what was deleted and not committed.
    if (!file || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
}

/**
 * The environment of somebody who has just cloned: PATH without this checkout's programs, and HOME. Unless `warmCaches`,
 * npm and pnpm find nothing that they have downloaded before.
 * @param {string} folder
 * @param {boolean} warmCaches
 */
export function newcomerEnv(folder, warmCaches) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.split(sep).includes('node_modules'));
  const caches = {
    npm_config_cache: join(folder, 'npm'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_STATE_HOME: join(folder, 'state'),
  };
  return { PATH: path.join(delimiter), HOME: process.env.HOME, ...(warmCaches ? {} : caches) };
}
