// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/**
 * How one `npm start` went. Times are seconds.
 * @typedef {object} Started
 * @property {number} total until the printed curl had a token
 * @property {Record<string, number>} steps as `npm start` reports them
 */

const STEP = /^✓ (.+?)(?: \([^)]*\))? +(\d+\.\d) s$/;
const CURL = /^ +(curl .+)$/m;

/**
 * Runs `npm start` until the curl it prints gets a token, then stops it as Ctrl-C would.
 * @param {string} clone
 * @param {NodeJS.ProcessEnv} env
 * @param {import('../started.mjs').Started} started
 * @returns {Promise<Started>}
 * @throws {Error} with its output, if it ends before
 */
export async function npmStart(clone, env, started) {
  const began = performance.now();
  // Leader of a group of its own, as in a terminal.
  const child = spawn('npm', ['start'], { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-Number(child.pid), 'SIGINT');
    await exited;
  };
  started.add(stop);
  let output = '';
  const curl = await new Promise((resolve, reject) => {
    const read = (/** @type {string} */ text) => {
      output += text;
      const command = CURL.exec(output)?.[1];
      if (command && output.endsWith('\n')) resolve(command);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    exited.then(() => reject(new Error(`npm start ended before it was ready:\n${output}`)), reject);
  });
  await untilToken(curl, env);
  const total = (performance.now() - began) / 1_000;
  await stop();
  const steps = output.split('\n').flatMap((line) => {
    const [, title, seconds] = STEP.exec(line) ?? [];
    return title ? [[title, Number(seconds)]] : [];
  });
  return { total, steps: Object.fromEntries(steps) };
}

/** Pasted into a shell, as a person would. @param {string} curl @param {NodeJS.ProcessEnv} env */
async function untilToken(curl, env) {
  for (const giveUp = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const { stdout, stderr } = spawnSync('sh', ['-c', curl], { env, encoding: 'utf8' });
    if (stdout.includes('"access_token"')) return;
    if (Date.now() > giveUp) throw new Error(`The printed curl got no token: ${stdout}${stderr}`);
  }
}
