import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, House, type MadeClient } from '../support.js';
import { expectOAuthError } from './answers.js';
import { reasonOf } from './signing.js';

// RFC 6749 §6, RFC 9700 §4.14.2. What takes time is moved into the past in the database: nobody waits.
const GRANT = { grant_type: 'client_credentials' };
const REFRESH = 'bst_refresh_';
const opted = { grant_types: ['client_credentials', 'refresh_token'] };
let a: House;
let b: House;
let client: MadeClient;
beforeAll(async () => {
  a = await House.open({ env: { FAILURES_PER_MINUTE: '10000' } });
  b = await a.beside();
  client = await a.client(opted);
});
afterAll(async () => {
  await b.close();
  await a.close();
});

const start = async (of = client, form: Record<string, string> = {}) =>
  (await a.form('token', { ...GRANT, ...form }, of)).body;
const refresh = (token: string, of = client, form: Record<string, string> = {}, house = a) =>
  house.form('token', { grant_type: 'refresh_token', refresh_token: token, ...form }, of);
const expectGone = (answer: Awaited<ReturnType<typeof refresh>>) => expectOAuthError(answer, 400, 'invalid_grant');
const change = (of: MadeClient, body: Record<string, unknown>) =>
  a.manage(`/api/clients/${of.client_id}`, { method: 'PATCH', body });
const familyOf = ({ access_token }: { access_token: string }): string => claimsOf(access_token).fam;

/** As if the grace had passed for all that was used so far. */
const letGracePass = () => a.sql("UPDATE refresh_token SET used_at = used_at - interval '31 seconds'");

describe('RFC 6749 §4.4.3: opt-in', () => {
  test('a client that did not opt in gets none, and may not refresh', async () => {
    const plain = await a.client();
    const answer = await start(plain);
    expect(answer).not.toHaveProperty('refresh_token');
    expect(claimsOf(answer.access_token)).not.toHaveProperty('fam');
    const refused = await refresh((await start()).refresh_token, plain);
    expectOAuthError(refused, 400, 'unauthorized_client');
  });

  test('one that did gets one along, in the form of the house', async () => {
    const answer = await start();
    expect(Object.keys(answer)).toEqual(['access_token', 'token_type', 'expires_in', 'scope', 'refresh_token']);
    expect(answer.refresh_token).toMatch(/^bst_refresh_[0-9A-Za-z]{49}$/);
    expect(familyOf(answer)).toMatch(/^rtf_/);
  });

  test('opting out again ends it at once', async () => {
    const made = await a.client(opted);
    const { refresh_token } = await start(made);
    await change(made, { grant_types: ['client_credentials'] });
    expectOAuthError(await refresh(refresh_token, made), 400, 'unauthorized_client');
  });

  test('without a refresh_token the request is malformed', async () => {
    expectOAuthError(await a.form('token', { grant_type: 'refresh_token' }, client), 400, 'invalid_request');
    expectOAuthError(await refresh(''), 400, 'invalid_request');
  });

  test('only digests of them are stored', async () => {
    const { refresh_token } = await start();
    const { refresh_token: second } = (await refresh(refresh_token)).body;
    const rows = await a.sql('SELECT refresh_token::text AS row FROM refresh_token');
    for (const token of [refresh_token, second]) {
      const hex = Buffer.from(token).toString('hex');
      expect(rows.some(({ row }) => row.includes(token) || row.includes(hex))).toBe(false);
    }
  });
});

describe('statements 51, 54: rotation', () => {
  test('each use gives a successor, of the same family and scope', async () => {
    const first = await start(client, { scope: 'read' });
    let token = first.refresh_token;
    const seen = new Set([token]);
    for (let round = 0; round < 3; round++) {
      const { status, body } = await refresh(token);
      expect([status, body.scope, familyOf(body)]).toEqual([200, 'read', familyOf(first)]);
      expect(await b.isActive(body.access_token)).toBe(true);
      token = body.refresh_token;
      seen.add(token);
    }
    expect(seen.size).toBe(4);
  });

  test('within the grace a retry gets the same successor, at any process, also once that was used', async () => {
    const { refresh_token } = await start();
    const first = (await refresh(refresh_token)).body;
    expect((await refresh(refresh_token)).body.refresh_token).toBe(first.refresh_token);
    expect((await refresh(refresh_token, client, {}, b)).body.refresh_token).toBe(first.refresh_token);
    const second = (await refresh(first.refresh_token, client, {}, b)).body;
    expect((await refresh(refresh_token)).body.refresh_token).toBe(first.refresh_token);
    expect((await refresh(first.refresh_token)).body.refresh_token).toBe(second.refresh_token);
  });

  test('the grace is counted from the first use: a retry does not prolong it', async () => {
    const { refresh_token } = await start();
    await refresh(refresh_token);
    await a.sql("UPDATE refresh_token SET used_at = used_at - interval '20 seconds'");
    expect((await refresh(refresh_token)).status).toBe(200);
    await a.sql("UPDATE refresh_token SET used_at = used_at - interval '15 seconds'");
    expectGone(await refresh(refresh_token));
  });

  test('N18: a restart in between changes nothing: neither the grace nor the reuse', async () => {
    const { refresh_token } = await start();
    const first = (await refresh(refresh_token, client, {}, b)).body;
    await b.close();
    b = await a.beside();
    expect((await refresh(refresh_token, client, {}, b)).body.refresh_token).toBe(first.refresh_token);
    await letGracePass();
    expectGone(await refresh(refresh_token, client, {}, b));
    expectGone(await refresh(first.refresh_token, client, {}, b));
  });
});

describe('statement 51: reuse', () => {
  test('after the grace the family dies: every refresh and access token, at every process', async () => {
    const first = await start();
    const second = (await refresh(first.refresh_token)).body;
    const bystander = await start();
    expect(await b.isActive(first.access_token)).toBe(true);
    await letGracePass();
    const refused = await refresh(first.refresh_token);
    expectGone(refused);
    const { code, reason } = await reasonOf(a, refused);
    expect([code, reason]).toEqual(['refresh_reused', expect.stringMatching(/used 3\d s ago.*its family is revoked/)]);
    for (const { access_token } of [first, second]) {
      expect(await a.isActive(access_token)).toBe(false);
      await waitFor('the other process to know', async () => !(await b.isActive(access_token)), { within: 2_000 });
    }
    for (const house of [a, b]) expectGone(await refresh(second.refresh_token, client, {}, house));
    expect(await a.isActive(bystander.access_token)).toBe(true);
    expect((await refresh(bystander.refresh_token)).status).toBe(200);
    const records = await a.audit(`client:${client.client_id}`);
    expect(records.filter(({ action }) => action === 'refresh_token.reused').at(-1)).toMatchObject({
      actor: `client:${client.client_id}`,
      detail: { family: familyOf(first) },
    });
  });

  test('a successor used past the grace of its predecessor lives on: only what was used twice is theft', async () => {
    const { refresh_token } = await start();
    const first = (await refresh(refresh_token)).body;
    await letGracePass();
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });
});

describe('N19: bound to its client', () => {
  test("another client's token is refused, and nothing happens to the family", async () => {
    const other = await a.client(opted);
    const { refresh_token } = await start();
    const refused = await refresh(refresh_token, other);
    expectGone(refused);
    expect((await reasonOf(a, refused)).code).toBe('refresh_foreign');
    await refresh(refresh_token);
    await letGracePass();
    const { refresh_token: alive } = await start();
    expectGone(await refresh(alive, other));
    expect((await refresh(alive)).status).toBe(200);
  });

  test('RFC 6749 §6: who does not prove itself refreshes nothing', async () => {
    const { refresh_token } = await start();
    const form = { grant_type: 'refresh_token', refresh_token };
    expectOAuthError(await a.form('token', form), 401, 'invalid_client');
    expectOAuthError(await a.form('token', { ...form, client_id: client.client_id }), 401, 'invalid_client');
    const wrong = { ...client, client_secret: 'a wrong secret' };
    expectOAuthError(await refresh(refresh_token, wrong), 401, 'invalid_client');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  test('N13: no variant of a token is taken for it', async () => {
    const { refresh_token: token } = await start();
    const last = token.endsWith('0') ? '1' : '0';
    const variants = [
      token.slice(0, -1),
      token.slice(0, -1) + last,
      `${token}0`,
      ` ${token}`,
      token.toUpperCase(),
      token.replace(REFRESH, 'bst_access_'),
      token.replace(REFRESH, 'bst_secret_'),
      token.slice(REFRESH.length),
      'x',
      'x'.repeat(10_000),
    ];
    for (const variant of variants) expectGone(await refresh(variant));
    expect((await refresh(token)).status).toBe(200);
  });
});
