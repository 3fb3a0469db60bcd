// @ts-check
import { decodeProtectedHeader } from 'jose';
import { obtain } from '../ask.mjs';
import { send } from '../send.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const PLACES = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** @param {string} url */
const read = (url) => send(url, { method: 'GET' });

/** @param {Subject} subject @returns {Promise<import('jose').JWK[]>} */
const publishedKeys = async (subject) => (await read(subject.url + subject.paths.keys)).json.keys;

/** What a server says about itself. @type {import('../trial.mjs').Statement[]} */
export const metadata = [
  {
    id: 63,
    turn: 'alone',
    clause: 'RFC 7517, RFC 9068 §4',
    demand: 'JWK Set: public members, unique kids, cacheable; a key is there before its first use and after its last',
    async run(subject, trial) {
      const answer = await read(subject.url + subject.paths.keys);
      const keys = /** @type {Record<string, unknown>[]} */ (answer.json.keys);
      trial.check('keys', keys.length > 0, 'none');
      trial.check('public', !keys.some((key) => PRIVATE.some((name) => name in key)), keys.map(Object.keys));
      trial.check(
        'kids',
        new Set(keys.map(({ kid }) => kid)).size === keys.length && keys.every(({ kid }) => kid),
        keys,
      );
      const { etag, 'cache-control': caching = '' } = answer.headers;
      trial.check(
        'cacheable',
        etag !== undefined || /max-age=[1-9]/.test(caching),
        caching || 'no ETag, no Cache-Control',
      );

      const client = await clientOf(subject, 'jwt');
      const kidOf = async () => decodeProtectedHeader((await obtain(subject, client)).access_token).kid;
      const before = await kidOf();
      trial.check(
        'key of a token',
        keys.some(({ kid }) => kid === before),
        String(before),
      );
      if (!subject.management) return;
      trial.check('a key that does not sign yet', keys.length > 1, 'none');
      await subject.management.do('POST', '/signing-keys/rotate', {});
      const after = await kidOf();
      trial.check(
        'no key that verifiers cannot have',
        keys.some(({ kid }) => kid === after),
        String(after),
      );
      const kept = (await publishedKeys(subject)).some(({ kid }) => kid === before);
      trial.check('the key of a living token stays', kept, String(before));
    },
  },
  {
    id: 64,
    clause: 'RFC 8414 §2, §3',
    demand: 'metadata at both places, issuer to the letter, and nothing listed that does not work',
    async run(subject, trial) {
      const [document, alias] = await Promise.all(PLACES.map((place) => read(subject.url + place)));
      for (const [index, { status, headers, json }] of [document, alias].entries()) {
        trial.check(PLACES[index], status === 200 && json.issuer === subject.url, `${status} ${json.issuer}`);
        trial.check('JSON', /^application\/json/.test(headers['content-type'] ?? ''), headers['content-type']);
      }
      const { json } = document.status === 200 ? document : alias;
      const same = (/** @type {string} */ name, /** @type {string} */ path) =>
        trial.check(name, json[name] === subject.url + path, json[name]);
      same('token_endpoint', subject.paths.token);
      same('introspection_endpoint', subject.paths.introspect);
      same('revocation_endpoint', subject.paths.revoke);
      same('jwks_uri', subject.paths.keys);
      trial.check(
        'response_types_supported',
        Array.isArray(json.response_types_supported),
        json.response_types_supported,
      );
      const has = (/** @type {string} */ name, /** @type {string} */ value) =>
        trial.check(`${name} has ${value}`, json[name]?.includes(value), json[name]);
      has('grant_types_supported', 'client_credentials');
      // For the others RFC 8414 lets a server be silent.
      const listed = ['introspection', 'revocation'].filter((name) => json[`${name}_endpoint_auth_methods_supported`]);
      for (const endpoint of ['token', ...listed]) {
        for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt']) {
          has(`${endpoint}_endpoint_auth_methods_supported`, method);
        }
      }
      for (const alg of ['ES256', 'PS256']) {
        has('token_endpoint_auth_signing_alg_values_supported', alg);
        has('dpop_signing_alg_values_supported', alg);
      }
      const algs = Object.entries(json).filter(([name]) => /_alg_values_supported$/.test(name));
      trial.check('no alg none', !algs.some(([, values]) => values.includes('none')), algs);
      for (const [name, value] of Object.entries(json).filter(([key]) => /_(endpoint|uri)$/.test(key))) {
        const answers = await Promise.all(['GET', 'POST'].map((method) => send(String(value), { method })));
        const works = answers.some(({ status }) => status !== 404 && status < 500);
        trial.check(`${name} answers`, works, `${answers.map(({ status }) => status).join(', ')} ${value}`);
      }
    },
  },
];
