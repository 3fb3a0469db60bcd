// @ts-check
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { askToken, basic, introspect, obtain, revoke } from '../ask.mjs';
import { assertion, assertionFields } from '../assertion.mjs';
import { issued } from '../expectations.mjs';
import { send } from '../send.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../send.mjs').Answer} Answer */

/** {} for what is no JWT. @param {unknown} token @returns {Record<string, any>} */
export const claimsOf = (token) => (typeof token === 'string' && token.includes('.') ? decodeJwt(token) : {});

const ERROR_TEXT = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;
const SECRET_MARK = 'mark-of-a-secret-5f2c81';
const INNER_WORDS = /select |insert |prisma|postgres|stack|node_modules|at .*\.js/i;

/** What the token endpoint answers. @type {import('../trial.mjs').Statement[]} */
export const accessToken = [
  {
    id: 38,
    clause: 'RFC 6749 §5.1',
    demand: '200: access_token, token_type, expires_in as a number, scope; JSON in UTF-8',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const answer = await askToken(subject, client, { form: { scope: 'read write' } });
      const { access_token, token_type, expires_in, scope } = answer.json;
      trial.answer('answer', answer, issued);
      trial.check('access_token', /^[\x20-\x7e]+$/.test(access_token), access_token);
      trial.check('token_type', /^bearer$/i.test(token_type), token_type);
      trial.check('expires_in', Number.isInteger(expires_in) && expires_in > 0, expires_in);
      trial.check('scope', scope === 'read write', scope);
      const type = answer.headers['content-type'];
      trial.check('Content-Type', /^application\/json *(; *charset=utf-8)?$/i.test(type ?? ''), type);
    },
  },
  {
    id: 39,
    clause: 'RFC 6749 §4.4.3',
    demand: 'client_credentials brings no refresh token unless the client opted in',
    async run(subject, trial) {
      const { refresh_token } = await obtain(subject, await clientOf(subject, 'secret'));
      trial.check('refresh_token', refresh_token === undefined, 'one came');
    },
  },
  {
    id: 40,
    clause: 'RFC 6749 §5.1',
    demand: 'Cache-Control: no-store and Pragma: no-cache on every answer',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const json = { body: '{}', headers: { 'content-type': 'application/json' } };
      const requests = {
        token: {},
        invalid_scope: { form: { scope: '"' } },
        unsupported_grant_type: { form: { grant_type: 'x' } },
        'not a form': json,
        'twice the same': { form: { scope: ['a', 'b'] } },
        'wrong client': { headers: { authorization: basic('nobody', 'wrong-secret-of-some-length') } },
      };
      for (const [label, request] of Object.entries(requests)) {
        const { headers } = await askToken(subject, client, request);
        const { 'cache-control': caching = '', pragma } = headers;
        trial.check(`${label}: no-store`, /\bno-store\b/.test(caching), caching || 'no Cache-Control');
        trial.check(`${label}: Pragma`, pragma === 'no-cache', pragma ?? 'none');
      }
    },
  },
  {
    id: 41,
    clause: 'RFC 6749 §5.2',
    demand: 'errors are JSON in the permitted characters, and echo no secret, token or inner word',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const keys = await clientOf(subject, 'keys');
      const jwt = await assertion(subject, keys, { claims: { aud: 'https://another.example' } });
      const awkward = `"\\\r\n\tü${SECRET_MARK}`;
      const answers = await Promise.all([
        askToken(subject, client, { form: { grant_type: awkward } }),
        askToken(subject, client, { form: { scope: awkward } }),
        askToken(subject, client, { form: { resource: awkward } }),
        askToken(subject, client, { form: { grant_type: 'refresh_token', refresh_token: SECRET_MARK } }),
        askToken(subject, null, { form: { client_id: "'; select 1 --", client_secret: SECRET_MARK } }),
        askToken(subject, null, { headers: { authorization: basic(`a"\\${SECRET_MARK}`, SECRET_MARK) } }),
        askToken(subject, null, { form: { client_id: awkward, client_secret: awkward } }),
        askToken(subject, null, { form: assertionFields(jwt) }),
        introspect(subject, null, SECRET_MARK),
        revoke(subject, null, SECRET_MARK),
      ]);
      for (const [index, { status, headers, json, text }] of answers.entries()) {
        const { error, error_description: description = '' } = json;
        const label = `refusal ${index + 1} (${status})`;
        trial.check(
          `${label}: JSON`,
          /^application\/json/.test(headers['content-type'] ?? ''),
          headers['content-type'],
        );
        trial.check(`${label}: error`, typeof error === 'string' && error !== '' && ERROR_TEXT.test(error), error);
        trial.check(`${label}: error_description`, ERROR_TEXT.test(description), description);
        trial.check(`${label}: echo`, !text.includes(SECRET_MARK) && !text.includes(jwt), text);
        trial.check(`${label}: inner words`, !INNER_WORDS.test(text.replaceAll("'; select 1 --", '')), text);
      }
    },
  },
  {
    id: 43,
    clause: 'RFC 9700 §2.6, Fetch',
    demand: 'no endpoint lets other sites in with credentials',
    async run(subject, trial) {
      const client = await clientOf(subject, 'secret');
      const origin = 'https://evil.example';
      const closed = {
        expects: 'no CORS with credentials',
        holds: (/** @type {Answer} */ { headers }) =>
          headers['access-control-allow-credentials'] !== 'true' ||
          !['*', origin].includes(headers['access-control-allow-origin'] ?? ''),
      };
      const { token, introspect: introspection, revoke: revocation } = subject.paths;
      const preflight = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      };
      await trial.each([
        ['token', () => askToken(subject, client, { headers: { origin } }), closed],
        ['introspection', () => introspect(subject, client, 'x', { headers: { origin } }), closed],
        ['revocation', () => revoke(subject, client, 'x', { headers: { origin } }), closed],
        ...[token, introspection, revocation].map(
          (path) =>
            /** @type {import('../trial.mjs').Case} */ ([
              `preflight ${path}`,
              () => send(subject.url + path, { method: 'OPTIONS', headers: preflight }),
              closed,
            ]),
        ),
      ]);
    },
  },
  {
    id: 45,
    clause: 'RFC 9068 §2',
    demand: 'JWT access tokens: at+jwt, all required claims, sub the client, kid in the JWK Set',
    async run(subject, trial) {
      const client = await clientOf(subject, 'jwt');
      const { access_token } = await obtain(subject, client, { form: { scope: 'read' } });
      const header = decodeProtectedHeader(access_token);
      trial.check('typ', header.typ === 'at+jwt', header.typ);
      trial.check('alg', ['ES256', 'PS256', 'EdDSA', 'Ed25519', 'RS256'].includes(String(header.alg)), header.alg);
      trial.check('kid', typeof header.kid === 'string', header.kid);
      const keys = createRemoteJWKSet(new URL(subject.url + subject.paths.keys));
      const { payload } = await jwtVerify(access_token, keys, { issuer: subject.url, typ: 'at+jwt' });
      trial.check('sub', payload.sub === client.id, payload.sub);
      trial.check('client_id', payload.client_id === client.id, payload.client_id);
      trial.check('aud', payload.aud !== undefined && payload.aud.length > 0, payload.aud);
      trial.check('iat, exp', Number(payload.exp) > Number(payload.iat), payload);
      trial.check('scope', payload.scope === 'read', payload.scope);
      const second = claimsOf((await obtain(subject, client)).access_token);
      trial.check('jti', typeof payload.jti === 'string' && payload.jti !== second.jti, payload.jti);
    },
  },
  {
    id: 46,
    clause: 'RFC 9700 §4.15',
    demand: 'a client_id of the caller’s choice can be no other subject: no colon, control or operator id',
    async run(subject, trial) {
      const management = trial.needed(subject.management, 'it takes no client_id from callers over HTTP');
      const ids = ['a:b', 'a b', 'a\nb', 'a\0b', 'ü', 'a/b', '.', '..', '', 'opr_01h455vb4pex5vsknk084sn02q'];
      for (const client_id of ids) {
        const { status } = await management.ask('POST', '/clients', { client_id, scopes: ['read'] });
        trial.check(JSON.stringify(client_id), status >= 400 && status < 500, String(status));
      }
    },
  },
  {
    id: 47,
    clause: 'RFC 6749 §5.1, RFC 9068 §2.2',
    demand: 'expires_in = exp − iat; a token outlives neither its client',
    async run(subject, trial) {
      const { access_token, expires_in } = await obtain(subject, await clientOf(subject, 'jwt'));
      const { exp, iat } = claimsOf(access_token);
      trial.check('expires_in', expires_in === exp - iat, `${expires_in} ≠ ${exp - iat}`);
      if (!subject.management) return;
      const expiry = new Date(Date.now() + 100_000);
      const client = await subject.register({ expiry: expiry.toISOString(), access_token_format: 'jwt' });
      const short = await obtain(subject, client);
      trial.check('client expiry', claimsOf(short.access_token).exp * 1_000 <= expiry.getTime(), short.expires_in);
      trial.check('its expires_in', short.expires_in <= 100 && short.expires_in > 90, short.expires_in);
    },
  },
];
