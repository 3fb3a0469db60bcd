// @ts-check
// @ts-expect-error the package brings no types
import autocannon from 'autocannon';
import { endWithParent } from '../end-with-parent.mjs';
import { requestsOf } from './requests.mjs';

/**
 * What the process that started this one asks for. Every connection has its own share of the requests and goes through it
 * in turn, one request after the other, without pipelining.
 * @typedef {object} Job
 * @property {string} url
 * @property {string} [authorization]
 * @property {string[]} bodies
 * @property {import('./requests.mjs').Request[]} [requests] instead of bodies: each may have an address and headers of its own
 * @property {string} [contentType] a form without
 * @property {import('./signed-requests.mjs').Signing} [signing] what each request carries that was signed for it alone:
 * as many as `amount`, made before the time begins
 * @property {string[]} [refreshTokens] one per connection, which goes on with the successor that each answer brings
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
 * @property {string} [failure] the first answer that was refused or wrong
 * @property {number} generatorShare of one core that this process used
 * @property {string[]} collected
 */

const FAILURE_SHOWN = 300;

process.on('message', async (/** @type {Job} */ job) => process.send?.({ type: 'load', load: await generate(job) }));
endWithParent();

/** @param {Job} job @returns {Promise<Load>} */
function generate(job) {
  const { url, authorization, connections, seconds, amount, rate, expected, collect } = job;
  const contentType = job.contentType ?? 'application/x-www-form-urlencoded';
  const requestsOfShare = requestsOf(job);
  /** @type {number[]} */
  const latencies = [];
  /** @type {string[]} */
  const collected = [];
  /** @type {string | undefined} */
  let failure;
  let began = 0;
  let last = 0;
  let cpu = process.cpuUsage();
  let next = 0;
  return new Promise((resolve, reject) => {
    const running = autocannon(
      {
        url,
        method: 'POST',
        headers: { ...(authorization && { authorization }), 'content-type': contentType },
        connections,
        ...(amount ? { amount } : { duration: seconds }),
        ...(rate && { overallRate: rate }),
        setupClient: (/** @type {{ setRequests(requests: object[]): void }} */ client) => {
          client.setRequests(requestsOfShare(next++));
        },
        verifyBody: (/** @type {string} */ body) => {
          if (collect) collected.push(JSON.parse(body)[collect]);
          const isRight = body.includes(expected);
          if (!isRight) failure ??= body.slice(0, FAILURE_SHOWN);
          return isRight;
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
          failure,
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
