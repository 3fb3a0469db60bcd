// @ts-check
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** @typedef {import('node:crypto').webcrypto.JsonWebKey} JsonWebKey */

/**
 * What is signed for each request: a client assertion (RFC 7523) or a DPoP proof (RFC 9449), both ES256.
 * @typedef {{ kind: 'assertion', clientId: string, audience: string, key: JsonWebKey, kid: string }
 *   | { kind: 'proof', url: string, nonce: string, keys: number }} Signing
 */

const ASSERTION_SECONDS = 240;
const ASSERTION_TYPE = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');

/**
 * @param {string} form
 * @param {Signing} signing
 * @param {number} amount each with a jti of its own
 * @returns {import('./requests.mjs').Request[]}
 */
export function signedRequests(form, signing, amount) {
  if (signing.kind === 'proof') {
    // A proof's key belongs to an instance of a program: several, in rotation.
    const makers = Array.from({ length: signing.keys }, proofMaker);
    return Array.from({ length: amount }, (_, index) => ({
      body: form,
      headers: { dpop: makers[index % makers.length](signing.url, signing.nonce) },
    }));
  }
  const make = assertionMaker(signing);
  return Array.from({ length: amount }, () => ({
    body: `${form}&client_assertion_type=${ASSERTION_TYPE}&client_assertion=${make()}`,
  }));
}

/** @param {Signing & { kind: 'assertion' }} signing */
function assertionMaker({ clientId, audience, key, kid }) {
  const signer = signerOf({ alg: 'ES256', typ: 'client-authentication+jwt', kid }, key);
  return () => {
    const iat = now();
    return signer({ iss: clientId, sub: clientId, aud: audience, iat, exp: iat + ASSERTION_SECONDS, jti: newJti() });
  };
}

/** A key of its own that proves requests to the token endpoint. */
export function proofMaker() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const signer = signerOf({ alg: 'ES256', typ: 'dpop+jwt', jwk }, privateKey.export({ format: 'jwk' }));
  /** @param {string} htu @param {string} [nonce] */
  return (htu, nonce) => signer({ htm: 'POST', htu, iat: now(), jti: newJti(), ...(nonce && { nonce }) });
}

/** @param {object} header @param {JsonWebKey} key @returns {(claims: object) => string} */
function signerOf(header, key) {
  const first = encode(header);
  const options = { key: createPrivateKey({ key, format: 'jwk' }), dsaEncoding: /** @type {const} */ ('ieee-p1363') };
  return (claims) => {
    const input = `${first}.${encode(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}`;
  };
}

const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1_000);
const newJti = () => randomBytes(16).toString('base64url');
