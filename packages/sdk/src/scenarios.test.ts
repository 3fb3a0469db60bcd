import { generateKeyPairSync } from 'node:crypto';
import { fileMeta } from '@bastionary/licensing/rules/formats/file-meta';
import { publishKeySet } from '@bastionary/licensing/rules/formats/key-set';
import { makeLicenseFile } from '@bastionary/licensing/rules/formats/license-file';
import { signatureHeaders } from '@bastionary/licensing/rules/formats/response-signature';
import { makeRevocationList, type Revocation } from '@bastionary/licensing/rules/formats/revocation-list';
import { keyDigest } from '@bastionary/licensing/rules/formats/signed-key';
import { publicJwk } from '@bastionary/licensing/rules/formats/trusted-keys';
import { describe, expect, test } from '@jest/globals';
import {
  verifyKeySet,
  verifyLicenseFile,
  verifyMachineFile,
  verifyResponse,
  verifyRevocationList,
} from './licensing.js';

// An issuer and a program offline, over time. Numbers are those of the licensing scenarios.
const START = Date.parse('2026-06-15T12:00:00Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
const at = (offset: number): Date => new Date(START + offset);
const iso = (offset: number): string => at(offset).toISOString();

const root = generateKeyPairSync('ed25519');
const makeSigner = () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, kid: publicJwk(privateKey).kid };
};
type Signer = ReturnType<typeof makeSigner>;
const first = makeSigner();
const second = makeSigner();

function keys(version: number, states: readonly (readonly [Signer, object])[] = [[first, {}]]) {
  const always = { created_at: iso(-DAY), retired_at: null, compromised_from: null };
  const listed = states.map(([{ privateKey }, more]) => ({
    ...publicJwk(privateKey),
    state: 'active' as const,
    ...always,
    ...more,
  }));
  return publishKeySet({ account: 'account', version, issued_at: iso(-DAY), keys: listed }, root.privateKey);
}
function trusted(document: object, lastVersion: number | null = null) {
  const answer = verifyKeySet(document, { root: publicJwk(root.publicKey), lastVersion });
  if (!answer.ok) throw new Error(answer.detail);
  return answer;
}
const keySet = trusted(keys(1));

const list = (sequence: number, revoked: Revocation[] = [], signer = first, issued = 0) => {
  const times = { issued_at: iso(issued), next_update: iso(issued + 7 * DAY) };
  return makeRevocationList({ account: 'account', sequence, ...times, revoked }, signer);
};
interface Made {
  readonly signer?: Signer;
  readonly issued?: number;
  readonly ttl?: number | null;
  readonly machine?: string | null;
  readonly encrypted?: boolean;
  readonly stale?: 'ALLOW' | 'REFUSE';
}
function file({ signer = first, issued = 0, ttl = 30, machine = null, encrypted = false, stale = 'ALLOW' }: Made = {}) {
  const meta = fileMeta({
    issuedAt: START + issued,
    ttl: ttl === null ? null : ttl * 86_400,
    licenseExpiresAt: START + 365 * DAY,
    graceEndsAt: null,
    staleRevocationList: stale,
    revocations: { sequence: 1, text: list(1, [], signer, issued) },
  });
  const license = { type: 'licenses', id: 'lic', attributes: { key: 'KEY' } };
  const relationships = { license: { data: { type: 'licenses', id: 'lic' } } };
  const data = machine ? { type: 'machines', id: 'mac', attributes: { fingerprint: machine }, relationships } : license;
  const encryption = encrypted ? { secret: `KEY${machine ?? ''}`, iv: Buffer.alloc(12, 7) } : null;
  return makeLicenseFile(
    machine ? 'machine' : 'license',
    { data, meta },
    { algorithm: 'ed25519', ...signer, encryption },
  );
}
const reasonOf = (answer: { ok: boolean; reason?: string }) => (answer.ok ? 'ok' : answer.reason);

test('17: a clock that is turned back is noticed, whatever the order', () => {
  const started = verifyLicenseFile(file(), { keySet, now: at(20 * DAY) });
  expect(started).toMatchObject({ ok: true, lastSeen: iso(20 * DAY) });
  // The trial is over; its owner knows how to set a clock.
  const ended = verifyLicenseFile(file(), { keySet, now: at(31 * DAY), lastSeen: started.lastSeen });
  expect(ended).toMatchObject({ reason: 'expired', lastSeen: iso(31 * DAY) });
  const back = verifyLicenseFile(file(), { keySet, now: at(DAY), lastSeen: ended.lastSeen });
  expect(back).toMatchObject({ reason: 'clock_turned_back', lastSeen: iso(31 * DAY) });
  expect(verifyLicenseFile(file(), { keySet, now: at(-DAY) })).toMatchObject({ reason: 'clock_behind' });
  // What cannot be believed does not move the mark.
  expect(verifyLicenseFile('x', { keySet, now: at(99 * DAY), lastSeen: iso(0) })).toMatchObject({ lastSeen: iso(0) });
});

test('23: a machine file is good on its machine only', () => {
  const here = { keySet, now: at(0), licenseKey: 'KEY', fingerprint: 'here' };
  for (const [encrypted, reason] of [
    [false, 'wrong_fingerprint'],
    [true, 'cannot_decrypt'],
  ] as const) {
    const text = file({ machine: 'here', encrypted });
    expect(reasonOf(verifyMachineFile(text, here))).toBe('ok');
    expect(reasonOf(verifyMachineFile(text, { ...here, fingerprint: 'there' }))).toBe(reason);
  }
});

describe('24: revoked while a file lives offline', () => {
  const entry = { license: 'lic', key_digest: keyDigest('KEY'), reason: 'revoked' as const, at: iso(DAY) };
  const newer = verifyRevocationList(list(2, [entry], first, DAY), { keySet, lastSequence: 1, now: at(DAY) });

  test('it works until its end, or until the newer list is imported', () => {
    const now = at(2 * DAY);
    expect(reasonOf(verifyLicenseFile(file(), { keySet, now }))).toBe('ok');
    const revocationList = newer.ok ? newer : null;
    expect(reasonOf(verifyLicenseFile(file(), { keySet, now, revocationList }))).toBe('revoked');
    expect(reasonOf(verifyLicenseFile(file(), { keySet, now: at(31 * DAY) }))).toBe('expired');
  });

  test('the older list is not taken back', () => {
    const older = verifyRevocationList(list(1), { keySet, lastSequence: newer.ok ? newer.sequence : 0, now: at(DAY) });
    expect(reasonOf(older)).toBe('list_rolled_back');
  });

  test.each([
    ['ALLOW', 'ok'],
    ['REFUSE', 'list_stale'],
  ] as const)('a stale list, policy %s: %s', (stale, expected) => {
    const answer = verifyLicenseFile(file({ stale }), { keySet, now: at(8 * DAY) });
    expect(reasonOf(answer)).toBe(expected);
    if (answer.ok) expect(answer.warnings).toEqual(['STALE_REVOCATION_LIST']);
  });
});

describe('26: signing keys rotate', () => {
  const rotated = keys(2, [
    [second, {}],
    [first, { state: 'retired', retired_at: iso(5 * DAY) }],
  ]);
  const now = at(10 * DAY);

  test('old files verify until they end, new ones with the new key set', () => {
    expect(reasonOf(verifyLicenseFile(file(), { keySet: trusted(rotated), now }))).toBe('ok');
    const fresh = file({ signer: second, issued: 6 * DAY });
    expect(verifyLicenseFile(fresh, { keySet: trusted(rotated), now })).toMatchObject({ ok: true, keyId: second.kid });
    expect(reasonOf(verifyLicenseFile(fresh, { keySet, now }))).toBe('unknown_key');
  });

  test('what a compromised key signed since then is refused', () => {
    const state = { state: 'compromised', compromised_from: iso(3 * DAY) };
    const stolen = trusted(
      keys(3, [
        [second, {}],
        [first, state],
      ]),
    );
    expect(reasonOf(verifyLicenseFile(file({ issued: 3 * DAY - 1 }), { keySet: stolen, now }))).toBe('ok');
    expect(reasonOf(verifyLicenseFile(file({ issued: 3 * DAY }), { keySet: stolen, now }))).toBe('key_compromised');
  });

  test('27: the key set before it is not taken back', () => {
    const options = { root: publicJwk(root.publicKey), lastVersion: trusted(rotated).version };
    expect(reasonOf(verifyKeySet(keys(1), options))).toBe('key_set_rolled_back');
  });
});

describe('responses', () => {
  const url = 'http://127.0.0.1:3999/v1/me?include=license';
  const account = { account: 'account', algorithm: 'ed25519' as const, ...first };
  const body = JSON.stringify({ meta: { nonce: 42 } });
  const exchange = { method: 'GET', target: '/v1/me?include=license', host: '127.0.0.1:3999', body };
  const signed = (offset: number) => signatureHeaders(exchange, at(offset).toUTCString(), account);
  const verify = (headers: Record<string, string>, more: object = {}, sentUrl = url) =>
    reasonOf(
      verifyResponse({ headers, body }, { keySet, now: at(0), request: { method: 'get', url: sentUrl }, ...more }),
    );

  test.each([
    [-6, 'response_too_old'],
    [-4, 'ok'],
    [4, 'ok'],
    [6, 'clock_behind'],
  ])('18: signed %i minutes from now: %s', (minutes, expected) => {
    expect(verify(signed(minutes * MINUTE))).toBe(expected);
  });

  test('36: replayed to another nonce, path or query it is refused', () => {
    expect(verify(signed(0), { nonce: 42 })).toBe('ok');
    expect(verify(signed(0), { nonce: 43 })).toBe('wrong_nonce');
    expect(verify(signed(0), {}, url.replace('/me', '/you'))).toBe('bad_signature');
    expect(verify(signed(0), {}, url.replace('license', 'product'))).toBe('bad_signature');
  });

  test('37: Keygen-Date counts only if it was signed', () => {
    const old = at(-60 * MINUTE).toUTCString();
    expect(verify({ ...signed(0), Date: old })).toBe('ok');
    expect(verify({ ...signed(-60 * MINUTE), 'Keygen-Date': at(0).toUTCString() })).toBe('response_too_old');
    expect(verify({ ...signed(0), Date: old, 'Keygen-Date': old })).toBe('bad_signature');
  });

  test('38: the host is what was sent, port included', () => {
    expect(verify(signed(0), {}, url.replace(':3999', ''))).toBe('bad_signature');
    const shouted = signatureHeaders({ ...exchange, host: 'API.Example.COM:80' }, at(0).toUTCString(), account);
    const request = {
      method: 'GET',
      url: url.replace('127.0.0.1:3999', 'api.example.com'),
      host: 'API.Example.COM:80',
    };
    expect(verify(shouted, { request })).toBe('ok');
    expect(verify(shouted, { request: { ...request, host: undefined } })).toBe('bad_signature');
  });

  test('headers may come as fetch gives them', () => {
    const answer = verifyResponse(
      { headers: new Headers(signed(0)), body: Buffer.from(body) },
      { keySet, now: at(0), request: { method: 'GET', url: new URL(url) } },
    );
    expect(answer).toMatchObject({ ok: true, signedAt: iso(0), keyId: first.kid });
  });
});
