// @ts-check
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { askToken } from '../ask.mjs';
import { ASSERTION_TYPE, assertion, assertionFields } from '../assertion.mjs';
import { invalidClient, invalidRequest, issued, notIssued, turnedAway } from '../expectations.mjs';
import { key, now, withBrokenSignature } from '../jwt.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../trial.mjs').Case} Case */
/** @typedef {import('../trial.mjs').Expectation} Expectation */
/** @typedef {import('../assertion.mjs').AssertionChange} Change */

const LONG = 3_600;

/** A request whose assertion differs in this. @param {Subject} subject @param {Change} [change] @param {import('../send.mjs').Fields} [form] */
export async function askWith(subject, change, form) {
  const client = await clientOf(subject, 'keys');
  return askToken(subject, null, { form: { ...assertionFields(await assertion(subject, client, change)), ...form } });
}

/** @param {Subject} subject @returns {(label: string, change: Change, expectation: Expectation) => Case} */
const caseOf = (subject) => (label, change, expectation) => [label, () => askWith(subject, change), expectation];

/** private_key_jwt: RFC 7523 as RFC 10070 tightens it. @type {import('../trial.mjs').Statement[]} */
export const clientAssertion = [
  {
    id: 25,
    clause: 'RFC 7521 §4.2, RFC 7523 §2.2',
    demand: 'client_assertion_type is exactly the URN; half of the pair is invalid_request',
    async run(subject, trial) {
      const form = assertionFields(await assertion(subject, await clientOf(subject, 'keys')));
      const as = (/** @type {import('../send.mjs').Fields} */ change) => () =>
        askToken(subject, null, { form: { ...form, ...change } });
      await trial.each([
        ['no type', as({ client_assertion_type: undefined }), invalidRequest],
        ['no assertion', as({ client_assertion: undefined }), invalidRequest],
        ['SAML', as({ client_assertion_type: ASSERTION_TYPE.replace('jwt', 'saml2') }), invalidRequest],
        ['upper case', as({ client_assertion_type: ASSERTION_TYPE.toUpperCase() }), invalidRequest],
      ]);
      trial.answer('both', await as({})(), issued);
    },
  },
  {
    id: 26,
    clause: 'RFC 7523 §3, RFC 7521 §4.2',
    demand: 'iss = sub = client_id, also of the body if it names one',
    async run(subject, trial) {
      const { id } = await clientOf(subject, 'keys');
      const stranger = await clientOf(subject, 'stranger');
      const change = caseOf(subject);
      await trial.each([
        change('another iss', { claims: { iss: stranger.id } }, invalidClient),
        change('another sub', { claims: { sub: stranger.id } }, invalidClient),
        change('no iss', { claims: { iss: undefined } }, invalidClient),
        change('no sub', { claims: { sub: undefined } }, invalidClient),
        change('no such client', { claims: { iss: 'nobody', sub: 'nobody' } }, invalidClient),
        ['client_id in the body', () => askWith(subject, {}, { client_id: id }), issued],
        ['another client_id in the body', () => askWith(subject, {}, { client_id: stranger.id }), turnedAway],
      ]);
    },
  },
  {
    id: 27,
    clause: 'RFC 10070 (updates RFC 7523 §3)',
    demand: 'aud is the issuer and nothing else; the token endpoint is refused',
    async run(subject, trial) {
      const token = subject.url + subject.paths.token;
      const aud = (/** @type {unknown} */ value) => ({ claims: { aud: value } });
      const change = caseOf(subject);
      await trial.each([
        change('issuer', aud(subject.url), issued),
        change('token endpoint', aud(token), invalidClient),
        change('[issuer, token endpoint]', aud([subject.url, token]), invalidClient),
        change('[issuer, another]', aud([subject.url, 'https://another.example']), invalidClient),
        change('slash at the end', aud(`${subject.url}/`), invalidClient),
        change('another host', aud(subject.url.replace('127.0.0.1', 'localhost')), invalidClient),
        change('another server', aud('https://another.example'), invalidClient),
        change('none', aud(undefined), invalidClient),
        change('[]', aud([]), invalidClient),
      ]);
    },
  },
  {
    id: 28,
    clause: 'RFC 10070, RFC 8725 §3.11',
    demand: 'typ client-authentication+jwt, JWT or absent; a type of something else is refused',
    async run(subject, trial) {
      const typ = (/** @type {unknown} */ value) => ({ header: { typ: value } });
      const change = caseOf(subject);
      const foreign = ['dpop+jwt', 'at+jwt', 'oauth-authz-req+jwt', 'logout+jwt', 'secevent+jwt'];
      await trial.each([
        change('client-authentication+jwt', typ('client-authentication+jwt'), issued),
        change('JWT', typ('JWT'), issued),
        change('absent', typ(undefined), issued),
        ...foreign.map((value) => change(value, typ(value), invalidClient)),
      ]);
    },
  },
  {
    id: 29,
    clause: 'RFC 7523 §3, RFC 8725 §3',
    demand: 'exp required, neither past nor an hour ahead; iat and nbf ahead by 8 s hold, by 90 s not',
    async run(subject, trial) {
      const at = now();
      const change = caseOf(subject);
      await trial.each([
        change('no exp', { claims: { exp: undefined } }, invalidClient),
        change('exp 2 minutes ago', { claims: { iat: at - 300, exp: at - 120 } }, invalidClient),
        change('exp in an hour', { claims: { exp: at + LONG } }, invalidClient),
        change('exp is a text', { claims: { exp: String(at + 60) } }, invalidClient),
        change('iat in 90 s', { claims: { iat: at + 90, exp: at + 120 } }, invalidClient),
        change('nbf in 90 s', { claims: { nbf: at + 90, exp: at + 120 } }, invalidClient),
        change('iat in 8 s', { claims: { iat: at + 8 } }, issued),
        change('nbf in 8 s', { claims: { nbf: at + 8 } }, issued),
      ]);
    },
  },
  {
    id: 30,
    clause: 'RFC 7523 §3, RFC 10070',
    demand: 'jti required, single use, also for ten at once; not used up by a refused assertion',
    async run(subject, trial) {
      const client = await clientOf(subject, 'keys');
      const send = (/** @type {string} */ jwt) => askToken(subject, null, { form: assertionFields(jwt) });
      trial.answer('no jti', await askWith(subject, { claims: { jti: undefined } }), invalidClient);

      const once = await assertion(subject, client);
      trial.answer('first use', await send(once), issued);
      trial.answer('second use', await send(once), invalidClient);

      const contested = await assertion(subject, client);
      const answers = await Promise.all(Array.from({ length: 10 }, () => send(contested)));
      const successes = answers.filter(({ status }) => status === 200).length;
      trial.check('ten at once', successes === 1, `${successes} of 10 got a token`);

      const jti = randomUUID();
      await askWith(subject, { claims: { jti, aud: 'https://another.example' } });
      await send(withBrokenSignature(await assertion(subject, client, { claims: { jti } })));
      trial.answer('jti of refused assertions', await askWith(subject, { claims: { jti } }), issued);
      const other = await subject.register({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [(await key('ES256')).jwk] },
      });
      trial.answer(
        'same jti of another client',
        await send(await assertion(subject, other, { claims: { jti } })),
        issued,
      );
    },
  },
  {
    id: 31,
    clause: 'RFC 8725 §3.1, §3.2',
    demand: 'ES256, PS256 and EdDSA by registered keys; none, HMAC with a public key, foreign keys refused',
    async run(subject, trial) {
      const client = await clientOf(subject, 'keys');
      const { jwk } = await key('ES256');
      const stolen = await key('ES256', 'another');
      const hmac = (/** @type {string} */ text) => ({ header: { alg: 'HS256' }, signedWith: Buffer.from(text) });
      const change = caseOf(subject);
      await trial.each([
        change('ES256', { alg: 'ES256' }, issued),
        change('PS256', { alg: 'PS256' }, issued),
        change('EdDSA', { alg: 'EdDSA' }, issued),
        change('none', { header: { alg: 'none' } }, turnedAway),
        change('HS256 with the public key', hmac(JSON.stringify(jwk)), turnedAway),
        change('HS256 with x', hmac(String(jwk.x)), turnedAway),
        change('signed with another key', { signedWith: stolen.privateKey }, invalidClient),
        change('unknown kid', { header: { kid: 'unknown' } }, invalidClient),
        change(
          'key in the header',
          { header: { kid: undefined, jwk: stolen.jwk }, signedWith: stolen.privateKey },
          invalidClient,
        ),
        change(
          'jku',
          { header: { kid: undefined, jku: 'https://another.example/jwks' }, signedWith: stolen.privateKey },
          invalidClient,
        ),
        change('unknown crit', { header: { crit: ['b64x'], b64x: true } }, turnedAway),
        ['broken signature', () => asAssertion(withBrokenSignature), invalidClient],
        ['no JWT', () => asAssertion(() => 'a.b.c'), turnedAway],
        ['no payload', () => asAssertion((jwt) => jwt.split('.', 1)[0] ?? ''), turnedAway],
      ]);

      /** @param {(jwt: string) => string} damage */
      async function asAssertion(damage) {
        return askToken(subject, null, { form: assertionFields(damage(await assertion(subject, client))) });
      }
    },
  },
  {
    id: 32,
    clause: 'RFC 7591 §5, RFC 9700',
    demand: 'jwks_uri: https only, and nothing is fetched from private addresses',
    async run(subject, trial) {
      const visited = { times: 0 };
      const trap = createServer((socket) => {
        visited.times++;
        socket.destroy();
      });
      await new Promise((resolve) => trap.listen(0, '127.0.0.1', () => resolve(null)));
      const { port } = /** @type {import('node:net').AddressInfo} */ (trap.address());
      const hosts = ['https://127.0.0.1', 'https://localhost', 'https://2130706433', 'https://[::ffff:127.0.0.1]'];
      const addresses = [`http://127.0.0.1:${port}/jwks`, ...hosts.map((host) => `${host}:${port}/jwks`)];
      try {
        for (const jwks_uri of addresses) {
          const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri };
          const client = await subject.register(metadata).catch(() => null);
          trial.checks++;
          if (client === null) continue;
          const form = assertionFields(await assertion(subject, client));
          trial.answer(jwks_uri.replace(String(port), 'PORT'), await askToken(subject, null, { form }), notIssued);
        }
      } finally {
        trap.close();
      }
      trial.check('visits of a private address', visited.times === 0, String(visited.times));
    },
  },
];
