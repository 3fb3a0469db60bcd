// @ts-check
import { askToken } from '../ask.mjs';
import { send } from '../send.mjs';

/** @typedef {import('./subject.mjs').Client} Client */
/** @typedef {import('../send.mjs').Answer} Answer */

/** This platform's management API, with the admin client of its first run. */
export class Management {
  /** @type {string | undefined} */
  #token;

  /** @param {import('./subject.mjs').Subject} subject @param {Client} admin */
  constructor(subject, admin) {
    this.subject = subject;
    this.admin = admin;
  }

  /**
   * @param {string} method
   * @param {string} path below /api
   * @param {unknown} [body]
   * @param {Record<string, string>} [headers]
   * @returns {Promise<Answer>}
   */
  async ask(method, path, body, headers = {}) {
    const answer = await this.#send(method, path, body, headers);
    if (answer.status !== 401) return answer;
    // Its own token is among those that statements revoke.
    this.#token = undefined;
    return this.#send(method, path, body, headers);
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {Record<string, string>} headers */
  async #send(method, path, body, headers) {
    this.#token ??= (await askToken(this.subject, this.admin)).json.access_token;
    return send(`${this.subject.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': body === undefined ? undefined : 'application/json',
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** What must succeed. @type {(...args: Parameters<Management['ask']>) => Promise<Answer>} */
  async do(...args) {
    const answer = await this.ask(...args);
    if (answer.status < 300) return answer;
    throw new Error(`${args[0]} /api${args[1]} answered ${answer.status} ${answer.text.slice(0, 300)}`);
  }

  /** @param {Client} client @param {object} changes */
  async change(client, changes) {
    const { headers } = await this.do('GET', `/clients/${client.id}`);
    return this.do('PATCH', `/clients/${client.id}`, changes, { 'if-match': headers.etag });
  }

  /** @param {Client} client */
  async remove(client) {
    const { headers } = await this.do('GET', `/clients/${client.id}`);
    return this.do('DELETE', `/clients/${client.id}`, undefined, { 'if-match': headers.etag });
  }
}
