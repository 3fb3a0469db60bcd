// @ts-check
import { randomUUID } from 'node:crypto';
import { key, now, sign } from './jwt.mjs';

/** @typedef {import('./subjects/subject.mjs').Subject} Subject */
/** @typedef {import('./subjects/subject.mjs').Client} Client */

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * What differs from a good assertion; a member that is undefined is left out of it.
 * @typedef {object} AssertionChange
 * @property {Record<string, unknown>} [claims]
 * @property {Record<string, unknown>} [header]
 * @property {import('jose').CryptoKey | Uint8Array} [signedWith]
 * @property {string} [alg] of the client's key to use; ES256
 */

/**
 * A client assertion, RFC 7523 §3 and RFC 10070: for the issuer alone, for one minute.
 * @param {Subject} subject
 * @param {Client} client
 * @param {AssertionChange} [change]
 */
export async function assertion(subject, client, { claims, header, signedWith, alg = 'ES256' } = {}) {
  const { jwk, privateKey } = await key(alg);
  const at = now();
  const payload = {
    iss: client.id,
    sub: client.id,
    aud: subject.url,
    jti: randomUUID(),
    iat: at,
    exp: at + 60,
    ...claims,
  };
  const protectedHeader = { alg, kid: jwk.kid, typ: 'client-authentication+jwt', ...header };
  return sign(protectedHeader, payload, signedWith ?? privateKey);
}

/** @param {string} jwt */
export const assertionFields = (jwt) => ({ client_assertion_type: ASSERTION_TYPE, client_assertion: jwt });
