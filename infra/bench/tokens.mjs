// @ts-check
import { createRemoteJWKSet, jwtVerify } from 'jose';

/** @typedef {import('./subject.mjs').Subject} Subject */
/** @typedef {import('./load/start-generator.mjs').Generate} Generate */
/** @typedef {import('./load/generator.mjs').Job} Job */

export const form = (/** @type {Record<string, string>} */ fields) => new URLSearchParams(fields).toString();
export const tokenRequest = form({ grant_type: 'client_credentials', scope: 'read write' });

/** @param {Subject} subject @param {number} connections @returns {Job} */
export const tokenJob = ({ url, paths, owner }, connections) => ({
  url: url + paths.token,
  authorization: owner,
  bodies: [tokenRequest],
  connections,
  expected: '"access_token":"',
});

/** @param {Subject} subject @param {string[]} tokens @param {number} connections @returns {Job} */
export const introspectJob = ({ url, paths, asker }, tokens, connections) => ({
  url: url + paths.introspect,
  authorization: asker,
  bodies: tokens.map((token) => form({ token })),
  connections,
  expected: '"active":true',
});

/**
 * @param {Subject} subject
 * @param {number} amount
 * @param {number} connections
 * @param {Generate} generate
 * @param {'access_token' | 'refresh_token'} [collect]
 */
export async function issueTokens(subject, amount, connections, generate, collect = 'access_token') {
  const job = { ...tokenJob(subject, Math.min(connections, amount)), amount, collect };
  const { collected, refused, wrong } = await generate(job);
  if (refused + wrong > 0) {
    throw new Error(`${subject.name}: of ${amount} requests for a token ${refused} were refused and ${wrong} failed.`);
  }
  return collected;
}

/**
 * Checks that what a subject issues is what all are to issue: an ES256 JWT for the same scope, valid by its own keys.
 * @param {Subject} subject
 * @param {Generate} generate
 * @returns {Promise<number>} its length
 */
export async function checkJwt(subject, generate) {
  const [token] = await issueTokens(subject, 1, 1, generate);
  const keys = createRemoteJWKSet(new URL(subject.url + subject.paths.keys));
  const { payload } = await jwtVerify(token, keys, { algorithms: ['ES256'], typ: 'at+jwt' });
  if (payload.scope !== 'read write' || !payload.aud || !payload.jti || !payload.exp) {
    throw new Error(`${subject.name} issues another kind of token: ${JSON.stringify(payload)}`);
  }
  return token.length;
}
