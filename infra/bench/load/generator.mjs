// @ts-check
// @ts-expect-error the package brings no types
import autocannon from 'autocannon';
import { endWithParent } from '../end-with-parent.mjs';

/**
 * What the process that started this one asks for. Every connection has its own share of the bodies and goes through it
 * in turn, one request after the other, without pipelining.
 * @typedef {object} Job
 * @property {string} url
 * @property {string} authorization
 * @property {string[]} bodies
 * @property {number} connections
 * @property {number} [seconds]
 * @property {number} [amount] of requests, instead of seconds
 * @property {number} [rate] requests per second, of all connections together; as many as possible without
 * @property {string} expected what every right answer contains
 * @property {string} [collect] name of the member of every answer to hand back
 *
 * @typedef {object} Load
 * @property {number} requests answered
 * @property {number} seconds
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} refused answers other than 2xx
 * @property {number} wrong 2xx answers without what was expected, and connections that failed
 * @property {number} generatorShare of one core that this process used
 * @property {string[]} collected
 */

process.on('message', async (/** @type {Job} */ job) => process.send?.({ type: 'load', load: await generate(job) }));
endWithParent();

/** @param {Job} job @returns {Promise<Load>} */
function generate({ url, authorization, bodies, connections, seconds, amount, rate, expected, collect }) {
  /** @type {number[]} */
  const latencies = [];
  /** @type {string[]} */
  const collected = [];
  let began = 0;
  let last = 0;
  let cpu = process.cpuUsage();
  let next = 0;
  return new Promise((resolve, reject) => {
    const running = autocannon(
      {
        url,
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        connections,
        ...(amount ? { amount } : { duration: seconds }),
        ...(rate && { overallRate: rate }),
        setupClient: (/** @type {{ setRequests(requests: object[]): void }} */ client) => {
          const share = next++;
          const mine = bodies.filter((_, index) => index % connections === share);
          client.setRequests((mine.length > 0 ? mine : bodies).map((body) => ({ body })));
        },
        verifyBody: (/** @type {string} */ body) => {
          if (collect) collected.push(JSON.parse(body)[collect]);
          return body.includes(expected);
        },
      },
      (
        /** @type {Error | null} */ error,
        /** @type {{ non2xx: number, mismatches: number, errors: number }} */ result,
      ) => {
        if (error) return reject(error);
        const { user, system } = process.cpuUsage(cpu);
        const elapsed = last - began;
        latencies.sort((left, right) => left - right);
        resolve({
          requests: latencies.length,
          seconds: elapsed / 1_000,
          p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
          p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
          refused: result.non2xx,
          wrong: Math.max(0, result.mismatches - result.non2xx) + result.errors,
          generatorShare: (user + system) / 1_000 / elapsed,
          collected,
        });
      },
    );
    running.on('start', () => {
      began = performance.now();
      last = began;
      cpu = process.cpuUsage();
    });
    running.on(
      'response',
      (
        /** @type {object} */ _client,
        /** @type {string} */ _status,
        /** @type {number} */ _bytes,
        /** @type {number} */ milliseconds,
      ) => {
        latencies.push(milliseconds);
        last = performance.now();
      },
    );
  });
}
