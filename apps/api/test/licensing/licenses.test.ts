import { createHash, createPublicKey } from 'node:crypto';
import { readKeySet } from '@bastionary/licensing/rules/formats/key-set';
import { fileSecret, openLicenseFile } from '@bastionary/licensing/rules/formats/license-file';
import { readRevocationList } from '@bastionary/licensing/rules/formats/revocation-list';
import { readSignedKey } from '@bastionary/licensing/rules/formats/signed-key';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { licensesOf } from './support.js';

let house: House;
let on: ReturnType<typeof licensesOf>;
beforeAll(async () => {
  house = await House.open();
  on = licensesOf(house);
});
afterAll(() => house.close());

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/);
const DAY = 86_400;
const published = async () => (await house.manage('/.well-known/license-keys.json')).body;
const trusted = async () => {
  const set = await published();
  const read = readKeySet(set.signed, createPublicKey({ key: set.root, format: 'jwk' }), null);
  if (!read.ok) throw new Error(read.detail);
  return read;
};

describe('the forms of policies and licences', () => {
  test('a policy: what was said, every default, and what it means', async () => {
    const body = { name: 'Desktop', max_machines: 3, duration: 30 * DAY, scheme: 'ED25519_SIGN' };
    const { status, body: policy } = await house.manage('/api/license-policies', { body });
    expect(status).toBe(201);
    expect(policy).toMatchObject({
      id: expect.stringMatching(/^pol_[0-9a-z]{26}$/),
      ...body,
      floating: true,
      product: 'prd_default',
      plan: null,
      authentication_strategy: 'TOKEN',
      expiration_strategy: 'RESTRICT_ACCESS',
      heartbeat_cull_strategy: 'DEACTIVATE_DEAD',
      max_uses: null,
      summary: expect.stringContaining('3 machines'),
      licenses: 0,
      created_at: INSTANT,
    });
    const got = await house.manage(`/api/license-policies/${policy.id}`);
    expect([got.body, got.headers.get('etag')]).toEqual([policy, '"v1"']);
    const changed = await house.manage(`/api/license-policies/${policy.id}`, {
      method: 'PATCH',
      body: { max_machines: 5 },
      headers: { 'if-match': '"v1"' },
    });
    expect([changed.status, changed.body.max_machines, changed.headers.get('etag')]).toEqual([200, 5, '"v2"']);
    const late = await house.manage(`/api/license-policies/${policy.id}`, {
      method: 'PATCH',
      body: { max_machines: 6 },
      headers: { 'if-match': '"v1"' },
    });
    expect([late.status, late.body.code]).toEqual([412, 'version_mismatch']);
    expect(
      (await house.audit(`license_policy:${policy.id}`)).map(({ action, detail }) => [action, detail.max_machines]),
    ).toEqual([
      ['license_policy.created', undefined],
      ['license_policy.updated', { from: 3, to: 5 }],
    ]);
  });

  test('a licence: its key, its limits, its entitlements; retried with one Idempotency-Key it is one', async () => {
    const customer_id = (await on.made('/api/customers', { name: 'A', email: 'a@b.example', currency: 'EUR' })).id;
    await on.made('/api/features', { key: 'export', name: 'Export', type: 'switch', default: true });
    const policy = await on.policy({ max_machines: 2, floating: true });
    const body = {
      policy,
      customer_id,
      max_machines: 7,
      entitlements: [{ code: 'beta', value: 3 }],
      users: ['Ann@example.com'],
    };
    const headers = { 'idempotency-key': 'one-licence' };
    const first = await house.manage('/api/licenses', { body, headers });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      id: expect.stringMatching(/^lic_[0-9a-z]{26}$/),
      key: expect.stringMatching(/^([0-9A-F]{6}-){5}V3$/),
      name: null,
      policy,
      product: 'prd_default',
      customer_id,
      scheme: null,
      status: 'ACTIVE',
      suspensions: [],
      max_machines: 7,
      max_cores: null,
      max_memory: null,
      max_disk: null,
      max_processes: null,
      max_users: null,
      max_uses: null,
      overrides: ['max_machines'],
      machines: 0,
      uses: 0,
      users: [{ id: expect.any(String), email: 'ann@example.com' }],
      entitlements: [
        { code: 'beta', value: 3, expires_at: null, from: 'license' },
        { code: 'export', value: true, expires_at: null, from: 'customer' },
      ],
      source: null,
      expires_at: null,
      grace_ends_at: null,
      last_validated_at: null,
      last_check_in_at: null,
      last_check_out_at: null,
      next_check_in_by: null,
      revoked_at: null,
      metadata: {},
      created_at: INSTANT,
      updated_at: first.body.created_at,
    });
    const again = await house.manage('/api/licenses', { body, headers });
    expect([again.status, again.body]).toEqual([201, first.body]);
    const { id, key } = first.body;
    expect((await house.manage('/api/licenses/look-up', { body: { key } })).body).toEqual(first.body);
    const listed = await house.manage(`/api/licenses?customer_id=${customer_id}&status=ACTIVE`);
    expect(listed.body).toEqual({ data: [first.body], next_cursor: null });
    expect((await house.manage(`/api/licenses?customer_id=${customer_id}&status=EXPIRED`)).body.data).toEqual([]);
    const [event, ...more] = await on.events(id);
    expect([event.type, event.customer_id, more]).toEqual(['license.created', customer_id, []]);
    // The key is in no log, audit record, event or row in plain.
    const [{ found }] = await house.sql(
      `SELECT (SELECT count(*) FROM license l WHERE l::text LIKE '%' || $1 || '%')
        + (SELECT count(*) FROM outbox_event o WHERE o::text LIKE '%' || $1 || '%')
        + (SELECT count(*) FROM idempotent_answer i WHERE i::text LIKE '%' || $1 || '%')
        + (SELECT count(*) FROM audit_log a WHERE a::text LIKE '%' || $1 || '%') AS found`,
      [key],
    );
    expect([Number(found), house.api.logs().includes(key)]).toEqual([0, false]);
  });

  test.each(['ED25519_SIGN', 'ECDSA_P256_SIGN', 'RSA_2048_PKCS1_PSS_SIGN_V2', 'RSA_2048_PKCS1_SIGN_V2'] as const)(
    'a key of %s verifies by the published key set',
    async (scheme) => {
      const { id, key } = await on.license({ scheme, duration: 30 * DAY });
      expect(readSignedKey(key, (await trusted()).keys, scheme)).toMatchObject({ ok: true, licenseId: id });
    },
  );

  test('what cannot be is refused, says why, and changes nothing', async () => {
    const policy = await on.policy({ max_machines: 1 });
    const before = await house.sql('SELECT (SELECT count(*) FROM license), (SELECT count(*) FROM license_policy)');
    const cases: [string, object, number, string][] = [
      ['/api/license-policies', { name: 'X', floating: false, max_machines: 2 }, 422, '/max_machines'],
      ['/api/license-policies', { name: 'X', duration: 60 }, 422, '/duration'],
      ['/api/license-policies', { name: 'X', product: 'nothing' }, 404, ''],
      ['/api/licenses', { policy: 'pol_nothing' }, 404, ''],
      ['/api/licenses', { policy, customer_id: 'cus_00000000000000000000000000' }, 404, ''],
      ['/api/licenses', { policy, max_machines: 2 }, 422, '/max_machines'],
      ['/api/licenses', { policy, surprise: 1 }, 422, '/surprise'],
    ];
    for (const [path, body, status, at] of cases) {
      const answer = await house.manage(path, { body });
      expect([body, answer.status, answer.body.errors?.[0].path ?? '']).toEqual([body, status, at]);
    }
    expect(await house.sql('SELECT (SELECT count(*) FROM license), (SELECT count(*) FROM license_policy)')).toEqual(
      before,
    );
  });
});

describe('the life of a licence', () => {
  test('suspended, reinstated, revoked: codes, status and events at every step', async () => {
    const { id, key } = await on.license({ max_machines: 2 });
    const code = async () => (await on.act(id, 'validate', { body: {} })).body;
    expect(await code()).toMatchObject({ valid: true, code: 'VALID', seats_free: 2 });
    const suspended = await on.act(id, 'suspend', { body: { reason: 'abuse' } });
    expect([suspended.status, suspended.body.status, suspended.body.suspensions]).toEqual([
      200,
      'SUSPENDED',
      ['operator'],
    ]);
    expect(await code()).toMatchObject({ valid: false, code: 'SUSPENDED' });
    expect((await on.activate(id, 'x')).body).toMatchObject({
      code: 'license_conflict',
      errors: [{ code: 'license_suspended' }],
    });
    expect((await on.act(id, 'suspend')).headers.get('etag')).toBe(suspended.headers.get('etag'));
    expect((await on.act(id, 'reinstate')).body.status).toBe('ACTIVE');
    expect((await on.act(id, 'revoke', { body: { reason: 'stolen' } })).body).toMatchObject({
      status: 'REVOKED',
      revoked_at: INSTANT,
    });
    expect(await code()).toMatchObject({ valid: false, code: 'NOT_FOUND' });
    for (const what of ['renew', 'reissue', 'suspend', 'reinstate']) {
      expect([what, (await on.act(id, what)).body.errors?.[0].code]).toEqual([what, 'license_revoked']);
    }
    expect((await on.events(id)).map(({ type }) => type)).toEqual([
      'license.created',
      'license.suspended',
      'license.reinstated',
      'license.revoked',
    ]);
    const { revoked } = await revocations();
    expect(revoked.at(-1)).toMatchObject({ license: id, key_digest: digest(key), reason: 'revoked' });
  });

  const digest = (key: string) => createHash('sha256').update(key).digest('base64url');
  const revocations = async () => {
    const answer = await house.manage('/.well-known/license-revocations.jws');
    expect(answer.headers.get('content-type')).toContain('application/jose');
    const list = readRevocationList(answer.body, await trusted(), null);
    if (!list.ok) throw new Error(list.detail);
    return list;
  };

  test('reissued: another key for the same licence, the old one is unknown and listed', async () => {
    const { id, key } = await on.license({ scheme: 'ED25519_SIGN' });
    const before = await revocations();
    const { body } = await on.act(id, 'reissue', { headers: { 'idempotency-key': 'leaked' } });
    expect(body.key).not.toBe(key);
    expect((await on.act(id, 'reissue', { headers: { 'idempotency-key': 'leaked' } })).body.key).toBe(body.key);
    expect((await house.manage('/api/licenses/look-up', { body: { key } })).status).toBe(404);
    const after = await revocations();
    expect([after.sequence, after.revoked.at(-1)?.key_digest]).toEqual([before.sequence + 1, digest(key)]);
  });

  test('15: renewed under each basis; one Idempotency-Key extends once; without a duration it is refused', async () => {
    const at = new Date(Date.now() + 10 * DAY * 1_000).toISOString();
    const past = new Date(Date.now() - DAY * 1_000).toISOString();
    for (const [renewal_basis, expires_at, from] of [
      ['FROM_EXPIRY', at, at],
      ['FROM_EXPIRY', past, past],
      ['FROM_NOW', at, 'now'],
      ['FROM_NOW_IF_EXPIRED', at, at],
      ['FROM_NOW_IF_EXPIRED', past, 'now'],
    ] as const) {
      const { id } = await on.license({ renewal_basis, duration: 30 * DAY }, { expires_at });
      const before = Date.now();
      const headers = { 'idempotency-key': `renew-${id}` };
      const [first, second] = await Promise.all([on.act(id, 'renew', { headers }), on.act(id, 'renew', { headers })]);
      expect([first.status, second.body]).toEqual([200, first.body]);
      const base = Date.parse(first.body.expires_at) - 30 * DAY * 1_000;
      if (from === 'now') expect(Math.abs(base - before)).toBeLessThan(15_000);
      else expect(base).toBe(Date.parse(from));
      expect((await on.events(id)).filter(({ type }) => type === 'license.renewed')).toHaveLength(1);
    }
    const { id } = await on.license();
    const refused = await on.act(id, 'renew');
    expect([refused.status, refused.body.code, refused.body.errors[0].code]).toEqual([
      422,
      'license_not_renewable',
      'no_duration',
    ]);
  });

  test('changed and transferred; what stays the same leaves no record', async () => {
    const { id, policy } = await on.license({ max_machines: 2 });
    const url = `/api/licenses/${id}`;
    const changed = await house.manage(url, {
      method: 'PATCH',
      body: { name: 'Renamed', max_machines: 4 },
      headers: { 'if-match': '"v1"' },
    });
    expect([changed.status, changed.body.name, changed.body.max_machines, changed.headers.get('etag')]).toEqual([
      200,
      'Renamed',
      4,
      '"v2"',
    ]);
    expect((await house.manage(url, { method: 'PATCH', body: { name: 'Renamed' } })).headers.get('etag')).toBe('"v2"');
    const other = await on.policy({ max_machines: 9, floating: true });
    expect((await house.manage(url, { method: 'PATCH', body: { policy: other } })).body.policy).toBe(other);
    const signed = await on.policy({ scheme: 'ED25519_SIGN' });
    const refused = await house.manage(url, { method: 'PATCH', body: { policy: signed } });
    expect([refused.status, refused.body.errors[0]]).toMatchObject([422, { path: '/policy' }]);
    expect((await house.audit(`license:${id}`)).map(({ detail }) => detail.changes)).toEqual([
      undefined,
      { name: { from: null, to: 'Renamed' }, limits: { from: {}, to: { max_machines: 4 } } },
      { policy: { from: policy, to: other } },
    ]);
  });
});

describe('keys and files', () => {
  test('a file is signed, holds the revocation list, and lasts no longer than the licence', async () => {
    const expires_at = new Date(Date.now() + 3 * DAY * 1_000).toISOString();
    const { id, key } = await on.license({ max_machines: 2, grace_duration: DAY }, { expires_at });
    const { status, body: file } = await on.act(id, 'check-out', { body: { include: ['entitlements', 'policy'] } });
    expect([status, file.algorithm]).toEqual([200, 'base64+ed25519']);
    const set = await trusted();
    const opened = openLicenseFile('license', file.certificate, set.keys, null);
    expect(opened).toMatchObject({
      ok: true,
      payload: {
        data: { id, type: 'licenses', attributes: { key } },
        meta: { kid: file.kid, expiry: file.expires_at, sequence: expect.any(Number) },
      },
    });
    expect(Date.parse(file.expires_at)).toBe(Date.parse(expires_at) + DAY * 1_000);
    await on.activate(id, 'fp');
    const machine = await house.manage(`/api/licenses/${id}/machines/fp/check-out`, {
      body: { encrypt: true, ttl: 3_600, algorithm: 'rsa-pss-sha256' },
    });
    expect([machine.status, machine.body.ttl, machine.body.algorithm]).toEqual([
      200,
      3_600,
      'aes-256-gcm+rsa-pss-sha256',
    ]);
    expect(openLicenseFile('machine', machine.body.certificate, set.keys, fileSecret(key, 'other'))).toMatchObject({
      ok: false,
    });
    const keys = (await trusted()).keys;
    expect(openLicenseFile('machine', machine.body.certificate, keys, fileSecret(key, 'fp'))).toMatchObject({
      ok: true,
      payload: { data: { type: 'machines' } },
    });
  });

  test('26, 27: another key signs, the set has a further version, and what the old one signed still counts', async () => {
    const { key } = await on.license({ scheme: 'ECDSA_P256_SIGN' });
    const before = await published();
    const rotated = await house.manage('/api/license-keys/rotate', { body: { algorithm: 'ecdsa-p256' } });
    expect([rotated.status, rotated.body.version]).toEqual([200, before.version + 1]);
    expect(await published()).toEqual(rotated.body);
    const states = rotated.body.keys
      .filter((one: { alg: string }) => one.alg === 'ES256')
      .map((one: { state: string }) => one.state);
    expect(states).toEqual(['active', 'retired']);
    expect(readSignedKey(key, (await trusted()).keys)).toMatchObject({ ok: true });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { key: stolen } = await on.license({ scheme: 'ECDSA_P256_SIGN' });
    await on.made('/api/license-keys/rotate', { algorithm: 'ecdsa-p256', compromised_from: since });
    expect(readSignedKey(stolen, (await trusted()).keys)).toMatchObject({ ok: false, reason: 'key_compromised' });
    expect(
      await house.sql(
        'SELECT count(*)::int AS kept FROM license_signing_key WHERE state <> $1 AND private_sealed IS NOT NULL',
        ['active'],
      ),
    ).toEqual([{ kept: 0 }]);
    const root = createPublicKey({ key: before.root, format: 'jwk' });
    expect(readKeySet(before.signed, root, rotated.body.version)).toMatchObject({
      ok: false,
      reason: 'key_set_rolled_back',
    });
  });

  test('tokens of a licence are shown once and withdrawn', async () => {
    const { id } = await on.license();
    const { status, body } = await on.act(id, 'tokens', { body: {} });
    expect([status, body.token.startsWith('lict_')]).toEqual([201, true]);
    const { token: _, ...shown } = body;
    expect((await house.manage(`/api/licenses/${id}/tokens`)).body).toEqual({ data: [shown] });
    expect((await house.manage(`/api/licenses/${id}/tokens/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await house.manage(`/api/licenses/${id}/tokens/${body.id}`, { method: 'DELETE' })).status).toBe(404);
  });
});
