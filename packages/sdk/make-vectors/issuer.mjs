// @ts-check
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publishKeySet } from '@bastionary/licensing/rules/formats/key-set';
import { makeRevocationList } from '@bastionary/licensing/rules/formats/revocation-list';
import { keyDigest } from '@bastionary/licensing/rules/formats/signed-key';
import { publicJwk } from '@bastionary/licensing/rules/formats/trusted-keys';

// Who signs the vectors, when, and the lists that go with them.
/** @typedef {{ kid: string, privateKey: import('node:crypto').KeyObject }} Signer */
/** @typedef {import('@bastionary/licensing/rules/formats/algorithms').SignatureAlgorithm} Algorithm */
export const folder = new URL('../vectors/', import.meta.url);
const { keys: jwks } = JSON.parse(readFileSync(new URL('test-keys.json', folder), 'utf8'));
/** @param {string} name @returns {Signer} */
const signer = (name) => {
  const privateKey = createPrivateKey({ key: jwks[name], format: 'jwk' });
  return { privateKey, kid: publicJwk(privateKey).kid };
};
export const [root, ed, retired, stolen, foreign] = ['root', 'ed25519', 'retired', 'stolen', 'foreign'].map(signer);
/** @type {Record<Algorithm, Signer>} */
export const by = {
  ed25519: ed,
  'ecdsa-p256': signer('ecdsa-p256'),
  'rsa-pss-sha256': signer('rsa-2048'),
  'rsa-sha256': signer('rsa-2048'),
};

export const account = '0197a1de-0000-7000-8000-000000000001';
export const NOW = '2026-06-15T12:00:00.000Z';
export const MINUTE = 60_000;
export const DAY = 86_400_000;
/** @param {number} ms */
export const after = (ms) => new Date(Date.parse(NOW) + ms).toISOString();

/** @param {Signer} one @param {object} [state] */
const published = (one, state = {}) => ({
  ...publicJwk(one.privateKey),
  state: /** @type {const} */ ('active'),
  created_at: '2026-01-01T00:00:00.000Z',
  retired_at: null,
  compromised_from: null,
  ...state,
});
/** @param {number} version @param {Signer} [by_] */
export const keySet = (version, by_ = root) =>
  publishKeySet(
    {
      account,
      version,
      issued_at: after(-10 * DAY + version * 1_000),
      keys: [
        published(ed),
        published(by['ecdsa-p256']),
        published(by['rsa-sha256']),
        published(retired, { state: 'retired', retired_at: '2026-06-01T00:00:00.000Z' }),
        published(stolen, { state: 'compromised', compromised_from: '2026-06-10T00:00:00.000Z' }),
      ],
    },
    by_.privateKey,
  );
export const keySets = { current: keySet(3), older: keySet(2) };

export const LICENSE = 'lic_01jxr0000000000000000000v1';
export const REVOKED = 'lic_01jxr0000000000000000000v2';
export const REISSUED = 'lic_01jxr0000000000000000000v3';
export const KEY = '9F1C2A-77D0E4-51BB3C-A0E6D2-4C8891-V3';
export const OLD_KEY = '0A1B2C-3D4E5F-60718A-9BACBD-CEDFE0-V3';
export const FINGERPRINT = '4d:Eq:UV:D3:XG:tL:WN:Bz:mA:Eu:E6:Fk';

/** @param {number} sequence @param {object} [more] @param {Signer} [by_] */
export const list = (sequence, more = {}, by_ = ed) =>
  makeRevocationList(
    {
      account,
      sequence,
      issued_at: after(-DAY + sequence * 1_000),
      next_update: after(6 * DAY),
      revoked: [
        { license: REVOKED, key_digest: keyDigest('revoked'), reason: 'revoked', at: after(-2 * DAY) },
        { license: REISSUED, key_digest: keyDigest(OLD_KEY), reason: 'reissued', at: after(-2 * DAY) },
      ],
      ...more,
    },
    by_,
  );
export const revocationLists = {
  current: list(42),
  older: list(41, { revoked: [] }),
  stale: list(40, { revoked: [], issued_at: after(-9 * DAY), next_update: after(-2 * DAY) }),
};
