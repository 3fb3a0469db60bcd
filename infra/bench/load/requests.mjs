// @ts-check
import { signedRequests } from './signed-requests.mjs';

/**
 * A request as the load generator takes it.
 * @typedef {object} Request
 * @property {string} body
 * @property {string} [path] another than that of the job's address
 * @property {Record<string, string>} [headers]
 * @property {(request: { body: string }) => object} [setupRequest] makes the next one of the last
 * @property {(status: number, body: string) => void} [onResponse]
 */

/**
 * Makes the requests of a job, and shares them out.
 * @param {import('./generator.mjs').Job} job
 * @returns {(share: number) => Request[]} those of one connection, in turn
 */
export function requestsOf(job) {
  const { bodies, signing, refreshTokens, connections, amount } = job;
  const plain = () => job.requests ?? bodies.map((body) => ({ body }));
  if (refreshTokens) return (share) => [chain(bodies[0], refreshTokens[share])];
  const requests = signing ? signedRequests(bodies[0], signing, Number(amount)) : plain();
  return (share) => {
    const mine = requests.filter((_, index) => index % connections === share);
    return (mine.length > 0 ? mine : requests).map((request) => ({ ...request }));
  };
}

/**
 * One request after another, each with the refresh token from the answer to the one before.
 * @param {string} form
 * @param {string} first
 * @returns {Request}
 */
function chain(form, first) {
  let token = first;
  const bodyNow = () => `${form}&refresh_token=${token}`;
  return {
    body: bodyNow(),
    setupRequest: (request) => ({ ...request, body: bodyNow() }),
    onResponse: (status, body) => {
      if (status === 200) token = JSON.parse(body).refresh_token;
    },
  };
}
