// @ts-check
/** @type {object[]} */
export const cases = [];
/**
 * @param {string} name
 * @param {string} verify
 * @param {unknown} input
 * @param {object} options
 * @param {string | object} expected a reason, or members of the answer
 */
export const add = (name, verify, input, options, expected) => {
  const expect = typeof expected === 'string' ? { ok: false, reason: expected } : { ok: true, ...expected };
  cases.push({ name, verify, input, options, expect });
};
/** One character of base64 made another. @param {string} text @param {number} at */
export const changed = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
