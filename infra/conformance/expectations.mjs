// @ts-check

/** @typedef {import('./send.mjs').Answer} Answer */
/** @typedef {import('./trial.mjs').Expectation} Expectation */

/**
 * A refusal in one of these forms.
 * @param {...[status: number, error: string]} forms
 * @returns {Expectation}
 */
export const refused = (...forms) => ({
  expects: forms.map((form) => form.join(' ')).join(' or '),
  holds: ({ status, json }) => forms.some(([code, error]) => status === code && json.error === error),
});

export const invalidRequest = refused([400, 'invalid_request']);
export const invalidScope = refused([400, 'invalid_scope']);
export const invalidGrant = refused([400, 'invalid_grant']);
export const invalidTarget = refused([400, 'invalid_target']);
export const invalidProof = refused([400, 'invalid_dpop_proof']);
export const nonceWanted = refused([400, 'use_dpop_nonce']);
export const invalidClient = refused([401, 'invalid_client']);
/** Where the standards leave open whether the request or the client is at fault. */
export const turnedAway = refused([400, 'invalid_request'], [401, 'invalid_client']);

/** @type {Expectation} */
export const issued = {
  expects: '200 with an access token',
  holds: ({ status, json }) => status === 200 && typeof json.access_token === 'string',
};

/** @type {Expectation} */
export const notIssued = {
  expects: 'a refusal',
  holds: ({ status, json }) => status >= 400 && status < 500 && json.access_token === undefined,
};

/** @param {string} scope in any order @returns {Expectation} */
export const issuedWithScope = (scope) => ({
  expects: `200 with scope ${scope}`,
  holds: (answer) => issued.holds(answer) && sorted(answer.json.scope) === sorted(scope),
});

/** @param {unknown} scope */
export const sorted = (scope) => String(scope).split(' ').sort().join(' ');

/** @param {number} code @returns {Expectation} */
export const status = (code) => ({ expects: String(code), holds: (answer) => answer.status === code });

/** RFC 7662 §2.2: this and nothing else. @type {Expectation} */
export const inactive = {
  expects: '200 {"active":false}',
  holds: (answer) => answer.status === 200 && answer.text === '{"active":false}',
};

/** @type {Expectation} */
export const active = {
  expects: '200 active',
  holds: (answer) => answer.status === 200 && answer.json.active === true,
};
