// @ts-check
import { Agent, request } from 'node:http';
import { endWithParent } from '../end-with-parent.mjs';

/**
 * Events to be sent, made before the time begins.
 * @typedef {object} Sending
 * @property {string} url
 * @property {string} bearer
 * @property {string[]} bodies
 * @property {number} connections
 *
 * @typedef {object} Sent
 * @property {number} seconds
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} accepted
 * @property {number} duplicate
 * @property {number} failed requests
 * @property {number} generatorShare of one core that this process used
 */

process.on('message', async (/** @type {Sending} */ sending) =>
  process.send?.({ type: 'load', load: await send(sending) }),
);
endWithParent();

/** @param {Sending} sending @returns {Promise<Sent>} */
async function send({ url, bearer, bodies, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const buffers = bodies.map((body) => Buffer.from(body));
  /** @type {number[]} */
  const latencies = [];
  const sent = { accepted: 0, duplicate: 0, failed: 0 };
  let next = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = buffers[next++]; body !== undefined; body = buffers[next++]) {
        const start = performance.now();
        const text = await post(
          url,
          { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
          body,
        );
        latencies.push(performance.now() - start);
        const [, accepted, duplicate] =
          /^\{"accepted":(\d+),"duplicate":(\d+),"conflict":0,"rejected":0,/.exec(text) ?? [];
        if (accepted === undefined) sent.failed++;
        sent.accepted += Number(accepted ?? 0);
        sent.duplicate += Number(duplicate ?? 0);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  latencies.sort((left, right) => left - right);
  return {
    ...sent,
    seconds,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    generatorShare: (user + system) / 1_000_000 / seconds,
  };
}

/** @param {string} url @param {import('node:http').RequestOptions} options @param {Buffer} body @returns {Promise<string>} */
const post = (url, options, body) =>
  new Promise((resolve, reject) => {
    const posted = request(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve(text)).on('error', reject);
    });
    posted.on('error', reject).end(body);
  });
