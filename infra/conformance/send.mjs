// @ts-check
import { request } from 'node:http';

/**
 * A field may repeat; one that is undefined is left out.
 * @typedef {Record<string, string | string[] | undefined>} Fields
 */

/**
 * @typedef {object} Request
 * @property {string} [method] POST unless said otherwise
 * @property {Fields} [headers]
 * @property {Fields} [form]
 * @property {string | Buffer} [body] instead of a form, with no content type but that of `headers`
 * @property {string} [query]
 * @property {string} [from] address of this machine's loopback network to ask from
 */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers names in lower case
 * @property {string} text
 * @property {any} json {} if the body is no JSON object
 */

/**
 * One request exactly as given: doubled headers, odd methods and broken bodies included.
 * @param {string} url
 * @param {Request} [options]
 * @returns {Promise<Answer>}
 */
export function send(url, { method = 'POST', headers = {}, form, body, query, from } = {}) {
  const content = form ? encode(form) : body;
  const type = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const options = {
    method,
    headers: present({ ...type, ...headers }),
    agent: false,
    timeout: 20_000,
    localAddress: from,
  };
  return new Promise((resolve, reject) => {
    const sent = request(query ? `${url}?${query}` : url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const all = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(all), text, json: parsed(text) });
      });
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${url}: no answer within 20 s`)));
    sent.on('error', reject);
    sent.end(content);
  });
}

/** As a browser would. @param {Fields} form */
export function encode(form) {
  const pairs = Object.entries(present(form)).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

/** @param {Fields} fields @returns {Record<string, string | string[]>} */
const present = (fields) =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** @param {string} text */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
