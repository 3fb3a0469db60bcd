// @ts-check
import { add } from './cases.mjs';
import {
  account,
  after,
  foreign,
  keySet,
  keySets,
  LICENSE,
  list,
  MINUTE,
  REVOKED,
  revocationLists,
  root,
  stolen,
} from './issuer.mjs';

/** @param {string} jws @param {(header: Record<string, string>) => object} change */
const reheaded = (jws, change) => {
  const [header = '', ...rest] = jws.split('.');
  const changed = change(JSON.parse(Buffer.from(header, 'base64url').toString()));
  return [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.');
};
/** The payload made to say something else. @param {string} jws @param {string} from @param {string} to */
const resaid = (jws, from, to) => {
  const [header, payload = '', signature] = jws.split('.');
  const said = Buffer.from(payload, 'base64url').toString().replace(from, to);
  return [header, Buffer.from(said).toString('base64url'), signature].join('.');
};
const { signed } = keySets.current;
add('key set', 'key-set', JSON.stringify(keySets.current), {}, { account, version: 3 });
add('key set, as a compact JWS', 'key-set', signed, { last_version: 3 }, { account, version: 3 });
add(
  'key set, what is not signed in it changed',
  'key-set',
  JSON.stringify({ ...keySets.current, keys: [], version: 9 }),
  {},
  { version: 3 },
);
add('key set, rolled back', 'key-set', JSON.stringify(keySets.older), { last_version: 3 }, 'key_set_rolled_back');
add('key set, of another root', 'key-set', JSON.stringify(keySet(4, foreign)), {}, 'wrong_root');
add(
  'key set, of another root in the name of the true one',
  'key-set',
  reheaded(keySet(4, foreign).signed, (header) => ({ ...header, kid: root.kid })),
  {},
  'bad_signature',
);
add('key set, changed', 'key-set', resaid(signed, '"version":3', '"version":9'), {}, 'bad_signature');
add(
  'key set, not signed',
  'key-set',
  `${reheaded(signed, (header) => ({ ...header, alg: 'none' }))
    .split('.')
    .slice(0, 2)
    .join('.')}.`,
  {},
  'unknown_algorithm',
);
add('key set, of another account', 'key-set', signed, { account: 'another' }, 'wrong_account');
add('key set, a revocation list', 'key-set', revocationLists.current, {}, 'wrong_type');
add(
  'revocation list',
  'revocation-list',
  revocationLists.current,
  { last_sequence: 42 },
  { sequence: 42, stale: false },
);
add('revocation list, older', 'revocation-list', revocationLists.older, { last_sequence: 42 }, 'list_rolled_back');
add('revocation list, stale', 'revocation-list', revocationLists.stale, {}, { sequence: 40, stale: true });
add(
  'revocation list, changed',
  'revocation-list',
  resaid(revocationLists.current, REVOKED, LICENSE),
  {},
  'bad_signature',
);
add(
  'revocation list, another algorithm',
  'revocation-list',
  reheaded(revocationLists.current, (header) => ({ ...header, alg: 'HS256' })),
  {},
  'unknown_algorithm',
);
add(
  'revocation list, a header more',
  'revocation-list',
  reheaded(revocationLists.current, (header) => ({ ...header, crit: 'x' })),
  {},
  'malformed',
);
add('revocation list, signed by a stranger', 'revocation-list', list(43, {}, foreign), {}, 'unknown_key');
add('revocation list, of another account', 'revocation-list', list(43, { account: 'another' }), {}, 'wrong_account');
add('revocation list, of a stolen key', 'revocation-list', list(43, {}, stolen), {}, 'key_compromised');
add(
  'revocation list, clock 6 minutes behind',
  'revocation-list',
  list(43, { issued_at: after(6 * MINUTE) }),
  {},
  'clock_behind',
);
add('revocation list, a key set', 'revocation-list', signed, {}, 'wrong_type');
