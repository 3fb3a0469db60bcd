// @ts-check
import { add, changed } from './cases.mjs';
import {
  after,
  by,
  DAY,
  ed,
  FINGERPRINT,
  foreign,
  KEY,
  LICENSE,
  list,
  MINUTE,
  NOW,
  OLD_KEY,
  REISSUED,
  REVOKED,
  retired,
  revocationLists,
  stolen,
} from './issuer.mjs';
import { file } from './make-file.mjs';

/** @param {string} text @param {(body: Record<string, string>) => object} change */
const rewritten = (text, change) => {
  const [first = '', ...lines] = text.trim().split('\n');
  const last = lines.pop() ?? '';
  const body = JSON.parse(Buffer.from(lines.join(''), 'base64').toString());
  const encoded = Buffer.from(JSON.stringify(change(body))).toString('base64');
  return [first, ...(encoded.match(/.{1,60}/g) ?? []), last, ''].join('\n');
};
const good = {
  licenseId: LICENSE,
  entitlements: { export: true, seats: 25, plain: true },
  expiresAt: after(29 * DAY),
  warnings: [],
};
for (const kind of /** @type {const} */ (['license', 'machine'])) {
  const verify = `${kind}-file`;
  const here = kind === 'machine' ? { fingerprint: FINGERPRINT } : {};
  for (const algorithm of /** @type {Algorithm[]} */ (Object.keys(by))) {
    for (const encrypted of [false, true]) {
      const text = file({ kind, algorithm, encrypted });
      const alg = `${encrypted ? 'aes-256-gcm' : 'base64'}+${algorithm}`;
      const opens = { ...here, ...(encrypted ? { license_key: KEY } : {}) };
      add(`${kind} file ${alg}`, verify, text, opens, { ...good, keyId: by[algorithm].kid });
      add(
        `${kind} file ${alg}, enc changed`,
        verify,
        rewritten(text, (body) => ({ ...body, enc: changed(body.enc ?? '', 77) })),
        opens,
        'bad_signature',
      );
      add(
        `${kind} file ${alg}, sig changed`,
        verify,
        rewritten(text, (body) => ({ ...body, sig: changed(body.sig ?? '', 20) })),
        opens,
        'bad_signature',
      );
      const encoding = encrypted ? 'base64' : 'aes-256-gcm';
      add(
        `${kind} file ${alg}, said to be ${encoding}`,
        verify,
        rewritten(text, (body) => ({ ...body, alg: `${encoding}+${algorithm}` })),
        { ...opens, license_key: KEY },
        encrypted ? 'malformed' : 'cannot_decrypt',
      );
      const other = algorithm === 'ed25519' ? 'rsa-sha256' : 'ed25519';
      add(
        `${kind} file ${alg}, said to be ${other}`,
        verify,
        rewritten(text, (body) => ({ ...body, alg: body.alg?.replace(algorithm, other) ?? '' })),
        opens,
        'wrong_algorithm',
      );
    }
  }
  const text = file({ kind });
  const hidden = file({ kind, encrypted: true });
  add(`${kind} file, with the line ends of Windows`, verify, text.replaceAll('\n', '\r\n'), here, good);
  add(
    `${kind} file, unknown algorithm`,
    verify,
    rewritten(text, (body) => ({ ...body, alg: 'base64+none' })),
    here,
    'unknown_algorithm',
  );
  add(`${kind} file, cut by a line`, verify, text.split('\n').toSpliced(3, 1).join('\n'), here, 'bad_signature');
  add(`${kind} file, without its end`, verify, text.slice(0, -20), here, 'malformed');
  const swapped =
    kind === 'license'
      ? text.replaceAll('LICENSE FILE', 'MACHINE FILE')
      : text.replaceAll('MACHINE FILE', 'LICENSE FILE');
  add(`${kind} file, under the other title`, verify, swapped, here, 'wrong_type');
  const relabelled = file({ kind: kind === 'license' ? 'machine' : 'license' });
  add(
    `${kind} file, the other kind under this title`,
    verify,
    kind === 'license' ? relabelled.replaceAll('MACHINE', 'LICENSE') : relabelled.replaceAll('LICENSE', 'MACHINE'),
    here,
    'bad_signature',
  );
  add(
    `${kind} file, kid of another key`,
    verify,
    rewritten(text, (body) => ({ ...body, kid: retired.kid })),
    here,
    'bad_signature',
  );
  add(
    `${kind} file, kid nobody knows`,
    verify,
    rewritten(text, (body) => ({ ...body, kid: foreign.kid })),
    here,
    'unknown_key',
  );
  add(
    `${kind} file, kid taken off`,
    verify,
    rewritten(text, ({ kid, ...body }) => body),
    here,
    'bad_signature',
  );
  add(
    `${kind} file, with a member no file has`,
    verify,
    rewritten(text, (body) => ({ ...body, jwk: 'x' })),
    here,
    'malformed',
  );
  add(
    `${kind} file, signed by a stranger`,
    verify,
    file({ kind, signer: { ...foreign, kid: ed.kid } }),
    here,
    'bad_signature',
  );
  add(`${kind} file, encrypted, without the key`, verify, hidden, here, 'secret_missing');
  add(`${kind} file, encrypted for another key`, verify, hidden, { ...here, license_key: OLD_KEY }, 'cannot_decrypt');
  add(`${kind} file, of another key`, verify, text, { ...here, license_key: OLD_KEY }, 'wrong_license');
  add(`${kind} file, at its last instant`, verify, text, { ...here, now: after(29 * DAY) }, { licenseId: LICENSE });
  add(`${kind} file, expired`, verify, text, { ...here, now: after(29 * DAY + 1) }, 'expired');
  const long = { ttl: 365 * 86_400, licenseExpiresAt: Date.parse(after(DAY)) };
  add(`${kind} file, never outlives its licence`, verify, file({ kind, terms: long }), here, { expiresAt: after(DAY) });
  add(
    `${kind} file, made to outlive its licence`,
    verify,
    file({ kind, terms: long, meta: { expiry: after(300 * DAY) } }),
    { ...here, now: after(2 * DAY) },
    'expired',
  );
  const grace = { ttl: null, licenseExpiresAt: Date.parse(NOW), graceEndsAt: Date.parse(after(7 * DAY)) };
  const graced = file({ kind, terms: grace });
  add(
    `${kind} file, on day 6 of 7 of grace`,
    verify,
    graced,
    { ...here, now: after(6 * DAY) },
    { warnings: ['GRACE'], graceEndsAt: after(7 * DAY), expiresAt: after(7 * DAY) },
  );
  add(`${kind} file, on day 8 of 7 of grace`, verify, graced, { ...here, now: after(8 * DAY) }, 'expired');
  const endless = { ttl: null, licenseExpiresAt: null };
  add(
    `${kind} file, without an end`,
    verify,
    file({ kind, terms: endless }),
    { ...here, now: '2199-01-01T00:00:00.000Z' },
    { expiresAt: null },
  );
  const future = (/** @type {number} */ ms) => file({ kind, terms: { issuedAt: Date.parse(after(ms)) } });
  add(`${kind} file, clock 4 minutes behind`, verify, future(4 * MINUTE), here, {
    licenseId: LICENSE,
    lastSeen: after(4 * MINUTE),
  });
  add(`${kind} file, clock 6 minutes behind`, verify, future(6 * MINUTE), here, 'clock_behind');
  add(
    `${kind} file, clock turned back to before it was issued`,
    verify,
    text,
    { ...here, now: after(-2 * DAY) },
    'clock_behind',
  );
  add(
    `${kind} file, clock turned back by 4 minutes`,
    verify,
    text,
    { ...here, last_seen: after(4 * MINUTE) },
    { lastSeen: after(4 * MINUTE) },
  );
  add(
    `${kind} file, clock turned back by 6 minutes`,
    verify,
    text,
    { ...here, last_seen: after(6 * MINUTE) },
    'clock_turned_back',
  );
  const revoked = file({ kind, id: REVOKED });
  add(`${kind} file, revoked, before a list that says so`, verify, revoked, here, { licenseId: REVOKED });
  add(
    `${kind} file, revoked, with the newer list`,
    verify,
    revoked,
    { ...here, revocation_list: 'current' },
    'revoked',
  );
  const told = { revocations: { sequence: 42, text: revocationLists.current } };
  add(
    `${kind} file, revoked, with the newer list in it`,
    verify,
    file({ kind, id: REVOKED, terms: told }),
    { ...here, revocation_list: 'older' },
    'revoked',
  );
  add(
    `${kind} file, of a key that was replaced`,
    verify,
    file({ kind, id: REISSUED, key: OLD_KEY }),
    { ...here, revocation_list: 'current' },
    'revoked',
  );
  add(
    `${kind} file, of the key that replaced it`,
    verify,
    file({ kind, id: REISSUED }),
    { ...here, revocation_list: 'current' },
    { licenseId: REISSUED },
  );
  const outdated = { revocations: { sequence: 40, text: revocationLists.stale } };
  add(`${kind} file, stale list, allowed`, verify, file({ kind, terms: outdated }), here, {
    warnings: ['STALE_REVOCATION_LIST'],
  });
  const refusing = file({ kind, terms: { ...outdated, staleRevocationList: 'REFUSE' } });
  add(`${kind} file, stale list, refused`, verify, refusing, here, 'list_stale');
  add(
    `${kind} file, stale list, a fresh one given`,
    verify,
    refusing,
    { ...here, revocation_list: 'current' },
    { warnings: [] },
  );
  add(
    `${kind} file, no list that can be verified, refused`,
    verify,
    file({
      kind,
      terms: { staleRevocationList: 'REFUSE', revocations: { sequence: 43, text: list(43, {}, foreign) } },
    }),
    here,
    'list_missing',
  );
  const may = { terms: { issuedAt: Date.parse('2026-05-20T00:00:00.000Z'), ttl: 60 * 86_400 } };
  add(`${kind} file, of a retired key in its time`, verify, file({ kind, signer: retired, ...may }), here, {
    keyId: retired.kid,
  });
  add(`${kind} file, of a retired key afterwards`, verify, file({ kind, signer: retired }), here, 'key_retired');
  add(`${kind} file, of a stolen key before the theft`, verify, file({ kind, signer: stolen, ...may }), here, {
    keyId: stolen.kid,
  });
  add(`${kind} file, of a stolen key since the theft`, verify, file({ kind, signer: stolen }), here, 'key_compromised');
}
const forMachine = file({ kind: 'machine' });
add('machine file, on another machine', 'machine-file', forMachine, { fingerprint: 'another' }, 'wrong_fingerprint');
add(
  'machine file, encrypted, on another machine',
  'machine-file',
  file({ kind: 'machine', encrypted: true }),
  { fingerprint: 'another', license_key: KEY },
  'cannot_decrypt',
);
add('machine file, no fingerprint', 'machine-file', forMachine, {}, 'fingerprint_missing');
