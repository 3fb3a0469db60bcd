import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

// What one process changes, the other knows within a second; the deadline leaves room for a busy machine.
const within = { within: 2_000 };
let a: House;
let b: House;
beforeAll(async () => {
  a = await House.open({ env: { CLIENT_CACHE_MAX_AGE_SECONDS: '3600' } });
  b = await a.beside({ CLIENT_CACHE_MAX_AGE_SECONDS: '3600' });
});
afterAll(async () => {
  await b.close();
  await a.close();
});

/** A client and a token that both processes have in memory. */
async function known(body: Record<string, unknown> = {}): Promise<{ client: MadeClient; token: string }> {
  const client = await a.client(body);
  const token = await a.accessToken(client);
  expect([await b.isActive(token), await status(b, client)]).toEqual([true, 200]);
  return { client, token };
}
const status = async (house: House, client: MadeClient) =>
  (await house.form('token', 'grant_type=client_credentials', client)).status;
const change = (client: MadeClient, body: Record<string, unknown>) =>
  a.manage(`/api/clients/${client.client_id}`, { method: 'PATCH', body });

describe('N21: a change at one process reaches the other', () => {
  test('a token made by one is a token to the other', async () => {
    const client = await a.client();
    expect(await a.isActive(await b.accessToken(client))).toBe(true);
  });

  test('a revoked token, one after another, never comes back', async () => {
    const { client, token } = await known();
    await a.form('revoke', { token }, client);
    await waitFor('the revocation', async () => !(await b.isActive(token)), within);
    for (let count = 0; count < 20; count++) expect(await b.isActive(token)).toBe(false);
  });

  test('a suspended client', async () => {
    const { client, token } = await known();
    await change(client, { status: 'suspended' });
    await waitFor(
      'the suspension',
      async () => (await status(b, client)) === 401 && !(await b.isActive(token)),
      within,
    );
    await change(client, { status: 'active' });
    await waitFor('the end of it', async () => (await status(b, client)) === 200 && (await b.isActive(token)), within);
  });

  test('a rotated secret: the old one stops, the new one works', async () => {
    const { client } = await known();
    const fresh = (await a.manage(`/api/clients/${client.client_id}/rotate-secret`, { method: 'POST' })).body;
    await waitFor('the rotation', async () => (await status(b, client)) === 401, within);
    expect(await status(b, fresh)).toBe(200);
  });

  test('a scope taken away', async () => {
    const { client } = await known();
    await change(client, { scopes: ['read'] });
    await waitFor(
      'the change',
      async () => (await b.form('token', 'grant_type=client_credentials&scope=write', client)).status === 400,
      within,
    );
  });

  test('a deleted client', async () => {
    const { client, token } = await known();
    await a.manage(`/api/clients/${client.client_id}`, { method: 'DELETE' });
    await waitFor('the deletion', async () => (await status(b, client)) === 401 && !(await b.isActive(token)), within);
  });

  test('a client that was unknown a moment ago', async () => {
    const client_secret = 'chosen by somebody else';
    const client = { client_id: 'newcomer', client_secret } as MadeClient;
    expect(await status(b, client)).toBe(401);
    await a.client({ client_id: 'newcomer', client_secret });
    await waitFor('the newcomer', async () => (await status(b, client)) === 200, within);
  });
});

describe('both at once', () => {
  test('one Idempotency-Key at two processes makes one client', async () => {
    const create = (house: House) =>
      house.manage('/api/clients', {
        token: a.token,
        body: { scopes: ['read'] },
        headers: { 'idempotency-key': 'both' },
      });
    const answers = await Promise.all([a, b, a, b, a, b].map(create));
    expect(answers.map(({ status: one }) => one)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.client_secret)).size).toBe(1);
  });

  test('every change at two processes has its one record', async () => {
    const made = await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? a : b).client()));
    const rows = await a.sql(
      "SELECT target FROM audit_log WHERE action = 'client.created' AND target = ANY($1) ORDER BY target",
      [made.map(({ client_id }) => `client:${client_id}`)],
    );
    expect(rows.map(({ target }) => target)).toEqual(made.map(({ client_id }) => `client:${client_id}`).sort());
  });
});
