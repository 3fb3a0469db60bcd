import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { House, type MadeClient } from '../support.js';
import { expectNotStored, expectOAuthError } from './answers.js';

let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open();
  client = await house.client();
});
afterAll(() => house.close());

const revoke = (token: string, by = client, more: Record<string, string> = {}) =>
  house.form('revoke', { token, ...more }, by);
const revocations = async () => (await house.sql('SELECT jti FROM revoked_token ORDER BY jti')).map(({ jti }) => jti);

describe('RFC 7009 §2.2: revoking one’s own token', () => {
  test('answers 200 with an empty body, and the token is dead before the answer', async () => {
    const token = await house.accessToken(client);
    expect(await house.isActive(token)).toBe(true);
    const answer = await revoke(token);
    expect([answer.status, answer.headers.get('content-length'), answer.body]).toEqual([200, '0', null]);
    // Without it clients that read JSON only, such as simple-oauth2, take the answer for a failure.
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expectNotStored(answer);
    expect(await house.isActive(token)).toBe(false);
  });

  test('leaves a record of who, what and which, and the revocation until the token would have expired', async () => {
    const made = await house.client();
    const token = await house.accessToken(made, 'write');
    const { jti, exp = 0 } = decodeJwt(token);
    await revoke(token, made);
    expect((await house.audit(`client:${made.client_id}`)).at(-1)).toEqual({
      actor: `client:${made.client_id}`,
      action: 'token.revoked',
      detail: { jti, scope: 'write' },
    });
    const [row] = await house.sql('SELECT client_id, expires_at FROM revoked_token WHERE jti = $1', [jti]);
    expect(row).toEqual({ client_id: made.client_id, expires_at: new Date(exp * 1_000) });
  });

  test('a second time, and many at once, answer 200 and leave one record', async () => {
    const made = await house.client();
    const token = await house.accessToken(made);
    const answers = await Promise.all(Array.from({ length: 10 }, () => revoke(token, made)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await revoke(token, made)).status).toBe(200);
    const actions = (await house.audit(`client:${made.client_id}`)).map(({ action }) => action);
    expect(actions).toEqual(['client.created', 'token.revoked']);
  });

  test('one token dies alone: its siblings live', async () => {
    const [one, two] = [await house.accessToken(client), await house.accessToken(client)];
    await revoke(one);
    expect([await house.isActive(one), await house.isActive(two)]).toEqual([false, true]);
  });

  test('N13: the mirrored signature of a revoked token, as valid in mathematics, is as dead', async () => {
    const token = await house.accessToken(client);
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const [header, payload, signature] = token.split('.');
    const bytes = Buffer.from(signature ?? '', 'base64url');
    const mirrored = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
    const other = Buffer.concat([bytes.subarray(0, 32), Buffer.from(mirrored.toString(16).padStart(64, '0'), 'hex')]);
    const twin = `${header}.${payload}.${other.toString('base64url')}`;
    expect(twin).not.toBe(token);
    await revoke(token);
    expect([await house.isActive(token), await house.isActive(twin)]).toEqual([false, false]);
  });
});

describe('RFC 7009 §2.1: the hint', () => {
  test.each(['access_token', 'refresh_token', 'nonsense', ''])(
    'token_type_hint=%s is no more than a hint',
    async (hint) => {
      const token = await house.accessToken(client);
      expect((await revoke(token, client, { token_type_hint: hint })).status).toBe(200);
      expect(await house.isActive(token)).toBe(false);
    },
  );
});

describe('RFC 7009 §2.2: what cannot be revoked', () => {
  test.each([
    ['garbage', () => 'garbage'],
    ['another form of token', () => 'bst_secret_0000000000000000000000000000000000000000000000000'],
    ['a token of another issuer', () => 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2UuZXhhbXBsZSJ9.AAAA'],
    ['a token cut short', (token: string) => token.slice(0, -1)],
    ['a token with a changed claim', (token: string) => token.replace(/\.(.)/, '.f')],
    ['non-ASCII', () => '\u{1f511}'],
    ['a very long text', () => 'x'.repeat(12_000)],
  ])('%s: 200, and nothing is written', async (_what, make) => {
    const token = await house.accessToken(client);
    const before = [await house.written(), await revocations()];
    expect((await revoke(make(token))).status).toBe(200);
    expect([await house.written(), await revocations()]).toEqual(before);
    expect(await house.isActive(token)).toBe(true);
  });

  test('RFC 7009 §2.1: a token of another client: 200 without effect, told in the log', async () => {
    const other = await house.client();
    const token = await house.accessToken(other);
    const before = [await house.written(), await revocations()];
    const answer = await revoke(token);
    expect([answer.status, answer.body]).toEqual([200, null]);
    expect([await house.written(), await revocations()]).toEqual(before);
    expect(await house.isActive(token)).toBe(true);
    expect(house.api.logs()).toContain('asked to revoke another client');
  });

  test('not even the admin revokes by this door what is not its own', async () => {
    const token = await house.accessToken(client);
    expect((await house.form('revoke', { token }, house.api.admin)).status).toBe(200);
    expect(await house.isActive(token)).toBe(true);
  });
});

describe('RFC 7009 §2.2.1: errors', () => {
  test.each([{}, { token: '' }, { token_type_hint: 'access_token' }])(
    'no token is invalid_request: %o',
    async (form) => {
      expectOAuthError(await house.form('revoke', form as Record<string, string>, client), 400, 'invalid_request');
    },
  );

  test('two tokens are invalid_request, and both live', async () => {
    const [one, two] = [await house.accessToken(client), await house.accessToken(client)];
    expectOAuthError(await house.form('revoke', `token=${one}&token=${two}`, client), 400, 'invalid_request');
    expect([await house.isActive(one), await house.isActive(two)]).toEqual([true, true]);
  });

  test('without client authentication: 401, and the token lives', async () => {
    const token = await house.accessToken(client);
    expectOAuthError(await house.form('revoke', { token }), 401, 'invalid_client');
    expectOAuthError(await revoke(token, { ...client, client_secret: 'a wrong secret' }), 401, 'invalid_client');
    expect(await house.isActive(token)).toBe(true);
  });
});

describe('POST /api/tokens/revoke: an operator revokes any token', () => {
  const revokeAny = (token: string) => house.manage('/api/tokens/revoke', { body: { token } });

  test('effective before the answer, recorded under the operator’s name', async () => {
    const token = await house.accessToken(client);
    expect(await revokeAny(token)).toMatchObject({
      status: 200,
      body: { revoked: true, detail: 'The token is dead from now on.' },
    });
    expect(await house.isActive(token)).toBe(false);
    expect((await house.audit(`client:${client.client_id}`)).at(-1)).toEqual({
      actor: `client:${house.api.admin.client_id}`,
      action: 'token.revoked',
      detail: { jti: decodeJwt(token).jti, scope: 'read write' },
    });
  });

  test('says what it did not do', async () => {
    const token = await house.accessToken(client);
    await revokeAny(token);
    const before = await house.written();
    expect((await revokeAny(` ${token}\n`)).body).toEqual({
      revoked: true,
      detail: 'The token had been revoked already; nothing was changed.',
    });
    expect((await revokeAny('garbage')).body.revoked).toBe(false);
    expect(await house.written()).toEqual(before);
  });
});
