// @ts-check
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the install brought; everything but the start script itself runs on it. */
export const node = join(root, 'node_modules/node/bin/node');

/** Where Node keeps compiled code between starts. */
export const compileCache = join(root, 'node_modules/.cache/compiled');

const binFolder = join(root, 'node_modules/.bin');

/** @param {string} name of a program that the install brought */
export const bin = (name) => join(binFolder, name);

/**
 * The caller's environment, with the programs of the install first and tools' reports about their use switched off.
 * @returns {NodeJS.ProcessEnv}
 */
export const toolEnv = () => ({
  ...process.env,
  PATH: `${binFolder}${delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
});
