import { generateKeyPairSync } from 'node:crypto';
import { licenseKeySet, revocationList } from '@bastionary/contracts/license-keys';
import { describe, expect, test } from '@jest/globals';
import { jsonObjectFrom } from './base64.js';
import { type FileTerms, fileMeta, fileTimes } from './file-meta.js';
import { publishKeySet, readKeySet } from './key-set.js';
import { highWaterMark, instantOf, refuseByClock } from './machine-clock.js';
import { makeRevocationList, readRevocationList } from './revocation-list.js';
import { publicJwk } from './trusted-keys.js';

const root = generateKeyPairSync('ed25519');
const signer = generateKeyPairSync('ed25519');
const { kid } = publicJwk(signer.publicKey);
const set = {
  account: 'account',
  version: 7,
  issued_at: '2026-06-01T00:00:00.000Z',
  keys: [
    {
      ...publicJwk(signer.publicKey),
      state: 'active' as const,
      created_at: '2026-06-01T00:00:00.000Z',
      retired_at: null,
      compromised_from: null,
    },
  ],
};
const list = {
  account: 'account',
  sequence: 3,
  issued_at: '2026-06-01T00:00:00.000Z',
  next_update: '2026-06-08T00:00:00.000Z',
  revoked: [{ license: 'lic', key_digest: 'abc', reason: 'revoked' as const, at: '2026-06-01T00:00:00.000Z' }],
};
const payloadOf = (jws: string) => jsonObjectFrom(Buffer.from(jws.split('.')[1] ?? '', 'base64url'));

describe('key set', () => {
  const published = publishKeySet(set, root.privateKey);

  test('is what crosses the wire, and signed as it stands there', () => {
    expect(licenseKeySet.parse(published)).toEqual(published);
    expect(payloadOf(published.signed)).toEqual(set);
    expect(published.root).toEqual(publicJwk(root.publicKey));
  });

  test.each([
    [null, 'read'],
    [6, 'read'],
    [7, 'read'],
    [8, 'key_set_rolled_back'],
  ])('27: after version %p version 7 is %s', (lastVersion, expected) => {
    const read = readKeySet(published.signed, root.publicKey, lastVersion);
    expect(read.ok ? 'read' : read.reason).toBe(expected);
  });

  test('is read by its root only', () => {
    expect(readKeySet(published.signed, signer.publicKey, null)).toMatchObject({ reason: 'wrong_root' });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(readKeySet(published.signed, rsa.publicKey, null)).toMatchObject({ reason: 'wrong_root' });
    expect(() => publishKeySet(set, rsa.privateKey)).toThrow(TypeError);
  });
});

test('a revocation list is what crosses the wire', () => {
  const text = makeRevocationList(list, { kid, privateKey: signer.privateKey });
  expect(revocationList.parse(payloadOf(text))).toEqual(list);
  const keys = readKeySet(publishKeySet(set, root.privateKey).signed, root.publicKey, null);
  expect(keys.ok && readRevocationList(text, keys, 3)).toMatchObject({ sequence: 3, revoked: list.revoked });
});

describe('times of a file', () => {
  const issuedAt = Date.parse('2026-03-28T12:00:00.250Z');
  const day = 86_400_000;
  const terms: FileTerms = {
    issuedAt,
    ttl: 31_536_000,
    licenseExpiresAt: null,
    graceEndsAt: null,
    staleRevocationList: 'ALLOW',
    revocations: { sequence: 3, text: 'jws' },
  };

  test.each([
    ['a ttl is exactly so many seconds', {}, '2027-03-28T12:00:00.250Z', 31_536_000],
    ['20: the licence ends first', { licenseExpiresAt: issuedAt + day }, '2026-03-29T12:00:00.250Z', 86_400],
    ['the licence ends later', { licenseExpiresAt: issuedAt + 400 * day }, '2027-03-28T12:00:00.250Z', 31_536_000],
    [
      'grace counts',
      { licenseExpiresAt: issuedAt - day, graceEndsAt: issuedAt + day },
      '2026-03-29T12:00:00.250Z',
      86_400,
    ],
    ['as long as the licence', { ttl: null, licenseExpiresAt: issuedAt + 1_500 }, '2026-03-28T12:00:01.750Z', 2],
    ['neither ends', { ttl: null }, null, null],
    ['expired already', { licenseExpiresAt: issuedAt - day }, '2026-03-27T12:00:00.250Z', 1],
  ])('%s', (_, changes, expiry, ttl) => {
    const meta = fileMeta({ ...terms, ...changes });
    expect(meta).toMatchObject({ issued: '2026-03-28T12:00:00.250Z', expiry, ttl });
    expect(fileTimes(meta, 'whatever')?.expiresAt ?? null).toBe(instantOf(expiry));
  });

  test('20: of a file of other issuers the earlier end counts', () => {
    const meta = { issued: '2026-01-01T00:00:00.000Z', expiry: '2027-01-01T00:00:00.000Z', ttl: 31_536_000 };
    expect(fileTimes(meta, '2026-02-01T00:00:00.000Z')?.expiresAt).toBe(Date.parse('2026-02-01T00:00:00.000Z'));
    expect(fileTimes(meta, null)?.expiresAt).toBe(Date.parse('2027-01-01T00:00:00.000Z'));
  });

  test('a time that cannot be read is not taken for none', () => {
    for (const expiry of ['soon', '', 0, '2026-13-01T00:00:00Z', {}]) {
      expect(fileTimes({ issued: '2026-01-01T00:00:00Z', expiry }, null)).toBeNull();
    }
    for (const meta of [null, [], {}, { issued: 1 }]) expect(fileTimes(meta, null)).toBeNull();
  });
});

describe('17, 18: clock', () => {
  const now = Date.parse('2026-06-15T12:00:00Z');
  const minute = 60_000;
  test.each([
    ['right', null, [now], null],
    ['4 minutes behind', null, [now + 4 * minute], null],
    ['5 minutes behind', null, [now + 5 * minute], null],
    ['6 minutes behind', null, [now + 6 * minute], 'clock_behind'],
    ['turned back by 5 minutes', now + 5 * minute, [], null],
    ['turned back by a millisecond more', now + 5 * minute + 1, [], 'clock_turned_back'],
    ['years ahead', now - 9e10, [now - 9e10], null],
  ])('%s', (_, lastSeen, signedAt, reason) => {
    const facts = { now, lastSeen, signedAt };
    expect(refuseByClock(facts)?.reason ?? null).toBe(reason);
    expect(highWaterMark(facts)).toBe(Math.max(now, lastSeen ?? 0, ...signedAt));
  });
});
