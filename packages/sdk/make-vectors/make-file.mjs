// @ts-check
import { fileMeta } from '@bastionary/licensing/rules/formats/file-meta';
import { makeLicenseFile } from '@bastionary/licensing/rules/formats/license-file';
import { after, by, DAY, FINGERPRINT, KEY, LICENSE, revocationLists } from './issuer.mjs';

const entitlements = [
  { id: 'ent_1', type: 'entitlements', attributes: { code: 'export', metadata: { value: true, expiry: null } } },
  { id: 'ent_2', type: 'entitlements', attributes: { code: 'seats', metadata: { value: 25, expiry: null } } },
  { id: 'ent_4', type: 'entitlements', attributes: { code: 'plain', metadata: {} } },
  { id: 'ent_3', type: 'entitlements', attributes: { code: 'beta', metadata: { value: true, expiry: after(-DAY) } } },
];
/** @param {string} id @param {string} licenseKey */
const license = (id, licenseKey) => ({
  id,
  type: 'licenses',
  attributes: { name: 'Vector', key: licenseKey, expiry: '2026-12-31T00:00:00.000Z' },
});
/** @param {string} id */
const machine = (id) => ({
  id: 'mac_01jxr00000000000000000000m',
  type: 'machines',
  attributes: { fingerprint: FINGERPRINT, name: 'Vector' },
  relationships: { license: { data: { type: 'licenses', id } } },
});
/** @typedef {{ kind?: 'license' | 'machine', algorithm?: Algorithm, encrypted?: boolean, signer?: Signer, id?: string, key?: string, terms?: object, meta?: object }} FileOptions */
let files = 0;
/** @param {FileOptions} [options] */
export const file = ({
  kind = 'license',
  algorithm = 'ed25519',
  encrypted = false,
  signer: by_ = by[algorithm],
  id = LICENSE,
  key: licenseKey = KEY,
  terms = {},
  meta = {},
} = {}) => {
  const secret = kind === 'machine' ? licenseKey + FINGERPRINT : licenseKey;
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(++files);
  const said = fileMeta({
    issuedAt: Date.parse(after(-DAY)),
    ttl: 30 * 86_400,
    licenseExpiresAt: Date.parse('2026-12-31T00:00:00.000Z'),
    graceEndsAt: null,
    staleRevocationList: 'ALLOW',
    revocations: { sequence: 41, text: revocationLists.older },
    ...terms,
  });
  const [data, included] =
    kind === 'machine'
      ? [machine(id), [license(id, licenseKey), ...entitlements]]
      : [license(id, licenseKey), entitlements];
  return makeLicenseFile(
    kind,
    { data, included, meta: { ...said, ...meta } },
    { algorithm, ...by_, encryption: encrypted ? { secret, iv } : null },
  );
};
