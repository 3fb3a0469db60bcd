// @ts-check
import { bodyDigest, signatureHeaders } from '@bastionary/licensing/rules/formats/response-signature';
import { add } from './cases.mjs';
import { account, after, by, DAY, LICENSE, MINUTE, NOW, retired } from './issuer.mjs';

const URL_ = 'http://licenses.example.com:8443/v1/licenses/actions/validate-key?include=license';
const BODY = JSON.stringify({
  data: { id: LICENSE, type: 'licenses' },
  meta: { valid: true, code: 'VALID', nonce: 20_260_615 },
});
/** @typedef {{ method?: string, url?: string, host?: string, body?: string, at?: string, algorithm?: Algorithm }} Sent */
/** @param {Sent} [sent] */
const response = ({
  method = 'POST',
  url = URL_,
  host = new URL(url).host,
  body = BODY,
  at = NOW,
  algorithm = 'ed25519',
} = {}) => {
  const { pathname, search } = new URL(url);
  const exchange = { method, target: pathname + search, host, body };
  const headers = signatureHeaders(exchange, new Date(at).toUTCString(), { account, algorithm, ...by[algorithm] });
  return { request: { method, url, host }, headers, body };
};
/** @param {ReturnType<typeof response>} one @param {Record<string, string | undefined>} headers */
const reheadered = (one, headers) => ({ ...one, headers: { ...one.headers, ...headers } });
const answer = response();
const forged = BODY.replace('VALID', 'VALIX');
for (const algorithm of /** @type {Algorithm[]} */ (Object.keys(by))) {
  const one = response({ algorithm });
  add(`response ${algorithm}`, 'response', one, { nonce: 20_260_615 }, { keyId: by[algorithm].kid, signedAt: NOW });
  add(`response ${algorithm}, body changed`, 'response', { ...one, body: forged }, {}, 'wrong_digest');
  add(
    `response ${algorithm}, body and digest changed`,
    'response',
    reheadered({ ...one, body: forged }, { Digest: bodyDigest(forged) }),
    {},
    'bad_signature',
  );
}
add(
  'response, without a body',
  'response',
  response({ method: 'DELETE', url: 'http://licenses.example.com:8443/v1/machines/m', body: '' }),
  {},
  { signedAt: NOW },
);
add('response, without kid', 'response', reheadered(answer, { 'Bastionary-Key-Id': undefined }), {}, { signedAt: NOW });
add('response, to another nonce', 'response', answer, { nonce: 1 }, 'wrong_nonce');
add(
  'response, to another path',
  'response',
  { ...answer, request: { ...answer.request, url: URL_.replace('validate-key', 'validate') } },
  {},
  'bad_signature',
);
add(
  'response, to another query',
  'response',
  { ...answer, request: { ...answer.request, url: URL_.replace('=license', '=product') } },
  {},
  'bad_signature',
);
add(
  'response, to another method',
  'response',
  { ...answer, request: { ...answer.request, method: 'GET' } },
  {},
  'bad_signature',
);
add(
  'response, host without its port',
  'response',
  { ...answer, request: { ...answer.request, host: 'licenses.example.com' } },
  {},
  'bad_signature',
);
for (const host of ['[2001:db8::1]:8443', 'Licenses.EXAMPLE.com:8443', 'licenses.example.com']) {
  add(`response, host ${host}`, 'response', response({ host }), {}, { signedAt: NOW });
}
add('response, 4 minutes old', 'response', response({ at: after(-4 * MINUTE) }), {}, { signedAt: after(-4 * MINUTE) });
add('response, 6 minutes old', 'response', response({ at: after(-6 * MINUTE) }), {}, 'response_too_old');
add(
  'response, clock 4 minutes behind',
  'response',
  response({ at: after(4 * MINUTE) }),
  {},
  { lastSeen: after(4 * MINUTE) },
);
add('response, clock a day behind', 'response', response({ at: after(DAY) }), {}, 'clock_behind');
add('response, clock turned back by a day', 'response', answer, { last_seen: after(DAY) }, 'clock_turned_back');
add(
  'response, a fresh nonce brings a mark set too high down',
  'response',
  answer,
  { last_seen: after(365 * DAY), nonce: 20_260_615 },
  { lastSeen: NOW },
);
const other = new Date(after(-60 * MINUTE)).toUTCString();
add(
  'response, Date rewritten by a proxy',
  'response',
  reheadered(answer, { Date: new Date(after(1_000)).toUTCString() }),
  {},
  { signedAt: NOW },
);
add(
  'response, old, with a Keygen-Date nobody signed',
  'response',
  reheadered(response({ at: after(-60 * MINUTE) }), { 'Keygen-Date': new Date(NOW).toUTCString() }),
  {},
  'response_too_old',
);
add(
  'response, both dates rewritten',
  'response',
  reheadered(answer, { Date: other, 'Keygen-Date': other }),
  {},
  'bad_signature',
);
add('response, not signed', 'response', reheadered(answer, { 'Keygen-Signature': undefined }), {}, 'malformed');
add(
  'response, unknown algorithm',
  'response',
  reheadered(answer, { 'Keygen-Signature': answer.headers['Keygen-Signature']?.replace('ed25519', 'hmac-sha256') }),
  {},
  'unknown_algorithm',
);
add(
  'response, said to be another algorithm',
  'response',
  reheadered(answer, { 'Keygen-Signature': answer.headers['Keygen-Signature']?.replace('ed25519', 'rsa-sha256') }),
  {},
  'wrong_algorithm',
);
add(
  'response, signing less',
  'response',
  reheadered(answer, { 'Keygen-Signature': answer.headers['Keygen-Signature']?.replace(' date', '') }),
  {},
  'malformed',
);
add(
  'response, of another account',
  'response',
  reheadered(answer, { 'Keygen-Signature': answer.headers['Keygen-Signature']?.replace(account, 'another') }),
  {},
  'wrong_account',
);
add(
  'response, kid of another key',
  'response',
  reheadered(answer, { 'Bastionary-Key-Id': retired.kid }),
  {},
  'bad_signature',
);
