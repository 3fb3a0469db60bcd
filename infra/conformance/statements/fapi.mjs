// @ts-check

import { askToken } from '../ask.mjs';
import { assertion, assertionFields } from '../assertion.mjs';
import { invalidClient, invalidProof, issued, notIssued, turnedAway } from '../expectations.mjs';
import { key, now } from '../jwt.mjs';
import { askResource, askWithProof, tokenProof } from '../proof.mjs';
import { send } from '../send.mjs';
import { clientOf } from '../subjects/subject.mjs';
import { claimsOf } from './access-token.mjs';
import { refuseProofs } from './dpop-refusals.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../assertion.mjs').AssertionChange} AssertionChange */

/** @param {Subject} subject @param {AssertionChange} [change] @param {import('../send.mjs').Fields} [form] */
async function askAsserted(subject, change, form) {
  const jwt = await assertion(subject, await clientOf(subject, 'dpopKeys'), change);
  const headers = { dpop: await tokenProof(subject) };
  return askToken(subject, null, { headers, form: { ...assertionFields(jwt), ...form } });
}

/** A bound token for the protected resource. @param {Subject} subject @param {string} scope */
async function guardedToken(subject, scope) {
  const keys = await Promise.all(['ES256'].map((alg) => key(alg)));
  const client = await subject.register({
    scopes: [scope],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: keys.map(({ jwk }) => jwk) },
    dpop_bound_access_tokens: true,
  });
  const { json } = await askWithProof(subject, client);
  if (!json.access_token) throw new Error(`no token for the protected resource: ${JSON.stringify(json)}`);
  return json.access_token;
}

/** @param {string} label @param {number} wanted @param {import('../send.mjs').Answer} answer @returns {[string, boolean, string]} */
const answered = (label, wanted, { status, headers }) => [
  label,
  status === wanted && (wanted !== 401 || 'www-authenticate' in headers),
  `${status} ${headers['www-authenticate'] ?? ''}`,
];

/** What the FAPI 2.0 profile for client credentials asks of a server. @type {import('../trial.mjs').Statement[]} */
export const fapi = [
  {
    id: 1,
    clause: 'FAPI 2.0 §5.3.2, RFC 8414',
    demand: 'discovery names issuer, endpoints, private_key_jwt, the algorithms of the profile and DPoP',
    async run(subject, trial) {
      const { status, json } = await send(`${subject.url}/.well-known/oauth-authorization-server`, { method: 'GET' });
      trial.check('document', status === 200, String(status));
      trial.check('issuer', json.issuer === subject.url, json.issuer);
      for (const name of ['token_endpoint', 'jwks_uri']) {
        trial.check(name, String(json[name]).startsWith(`${subject.url}/`), json[name]);
      }
      trial.check('private_key_jwt', json.token_endpoint_auth_methods_supported?.includes('private_key_jwt'), json);
      trial.check('client_credentials', json.grant_types_supported?.includes('client_credentials'), json);
      for (const name of ['token_endpoint_auth_signing_alg_values_supported', 'dpop_signing_alg_values_supported']) {
        const algs = /** @type {string[]} */ (json[name] ?? []);
        trial.check(
          name,
          ['ES256', 'PS256'].some((alg) => algs.includes(alg)),
          algs,
        );
        trial.check(`${name}: profile only`, !algs.some((alg) => /^(none|HS|RS)/.test(alg)), algs);
      }
    },
  },
  {
    id: 2,
    clause: 'FAPI 2.0 §5.3.2.1',
    demand: 'private_key_jwt and DPoP give a sender-constrained token, which its resource accepts',
    async run(subject, trial) {
      const answer = await askAsserted(subject);
      const { access_token, expires_in } = answer.json;
      trial.answer('token', answer, issued);
      trial.check('expires_in', Number.isInteger(expires_in) && expires_in > 0, expires_in);
      const { thumbprint } = await key('ES256', 'proof');
      const { cnf } = claimsOf(access_token);
      trial.check('cnf.jkt', cnf?.jkt === thumbprint, cnf);
      if (!subject.guarded) return;
      const { url, scope } = subject.guarded;
      trial.check(...answered('resource', 200, await askResource(url, await guardedToken(subject, scope))));
    },
  },
  {
    id: 3,
    clause: 'RFC 6749 §5.1, RFC 9449 §5, §7.1',
    demand: 'token_type is DPoP; the scheme of the request is matched in any case',
    async run(subject, trial) {
      const { token_type } = (await askAsserted(subject)).json;
      trial.check('token_type', /^dpop$/i.test(token_type), token_type);
      if (!subject.guarded) return;
      const { url, scope } = subject.guarded;
      const token = await guardedToken(subject, scope);
      for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
        trial.check(...answered(scheme, 200, await askResource(url, token, { scheme })));
      }
    },
  },
  {
    id: 4,
    clause: 'RFC 9449 §4.2, RFC 7519 §4.1',
    demand: 'nbf and exp in a proof are no harm while they hold, and bind when they do not',
    async run(subject, trial) {
      const client = await clientOf(subject, 'dpopKeys');
      const at = now();
      const as = (/** @type {Record<string, number>} */ claims) => () => askWithProof(subject, client, { claims });
      await trial.each([
        ['nbf past, exp ahead', as({ nbf: at - 10, exp: at + 60 }), issued],
        ['exp 5 minutes ago', as({ exp: at - 300 }), invalidProof],
        ['nbf in 5 minutes', as({ nbf: at + 300 }), invalidProof],
      ]);
    },
  },
  {
    id: 5,
    clause: 'RFC 9449 §4.3, §7, §8',
    demand: 'a proof that is wrong in any one way is refused, by the token endpoint and by the resource',
    async run(subject, trial) {
      await refuseProofs(subject, await clientOf(subject, 'dpopKeys'), trial);
      if (!subject.guarded) return;
      const { url, scope } = subject.guarded;
      const token = await guardedToken(subject, scope);
      const stranger = await key('ES256', 'another');
      const { kty, crv, x, y } = stranger.jwk;
      /** @type {Record<string, Parameters<typeof askResource>[2]>} */
      const wrong = {
        'no proof': { sendProof: false },
        'no ath': { claims: { ath: undefined } },
        'ath of another token': { claims: { ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo' } },
        'another key': { header: { jwk: { kty, crv, x, y } }, signedWith: stranger.privateKey },
        'htm POST': { claims: { htm: 'POST' } },
        'htu of another resource': { claims: { htu: `${url}/x` } },
        'iat an hour ago': { claims: { iat: now() - 3_600 } },
      };
      for (const [label, change] of Object.entries(wrong)) {
        trial.check(...answered(`resource: ${label}`, 401, await askResource(url, token, change)));
      }
    },
  },
  {
    id: 6,
    clause: 'FAPI 2.0 §5.3.2.1',
    demand: 'without a client assertion there is no token',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'dpopKeys');
      const headers = { dpop: await tokenProof(subject) };
      trial.answer('no assertion', await askToken(subject, null, { headers, form: { client_id: id } }), turnedAway);
    },
  },
  {
    id: 7,
    clause: 'RFC 7523 §3',
    demand: 'an assertion that expired 5 minutes ago fails',
    async run(subject, trial) {
      const claims = { iat: now() - 360, exp: now() - 300 };
      trial.answer('exp 5 minutes ago', await askAsserted(subject, { claims }), invalidClient);
    },
  },
  {
    id: 8,
    clause: 'RFC 7523 §3',
    demand: 'an assertion without sub fails',
    run: async (subject, trial) =>
      trial.answer('no sub', await askAsserted(subject, { claims: { sub: undefined } }), invalidClient),
  },
  {
    id: 9,
    clause: 'FAPI 2.0 §5.3.2.1, RFC 10070',
    demand: 'an assertion for another audience fails',
    run: async (subject, trial) =>
      trial.answer(
        'wrong aud',
        await askAsserted(subject, { claims: { aud: 'https://another.example' } }),
        invalidClient,
      ),
  },
  {
    id: 10,
    clause: 'RFC 7521 §4.2',
    demand: 'a client_id beside the assertion is that of the assertion',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'stranger');
      trial.answer('another client_id', await askAsserted(subject, {}, { client_id: id }), turnedAway);
    },
  },
  {
    id: 11,
    clause: 'FAPI 2.0 §5.3.2.1, RFC 9449 §11.1',
    demand: 'a proof of 10 s ago is accepted',
    async run(subject, trial) {
      const client = await clientOf(subject, 'dpopKeys');
      trial.answer('iat −10 s', await askWithProof(subject, client, { claims: { iat: now() - 10 } }), issued);
    },
  },
  {
    id: 12,
    clause: 'FAPI 2.0 §5.3.2.1, RFC 9449 §11.1',
    demand: 'a proof of a clock 10 s ahead is accepted',
    async run(subject, trial) {
      const client = await clientOf(subject, 'dpopKeys');
      trial.answer('iat +10 s', await askWithProof(subject, client, { claims: { iat: now() + 10 } }), issued);
    },
  },
  {
    id: 13,
    clause: 'FAPI 2.0 §5.3.2.1, §5.3.3',
    demand: 'no token without a proof of a key, and none accepted without it (TLS ciphers: the proxy’s)',
    async run(subject, trial) {
      const client = await clientOf(subject, 'dpopKeys');
      const answer = await askToken(subject, client);
      trial.answer('no proof', answer, notIssued);
      if (!subject.guarded) return;
      const { url, scope } = subject.guarded;
      const token = await guardedToken(subject, scope);
      const asBearer = await askResource(url, token, { scheme: 'Bearer', sendProof: false });
      trial.check(...answered('bound token as Bearer', 401, asBearer));
    },
  },
  {
    id: 14,
    clause: 'FAPI 2.0 §5.4.1',
    demand: 'an assertion signed with RS256 fails, right as its key may be',
    async run(subject, trial) {
      const rsa = await key('RS256');
      const { alg: _alg, ...anyAlgorithm } = rsa.jwk;
      const metadata = { token_endpoint_auth_method: 'private_key_jwt', dpop_bound_access_tokens: true };
      const client = await subject.register({ ...metadata, jwks: { keys: [anyAlgorithm] } });
      const jwt = await assertion(subject, client, { alg: 'RS256' });
      const headers = { dpop: await tokenProof(subject) };
      trial.answer('RS256', await askToken(subject, null, { headers, form: assertionFields(jwt) }), invalidClient);
    },
  },
];
