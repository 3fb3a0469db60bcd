// @ts-check
import { toPaddedBase64url } from '@bastionary/licensing/rules/formats/base64';
import { ALGORITHM_OF_SCHEME, makeSignedKey } from '@bastionary/licensing/rules/formats/signed-key';
import { add, changed } from './cases.mjs';
import { account, after, by, DAY, ed, foreign, KEY, LICENSE, MINUTE, REVOKED, retired, stolen } from './issuer.mjs';

const dataset = {
  account: { id: account },
  product: { id: 'prod_01jxr00000000000000000000a' },
  policy: { id: 'pol_01jxr000000000000000000000', duration: 31_536_000 },
  user: null,
  license: { id: LICENSE, created: '2026-05-01T00:00:00.000Z', expiry: '2027-05-01T00:00:00.000Z' },
  issued: '2026-05-01T00:00:00.000Z',
};
/** @typedef {keyof typeof ALGORITHM_OF_SCHEME} Scheme */
const schemes = /** @type {[Scheme, Algorithm][]} */ (Object.entries(ALGORITHM_OF_SCHEME));
/** @param {object} [more] @param {Scheme} [scheme] @param {Signer} [by_] */
const signedKey = (more = {}, scheme = 'ED25519_SIGN', by_ = by[ALGORITHM_OF_SCHEME[scheme]]) =>
  makeSignedKey({ ...dataset, ...more }, { scheme, ...by_ });
/** A year of the dataset made another. @param {string} text */
const prolonged = (text) => {
  const [encoded = '', signature] = text.slice('key/'.length).split('.');
  const forged = Buffer.from(encoded, 'base64url').toString().replace('2027', '2037');
  return `key/${toPaddedBase64url(Buffer.from(forged))}.${signature}`;
};
const licensed = { licenseId: LICENSE, expiresAt: dataset.license.expiry };
for (const [scheme, algorithm] of schemes) {
  const key = signedKey({}, scheme);
  add(`key ${scheme}`, 'key', key, {}, { ...licensed, keyId: by[algorithm].kid });
  add(`key ${scheme}, said to be so`, 'key', key, { scheme }, licensed);
  add(`key ${scheme}, dataset changed`, 'key', prolonged(key), {}, 'bad_signature');
  add(`key ${scheme}, signature changed`, 'key', changed(key, key.lastIndexOf('.') + 20), {}, 'bad_signature');
  add(`key ${scheme}, cut by one`, 'key', key.slice(0, -1), {}, 'malformed');
}
const key = signedKey();
/** @param {number} by_ */
const issued = (by_) => ({ issued: after(by_) });
add('key, pasted with spaces around', 'key', ` ${key}\n`, {}, licensed);
add('key, another prefix', 'key', `kex${key.slice(3)}`, {}, 'malformed');
add('key, said to be of another scheme', 'key', key, { scheme: 'ECDSA_P256_SIGN' }, 'wrong_algorithm');
add(
  'key, RSA-PSS said to be PKCS 1',
  'key',
  signedKey({}, 'RSA_2048_PKCS1_PSS_SIGN_V2'),
  { scheme: 'RSA_2048_PKCS1_SIGN_V2' },
  'bad_signature',
);
add('key, signed with a key nobody knows', 'key', signedKey({}, 'ED25519_SIGN', foreign), {}, 'unknown_key');
add(
  'key, signed with a key nobody knows in the name of another',
  'key',
  signedKey({}, 'ED25519_SIGN', { ...foreign, kid: ed.kid }),
  {},
  'bad_signature',
);
add(
  'key, names a key of another kind',
  'key',
  signedKey({}, 'ED25519_SIGN', { ...ed, kid: by['ecdsa-p256'].kid }),
  {},
  'bad_signature',
);
add('key, at its last instant', 'key', key, { now: dataset.license.expiry }, licensed);
add('key, expired', 'key', key, { now: '2027-05-01T00:00:00.001Z' }, 'expired');
add(
  'key, of a licence that does not expire',
  'key',
  signedKey({ license: { ...dataset.license, expiry: null } }),
  {},
  { expiresAt: null },
);
add('key, of a retired key in its time', 'key', signedKey({}, 'ED25519_SIGN', retired), {}, licensed);
add('key, of a retired key afterwards', 'key', signedKey(issued(-DAY), 'ED25519_SIGN', retired), {}, 'key_retired');
add('key, of a stolen key before the theft', 'key', signedKey({}, 'ED25519_SIGN', stolen), {}, licensed);
add(
  'key, of a stolen key since the theft',
  'key',
  signedKey({ issued: '2026-06-10T00:00:00.000Z' }, 'ED25519_SIGN', stolen),
  {},
  'key_compromised',
);
add(
  'key, of a revoked licence',
  'key',
  signedKey({ license: { ...dataset.license, id: REVOKED } }),
  { revocation_list: 'current' },
  'revoked',
);
add(
  'key, of a revoked licence, unknown to the older list',
  'key',
  signedKey({ license: { ...dataset.license, id: REVOKED } }),
  { revocation_list: 'older' },
  { licenseId: REVOKED },
);
add('key, clock 5 minutes behind', 'key', signedKey(issued(5 * MINUTE)), {}, licensed);
add('key, clock more than 5 minutes behind', 'key', signedKey(issued(5 * MINUTE + 1)), {}, 'clock_behind');
add(
  'key, clock turned back by 4 minutes',
  'key',
  key,
  { last_seen: after(4 * MINUTE) },
  { ...licensed, lastSeen: after(4 * MINUTE) },
);
add('key, clock turned back by a day', 'key', key, { last_seen: after(DAY) }, 'clock_turned_back');
add('key, not one', 'key', KEY, {}, 'malformed');
