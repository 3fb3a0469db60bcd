import { constants, createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { Answer } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import type { House, MadeClient } from '../support.js';

/** A private key, how it signs, and its public half as a JWK. */
export interface Signer {
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

const PAIRS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

/** @param kid left out: the key is registered without one */
export function makeSigner(alg: keyof typeof PAIRS = 'ES256', kid?: string): Signer {
  const { privateKey, publicKey } = PAIRS[alg]();
  return { alg, privateKey, publicKey, jwk: { ...publicKey.export({ format: 'jwk' }), ...(kid && { kid }) } };
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS of any header and claims, whatever they say of themselves; texts are taken as the JSON itself. */
export function signed(header: unknown, claims: unknown, { alg, privateKey }: Pick<Signer, 'alg' | 'privateKey'>) {
  const input = `${encode(header)}.${encode(claims)}`;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const options = alg === 'PS256' ? pss : { dsaEncoding: 'ieee-p1363' as const };
  const hash = alg === 'EdDSA' ? null : 'sha256';
  return `${input}.${sign(hash, Buffer.from(input), { key: privateKey, ...options }).toString('base64url')}`;
}

/** What a test changes of a good assertion or proof; undefined takes a member away. */
export interface Changes {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  signer?: Signer;
}

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

/** RFC 7523 §3, RFC 10070: an assertion as it should be, but for the changes. */
export function assertion(issuer: string, clientId: string, signer: Signer, changes: Changes = {}): string {
  const good = { iss: clientId, sub: clientId, aud: issuer, iat: inSeconds(0), exp: inSeconds(60), jti: randomUUID() };
  const header = { alg: signer.alg, ...(signer.jwk.kid !== undefined && { kid: signer.jwk.kid }), ...changes.header };
  return signed(header, { ...good, ...changes.claims }, changes.signer ?? signer);
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The form of a request that an assertion authenticates. */
export const withAssertion = (text: string, parameters: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'client_credentials',
  client_assertion_type: ASSERTION_TYPE,
  client_assertion: text,
  ...parameters,
});

/** A client that proves itself with keys, and has no secret. */
export const clientWithKeys = (house: House, signers: Signer[], body: Record<string, unknown> = {}) =>
  house.client({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: signers.map(({ jwk }) => jwk) },
    ...body,
  });

/** RFC 9449 §4.2: a proof as it should be, but for the changes. */
export function dpopProof(
  signer: Signer,
  request: { method?: string; url: string; nonce?: string | undefined; accessToken?: string },
  changes: Changes = {},
): string {
  const { kid: _, ...jwk } = signer.jwk;
  const { method = 'POST', url, nonce, accessToken } = request;
  const good = {
    htm: method,
    htu: url,
    iat: inSeconds(0),
    jti: randomUUID(),
    nonce,
    ...(accessToken !== undefined && { ath: createHash('sha256').update(accessToken).digest('base64url') }),
  };
  const header = { typ: 'dpop+jwt', alg: signer.alg, jwk, ...changes.header };
  return signed(header, { ...good, ...changes.claims }, changes.signer ?? signer);
}

/** RFC 7638 */
export function thumbprint({ jwk }: Signer): string {
  const members = ['crv', 'e', 'kty', 'n', 'x', 'y'].filter((name) => name in jwk).map((name) => [name, jwk[name]]);
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('base64url');
}

/** A nonce of this installation, as a client gets one: by a proof without (RFC 9449 §8). */
export async function freshNonce(house: House, client: MadeClient): Promise<string> {
  const dpop = dpopProof(makeSigner(), { url: `${house.api.url}/oauth2/token` });
  const asked = await house.form('token', { grant_type: 'client_credentials' }, client, { dpop });
  const nonce = asked.headers.get('dpop-nonce');
  if (nonce === null) throw new Error(`No nonce: ${asked.status} ${JSON.stringify(asked.body)}`);
  return nonce;
}

/** Why a request was refused, as the owner sees it under the request id of the answer. */
export async function reasonOf(house: House, answer: Answer<unknown>): Promise<{ code: string; reason: string }> {
  const id = answer.headers.get('x-request-id') ?? '-';
  const found = await waitFor(`the reason under ${id}`, async () => {
    const { status, body } = await house.manage(`/api/failures?trace_id=${id}`);
    if (status !== 200) throw new Error(`No failures: ${status} ${JSON.stringify(body)}`);
    return body.data[0];
  });
  return { code: found.reason_code, reason: found.reason };
}

/** What of an answer an outsider can compare: all but what is its own every time. */
export function outside({ status, headers, body }: Answer): unknown {
  const seen = Object.fromEntries(headers);
  for (const own of ['date', 'x-request-id', 'dpop-nonce']) delete seen[own];
  return { status, body, headers: seen };
}
