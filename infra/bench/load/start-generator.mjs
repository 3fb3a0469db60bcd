// @ts-check
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node } from '../../start/places.mjs';
import { plainEnv } from '../subject.mjs';

/** @typedef {import('./generator.mjs').Job} Job */
/** @typedef {import('./generator.mjs').Load} Load */
/** @typedef {(job: Job) => Promise<Load>} Generate */

/**
 * Starts the load generator as a process of its own, on the same Node as what it measures.
 * @param {import('../started.mjs').Started} started
 * @param {string} [file] another one beside this
 * @returns {Promise<Generate>} one job at a time
 */
export async function startGenerator(started, file = 'generator.mjs') {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = fork(script, { execPath: node, env: plainEnv(), detached: true });
  /** @type {(reason: Error) => void} */
  let fail = () => {};
  child.once('exit', (code, signal) => fail(new Error(`the load generator ended (${signal ?? code})`)));
  /** @param {string} type @returns {Promise<any>} */
  const message = (type) =>
    new Promise((resolve, reject) => {
      fail = reject;
      child.once('message', (/** @type {{ type: string }} */ received) => {
        if (received.type === type) resolve(received);
        else reject(new Error(`the load generator said ${received.type} instead of ${type}`));
      });
    });
  started.add(async () => void child.kill());
  await message('ready');
  return async (job) => {
    const answered = message('load');
    child.send(job);
    return (await answered).load;
  };
}
