// @ts-check
import { proofMaker } from './load/signed-requests.mjs';
import { form, introspectJob, issueTokens, tokenJob, tokenRequest } from './tokens.mjs';

/** @typedef {import('./load/generator.mjs').Job} Job */
/** @typedef {import('./subject.mjs').Subject} Subject */

/**
 * @typedef {object} Round
 * @property {Subject} subject
 * @property {number} connections
 * @property {number} seconds
 * @property {number} lastRate requests per second of the round before
 * @property {import('./load/start-generator.mjs').Generate} generate
 */

/**
 * One kind of request: the same at every subject.
 * @typedef {{ name: string, by: 'jwt' | 'opaque' | 'signing' | 'refreshing', nextJob: (round: Round) => Promise<Job> | Job }} Kind
 */

const TOKENS_SEEN = 1_000;

/** What is signed is good for a minute from then on (a DPoP proof, by default). */
const SIGNED_SECONDS_MAX = 30;

/** @type {Kind[]} */
export const kinds = [
  { name: 'secret', by: 'jwt', nextJob: (round) => ({ ...plain(round), seconds: round.seconds }) },
  { name: 'private_key_jwt', by: 'signing', nextJob: withAssertions },
  { name: 'secret and DPoP', by: 'jwt', nextJob: withProofs },
  { name: 'secret, opaque token', by: 'opaque', nextJob: (round) => ({ ...plain(round), seconds: round.seconds }) },
  { name: 'refresh', by: 'refreshing', nextJob: refreshes },
  { name: 'introspection of opaque tokens', by: 'opaque', nextJob: introspections },
];

/** @param {Round} round */
const plain = ({ subject, connections }) => tokenJob(subject, connections);

/** As many as can be expected to be used: they are made before the time begins. @param {Round} round */
const amountOf = ({ connections, seconds, lastRate }) =>
  Math.max(connections, Math.ceil(lastRate * Math.min(seconds, SIGNED_SECONDS_MAX)));

/** @param {Round} round @returns {Job} */
function withAssertions(round) {
  const { subject } = round;
  if (!subject.signer) throw new Error(`${subject.name} has no client that signs.`);
  return {
    ...plain(round),
    authorization: undefined,
    signing: { kind: 'assertion', audience: subject.url, ...subject.signer },
    amount: amountOf(round),
  };
}

/** @param {Round} round @returns {Promise<Job>} */
async function withProofs(round) {
  const { subject, connections } = round;
  const url = subject.url + subject.paths.token;
  return {
    ...plain(round),
    signing: { kind: 'proof', url, nonce: await nonceOf(subject, url), keys: connections },
    amount: amountOf(round),
    expected: '"token_type":"DPoP"',
  };
}

/** @param {Subject} subject @param {string} url */
async function nonceOf({ name, owner }, url) {
  const headers = { authorization: owner, dpop: proofMaker()(url) };
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(tokenRequest) });
  const nonce = answer.headers.get('dpop-nonce');
  if (answer.status === 400 && nonce) return nonce;
  throw new Error(`${name} asks for no nonce: ${answer.status} ${await answer.text()}`);
}

/** @param {Round} round @returns {Promise<Job>} */
async function refreshes(round) {
  const { subject, connections, seconds, generate } = round;
  const refreshTokens = subject.mintsAt
    ? await Promise.all(Array.from({ length: connections }, () => mint(String(subject.mintsAt))))
    : await issueTokens(subject, connections, connections, generate, 'refresh_token');
  const bodies = [form({ grant_type: 'refresh_token' })];
  return { ...plain(round), bodies, refreshTokens, seconds, expected: '"refresh_token":"' };
}

/** @param {string} url @returns {Promise<string>} */
const mint = async (url) => /** @type {any} */ (await (await fetch(url)).json()).refresh_token;

/** @param {Round} round @returns {Promise<Job>} */
async function introspections({ subject, connections, seconds, generate }) {
  const tokens = await issueTokens(subject, TOKENS_SEEN, connections, generate);
  const job = introspectJob(subject, tokens, connections);
  await generate({ ...job, amount: TOKENS_SEEN });
  return { ...job, seconds };
}
