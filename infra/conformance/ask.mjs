// @ts-check
import { assertion, assertionFields } from './assertion.mjs';
import { send } from './send.mjs';

/** @typedef {import('./subjects/subject.mjs').Subject} Subject */
/** @typedef {import('./subjects/subject.mjs').Client} Client */
/** @typedef {import('./send.mjs').Request} Request */

/** RFC 6749 §2.3.1: each half is form-urlencoded before they are joined. @param {string} id @param {string} secret */
export const basic = (id, secret) => rawBasic(`${formEncode(id)}:${formEncode(secret)}`);

/** @param {string | Buffer} pair as it is */
export const rawBasic = (pair) => `Basic ${Buffer.from(pair).toString('base64')}`;

const formEncode = (/** @type {string} */ text) => new URLSearchParams([['', text]]).toString().slice(1);

/**
 * Asks for a token as a client, in the way it is registered for; null asks without any credential.
 * @param {Subject} subject
 * @param {Client | null} client
 * @param {Request} [request] a member of `form` or `headers` that is undefined is left out
 */
export const askToken = (subject, client, request) =>
  ask(subject, subject.paths.token, client, { grant_type: 'client_credentials' }, request);

/** @param {Subject} subject @param {Client | null} client @param {string} token @param {Request} [request] */
export const introspect = (subject, client, token, request) =>
  ask(subject, subject.paths.introspect, client, { token }, request);

/** @param {Subject} subject @param {Client | null} client @param {string} token @param {Request} [request] */
export const revoke = (subject, client, token, request) =>
  ask(subject, subject.paths.revoke, client, { token }, request);

/** @param {Subject} subject @param {Client} client @param {string} token @param {Request} [request] */
export const refresh = (subject, client, token, request = {}) =>
  askToken(subject, client, {
    ...request,
    form: { grant_type: 'refresh_token', refresh_token: token, ...request.form },
  });

/**
 * @param {Subject} subject
 * @param {string} path
 * @param {Client | null} client
 * @param {Record<string, string>} fields
 * @param {Request} [request]
 */
async function ask(subject, path, client, fields, { form, headers, body, ...rest } = {}) {
  const proof = client ? await credentials(subject, client) : {};
  return send(subject.url + path, {
    ...rest,
    headers: { ...proof.headers, ...headers },
    ...(body === undefined ? { form: { ...fields, ...proof.form, ...form } } : { body }),
  });
}

/** @param {Subject} subject @param {Client} client @returns {Promise<Pick<Request, 'form' | 'headers'>>} */
async function credentials(subject, client) {
  if (client.method === 'private_key_jwt') return { form: assertionFields(await assertion(subject, client)) };
  if (client.method === 'client_secret_post') return { form: { client_id: client.id, client_secret: client.secret } };
  return { headers: { authorization: basic(client.id, client.secret) } };
}

/** A token that must come. @param {Subject} subject @param {Client} client @param {Request} [request] */
export async function obtain(subject, client, request) {
  const answer = await askToken(subject, client, request);
  if (answer.json.access_token) return answer.json;
  throw new Error(`no token for the test: ${answer.status} ${answer.text.slice(0, 120)}`);
}
