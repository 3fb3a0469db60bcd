// @ts-check

/** @typedef {import('../start/node-process.mjs').Running['stop']} Stop */

/** What the benches have started, so that all of it ends with them. */
export class Started {
  /** @type {Stop[]} */
  #stops = [];
  #stopping = Promise.resolve();

  /** @param {AbortSignal} signal fires when the caller wants the end */
  constructor(signal) {
    this.signal = signal;
    signal.addEventListener('abort', () => this.stopAll().catch(() => undefined), { once: true });
  }

  /**
   * @param {Stop} stop
   * @throws {Error} when the end has been asked for meanwhile
   */
  add(stop) {
    this.#stops.push(stop);
    this.signal.throwIfAborted();
  }

  /** Stops everything, one after the other, the last first. @type {Stop} */
  stopAll(how) {
    this.#stopping = this.#stopping.then(async () => {
      for (let stop = this.#stops.pop(); stop; stop = this.#stops.pop()) await stop(how);
    });
    return this.#stopping;
  }
}
