// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import { askToken } from './ask.mjs';
import { key, now, sign } from './jwt.mjs';
import { send } from './send.mjs';
import { clientOf } from './subjects/subject.mjs';

/** @typedef {import('./subjects/subject.mjs').Subject} Subject */
/** @typedef {import('./subjects/subject.mjs').Client} Client */

/**
 * What differs from a good proof; a member that is undefined is left out of it.
 * @typedef {object} ProofChange
 * @property {Record<string, unknown>} [claims]
 * @property {Record<string, unknown>} [header]
 * @property {import('jose').CryptoKey | Uint8Array} [signedWith]
 */

/**
 * A DPoP proof, RFC 9449 §4.2, by the first ES256 key of this run.
 * @param {string} method
 * @param {string} url
 * @param {ProofChange} [change]
 */
export async function proof(method, url, { claims, header, signedWith } = {}) {
  const { privateKey, jwk } = await key('ES256', 'proof');
  const { kty, crv, x, y } = jwk;
  const payload = { jti: randomUUID(), htm: method, htu: url, iat: now(), ...claims };
  return sign({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y }, ...header }, payload, signedWith ?? privateKey);
}

/** A proof for the token endpoint with the nonce it asks for. @param {Subject} subject @param {ProofChange} [change] */
export async function tokenProof(subject, change = {}) {
  const url = subject.url + subject.paths.token;
  return proof('POST', url, { ...change, claims: { nonce: await freshNonce(subject), ...change.claims } });
}

/** The nonce that the token endpoint wants; undefined if it wants none. @param {Subject} subject */
export async function freshNonce(subject) {
  const url = subject.url + subject.paths.token;
  const answer = await askToken(subject, await clientOf(subject, 'secret'), {
    headers: { dpop: await proof('POST', url) },
  });
  return answer.headers['dpop-nonce'];
}

/**
 * A token request with a proof.
 * @param {Subject} subject
 * @param {Client} client
 * @param {ProofChange} [change]
 * @param {import('./send.mjs').Fields} [form]
 */
export const askWithProof = async (subject, client, change, form) =>
  askToken(subject, client, { form, headers: { dpop: await tokenProof(subject, change) } });

/**
 * A request to the protected resource with a bound token; repeated with a nonce if one is asked for.
 * @param {string} url
 * @param {string} token
 * @param {ProofChange & { scheme?: string, sendProof?: boolean }} [options]
 */
export async function askResource(url, token, { scheme = 'DPoP', sendProof = true, ...change } = {}) {
  const ath = createHash('sha256').update(token).digest('base64url');
  const ask = async (/** @type {string | undefined} */ nonce) =>
    send(url, {
      method: 'GET',
      headers: {
        authorization: `${scheme} ${token}`,
        dpop: sendProof ? await proof('GET', url, { ...change, claims: { ath, nonce, ...change.claims } }) : undefined,
      },
    });
  const answer = await ask(undefined);
  const nonce = answer.headers['dpop-nonce'];
  return answer.status === 401 && nonce ? ask(nonce) : answer;
}
