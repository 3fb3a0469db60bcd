// @ts-check
import { randomUUID } from 'node:crypto';
import { askToken } from '../ask.mjs';
import { invalidProof, issued, nonceWanted, refused } from '../expectations.mjs';
import { key, now, withBrokenSignature } from '../jwt.mjs';
import { askWithProof, tokenProof } from '../proof.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../subjects/subject.mjs').Client} Client */
/** @typedef {import('../proof.mjs').ProofChange} ProofChange */

const invalidOrNonce = refused([400, 'invalid_dpop_proof'], [400, 'use_dpop_nonce']);

/**
 * Every way in which a proof at the token endpoint is none (RFC 9449 §4.3), one case each.
 * @param {Subject} subject
 * @param {Client} client
 * @param {import('../trial.mjs').Trial} trial
 */
export async function refuseProofs(subject, client, trial) {
  const own = await key('ES256', 'proof');
  const stranger = await key('ES256', 'another');
  const { kty, crv, x, y } = own.jwk;
  const privateJwk = { kty, crv, x, y, d: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
  const url = subject.url + subject.paths.token;
  const rsa = await key('RS256');
  const rsaJwk = { kty: rsa.jwk.kty, n: rsa.jwk.n, e: rsa.jwk.e };
  // RFC 9449 §4.3: the nonce may stand in for iat.
  const hoursOff = subject.datesProofsByNonce
    ? []
    : [-3_600, 3_600].map(
        (off) => /** @type {[string, ProofChange]} */ ([`iat ${off} s`, { claims: { iat: now() + off } }]),
      );
  /** @type {[string, ProofChange, import('../trial.mjs').Expectation?][]} */
  const changes = [
    ['no typ', { header: { typ: undefined } }],
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['alg none', { header: { alg: 'none' } }],
    [
      'HS256 with the public key',
      { header: { alg: 'HS256' }, signedWith: Buffer.from(JSON.stringify({ kty, crv, x, y })) },
    ],
    [
      'HS256 with an oct jwk',
      { header: { alg: 'HS256', jwk: { kty: 'oct', k: 'c2VjcmV0' } }, signedWith: Buffer.from('secret') },
    ],
    ['RS256', { header: { alg: 'RS256', jwk: rsaJwk }, signedWith: rsa.privateKey }],
    ['no jwk', { header: { jwk: undefined } }],
    ['kid instead of jwk', { header: { jwk: undefined, kid: own.jwk.kid } }],
    ['private jwk', { header: { jwk: privateJwk } }],
    ['jwk of another key', { signedWith: stranger.privateKey }],
    ['unknown crit', { header: { crit: ['b64x'], b64x: true } }],
    ['no htm', { claims: { htm: undefined } }],
    ['htm GET', { claims: { htm: 'GET' } }],
    ['htm post', { claims: { htm: 'post' } }],
    ['no htu', { claims: { htu: undefined } }],
    ['htu of another path', { claims: { htu: `${url}s` } }],
    ['htu of another host', { claims: { htu: url.replace('127.0.0.1', '127.0.0.2') } }],
    ['htu of another scheme', { claims: { htu: url.replace('http:', 'https:') } }],
    ['htu relative', { claims: { htu: subject.paths.token } }],
    ['no iat', { claims: { iat: undefined } }],
    ['iat a text', { claims: { iat: String(now()) } }],
    ['iat an hour ago, no nonce', { claims: { iat: now() - 3_600, nonce: undefined } }, invalidOrNonce],
    ['iat in an hour, no nonce', { claims: { iat: now() + 3_600, nonce: undefined } }, invalidOrNonce],
    ...hoursOff,
    ['no jti', { claims: { jti: undefined } }],
    ['jti a number', { claims: { jti: 42 } }],
    ['nonce never given', { claims: { nonce: randomUUID() } }, nonceWanted],
    ['nonce a number', { claims: { nonce: 42 } }, invalidOrNonce],
    ['no nonce', { claims: { nonce: undefined } }, nonceWanted],
  ];
  const ask = (/** @type {string | string[] | undefined} */ dpop) => askToken(subject, client, { headers: { dpop } });
  await trial.each([
    ['no proof', () => ask(undefined), invalidProof],
    ['empty', () => ask(''), invalidProof],
    ['no JWT', () => ask('a.b.c'), invalidProof],
    ['two proofs', async () => ask([await tokenProof(subject), await tokenProof(subject)]), invalidProof],
    ['broken signature', async () => ask(withBrokenSignature(await tokenProof(subject))), invalidProof],
    ...changes.map(
      ([label, change, expectation = invalidProof]) =>
        /** @type {import('../trial.mjs').Case} */ ([label, () => askWithProof(subject, client, change), expectation]),
    ),
  ]);
  const once = await tokenProof(subject);
  trial.answer('first use', await ask(once), issued);
  trial.answer('replay', await ask(once), refused([400, 'invalid_dpop_proof'], [400, 'invalid_grant']));
  const contested = await tokenProof(subject);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(contested)));
  const successes = answers.filter(({ status }) => status === 200).length;
  trial.check('ten at once', successes === 1, `${successes} of 10 got a token`);
}
