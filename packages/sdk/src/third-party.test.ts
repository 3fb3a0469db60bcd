import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publishKeySet } from '@bastionary/licensing/rules/formats/key-set';
import type { PublishedKey } from '@bastionary/licensing/rules/formats/trusted-keys';
import { describe, expect, test } from '@jest/globals';
import { verifyKeySet, verifyLicenseFile, verifyLicenseKey, verifyMachineFile, verifyResponse } from './licensing.js';

// A vendor who comes from elsewhere puts the old issuer's public key into a key set of its own.
const published = JSON.parse(readFileSync(new URL('../vectors/third-party.json', import.meta.url), 'utf8'));
const x = Buffer.from(published.public_key_hex, 'hex').toString('base64url');
const times = { created_at: '2020-01-01T00:00:00Z', retired_at: null, compromised_from: null };
const key: PublishedKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  x,
  kid: 'theirs',
  alg: 'EdDSA',
  use: 'sig',
  state: 'active',
  ...times,
};
const root = generateKeyPairSync('ed25519');
const set = { account: published.account, version: 1, issued_at: '2020-01-01T00:00:00Z', keys: [key] };
const found = verifyKeySet(publishKeySet(set, root.privateKey), {
  root: { ...root.publicKey.export({ format: 'jwk' }) },
});
if (!found.ok) throw new Error(found.detail);
const keySet = found;

interface Example {
  readonly name: string;
  readonly verify: 'key' | 'license-file' | 'machine-file' | 'response';
  readonly at: string;
  readonly text: string;
  readonly license_id?: string;
  readonly license_key?: string;
  readonly fingerprint?: string;
  readonly request?: { readonly method: string; readonly url: string };
  readonly headers?: Readonly<Record<string, string>>;
}
const examples: Example[] = published.examples;

function verify(
  { at, verify: what, license_key: licenseKey, fingerprint = '', request, headers }: Example,
  text: string,
) {
  const options = { keySet, now: new Date(at), licenseKey, fingerprint };
  if (what === 'key') return verifyLicenseKey(text, options);
  if (what === 'license-file') return verifyLicenseFile(text, options);
  if (what === 'machine-file') return verifyMachineFile(text, options);
  return verifyResponse(
    { headers: headers ?? {}, body: text },
    { ...options, request: request ?? { method: '', url: '' } },
  );
}

describe('examples of others', () => {
  test.each(examples)('$name verifies', (example) => {
    const answer = verify(example, example.text);
    expect(answer).toMatchObject({ ok: true, keyId: 'theirs' });
    if (example.license_id) expect(answer).toMatchObject({ licenseId: example.license_id });
  });

  test.each(examples)('$name does not with one byte flipped', (example) => {
    for (let at = 40; at < example.text.length - 40; at += 97) {
      if (example.text[at] === '\n') continue;
      const flipped = String.fromCharCode(example.text.charCodeAt(at) ^ 1);
      const text = example.text.slice(0, at) + flipped + example.text.slice(at + 1);
      expect([at, verify(example, text).ok]).toEqual([at, false]);
    }
  });
});
