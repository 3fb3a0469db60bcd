// @ts-check
import { createHmac, createSecretKey, generateKeyPairSync, randomUUID, sign, timingSafeEqual } from 'node:crypto';

// What a token endpoint cannot do without: one HMAC check of the secret, one ES256 signature. Nothing is validated.

/** @typedef {{ token: string, claims: Record<string, unknown> }} Issued */

const { CLIENT_ID = '', CLIENT_SECRET = '' } = process.env;
const LIFETIME_SECONDS = 900;
const SCOPE = 'read write';

const pepper = createSecretKey(Buffer.from('0123456789abcdef0123456789abcdef'));
const digestOf = (/** @type {string} */ secret) => createHmac('sha256', pepper).update(secret).digest();
const stored = digestOf(CLIENT_SECRET);

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const kid = randomUUID();
const encode = (/** @type {unknown} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = encode({ alg: 'ES256', typ: 'at+jwt', kid });

/** The public half, so that the tokens can be checked. */
export const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' }] });

/** @param {string | undefined} authorization */
export function isClient(authorization = '') {
  const pair = Buffer.from(authorization.slice('Basic '.length), 'base64').toString();
  const colon = pair.indexOf(':');
  return pair.slice(0, colon) === CLIENT_ID && timingSafeEqual(digestOf(pair.slice(colon + 1)), stored);
}

function nextClaims() {
  const iat = Math.floor(Date.now() / 1_000);
  return {
    iss: 'http://127.0.0.1:3000',
    exp: iat + LIFETIME_SECONDS,
    aud: 'urn:bastionary:default',
    sub: CLIENT_ID,
    client_id: CLIENT_ID,
    iat,
    jti: randomUUID(),
    scope: SCOPE,
  };
}

const options = { key: privateKey, dsaEncoding: /** @type {const} */ ('ieee-p1363') };

/** @returns {Issued} signed on the event loop */
export function issue() {
  const claims = nextClaims();
  const input = `${header}.${encode(claims)}`;
  return { claims, token: `${input}.${sign('sha256', Buffer.from(input), options).toString('base64url')}` };
}

/** Signed on the thread pool. @param {(issued: Issued) => void} done */
export function issueOnThreadPool(done) {
  const claims = nextClaims();
  const input = `${header}.${encode(claims)}`;
  sign('sha256', Buffer.from(input), options, (error, signature) => {
    if (error) throw error;
    done({ claims, token: `${input}.${signature.toString('base64url')}` });
  });
}

/** @param {string} token */
export const tokenAnswer = (token) => ({
  access_token: token,
  token_type: 'Bearer',
  expires_in: LIFETIME_SECONDS,
  scope: SCOPE,
});
