// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './progress.mjs';

/** @typedef {import('./node-process.mjs').Running} Running */

/**
 * Starts something and, when it ends by itself, starts it again: after half a second, doubling up to half a minute.
 * @template {Running} T
 * @param {string} name for people
 * @param {(signal: AbortSignal) => Promise<T>} start told by the signal when to give up
 * @param {AbortSignal} interrupted fires when the first start should give up
 * @returns {Promise<{ first: T, stop: Running['stop'] }>}
 * @throws whatever the first start throws
 */
export async function keepRunning(name, start, interrupted) {
  const first = await start(interrupted);
  /** @type {Running} */
  let current = first;
  const stopping = new AbortController();
  const watched = watch().catch(() => undefined);
  return {
    first,
    async stop(how) {
      stopping.abort();
      await current.stop(how);
      await watched;
    },
  };

  async function watch() {
    for (let failures = 0; ; ) {
      const began = Date.now();
      let reason = await current.exited;
      if (Date.now() - began > 60_000) failures = 0;
      for (let running = false; !running && !stopping.signal.aborted; ) {
        const wait = Math.min(30_000, 500 * 2 ** failures++);
        say(`${name} ended${typeof reason === 'string' ? ` (${reason})` : ''}; starting it again in ${wait / 1000} s`);
        await sleep(wait, undefined, { signal: stopping.signal });
        try {
          current = await start(stopping.signal);
          running = true;
          say(`${name} is running again`);
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error);
        }
      }
      if (!stopping.signal.aborted) continue;
      return current.stop();
    }
  }
}
