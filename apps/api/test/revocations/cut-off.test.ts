import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { House, type MadeClient, patiently } from '../support.js';

// What one process cuts off, the other refuses within a second; the deadline leaves room for a busy machine.
const within = { within: 2_000, every: 1 };
let a: House;
let b: House;
beforeAll(async () => {
  a = await House.open({ env: { CLIENT_CACHE_MAX_AGE_SECONDS: '3600' } });
  b = await a.beside({ CLIENT_CACHE_MAX_AGE_SECONDS: '3600' });
});
beforeAll(async () => {
  const scopes = [{ name: 'own', description: 'x' }];
  await a.manage('/api/resources', { body: { identifier: 'urn:own', scopes } });
});
afterAll(async () => {
  await b.close();
  await a.close();
});

const revoke = async (body: Record<string, unknown>, from = a) => {
  const answer = await patiently(() => from.manage('/api/revocations', { body }));
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ applied: true })]);
  return answer.body;
};
const credentialOf = async ({ client_id }: MadeClient): Promise<string> =>
  (await a.sql('SELECT id FROM credential WHERE client_id = $1', [client_id]))[0].id;

describe('what was issued before is dead, what is issued afterwards lives, in both processes', () => {
  const kinds: [string, (token: string, client: MadeClient) => Promise<string | undefined>][] = [
    ['client', async (_token, client) => client.client_id],
    ['credential', async (_token, client) => credentialOf(client)],
    // Not the default one: the token that this test manages with is meant for that too.
    ['resource', async () => 'urn:own'],
  ];
  test.each(kinds)('by %s', async (by, idOf) => {
    const client = await a.client({ scopes: ['own'] });
    const old = await a.accessToken(client);
    expect([await a.isActive(old), await b.isActive(old)]).toEqual([true, true]);
    await revoke({ by, id: await idOf(old, client) });
    expect(await a.isActive(old)).toBe(false);
    await waitFor('the other process', async () => !(await b.isActive(old)), within);
    for (const house of [a, b]) {
      const fresh = await house.accessToken(client);
      expect([await a.isActive(fresh), await b.isActive(fresh)]).toEqual([true, true]);
    }
  });

  test('to the moment given: the token from before it dies, the one from after it lives', async () => {
    const client = await a.client();
    const old = await a.accessToken(client);
    await waitFor('the clock to move on', () => new Date().getMilliseconds() % 2 === 0, { every: 2 });
    const before = new Date(Date.now() + 1).toISOString();
    await waitFor('that moment to pass', () => Date.now() > Date.parse(before), { every: 2 });
    const young = await a.accessToken(client);
    await revoke({ by: 'client', id: client.client_id, before });
    expect([await a.isActive(old), await a.isActive(young)]).toEqual([false, true]);
  });

  test('CVE-2026-8922, CVE-2026-18218: a smaller instant afterwards, of the same or another kind, brings nothing back', async () => {
    const client = await a.client();
    const old = await a.accessToken(client);
    await revoke({ by: 'client', id: client.client_id });
    for (const body of [
      { by: 'client', id: client.client_id },
      { by: 'credential', id: await credentialOf(client) },
      { by: 'installation' },
    ]) {
      await revoke({ ...body, before: '2020-01-01T00:00:00Z' });
      expect(await a.isActive(old)).toBe(false);
    }
    await waitFor('the other process', async () => !(await b.isActive(old)), within);
  });

  test('a token for several resources dies with any of them, one for another lives', async () => {
    await a.manage('/api/resources', {
      body: { identifier: 'urn:second', scopes: [{ name: 'second', description: 'x' }] },
    });
    const client = await a.client({ scopes: ['read', 'second'] });
    const [both, other] = [await a.accessToken(client), await a.accessToken(client, 'read')];
    await revoke({ by: 'resource', id: 'urn:second' });
    expect([await a.isActive(both), await a.isActive(other)]).toEqual([false, true]);
  });

  test('whoever inspects it is told why', async () => {
    const client = await a.client();
    const old = await a.accessToken(client);
    await revoke({ by: 'client', id: client.client_id });
    const { body } = await a.manage('/api/tokens/inspect', { body: { token: old } });
    expect(body.active).toBe(false);
    expect(body.checks.filter(({ ok }: { ok: boolean }) => !ok)).toHaveLength(1);
  });

  test('a process that starts later knows it', async () => {
    const client = await a.client();
    const old = await a.accessToken(client);
    await revoke({ by: 'client', id: client.client_id });
    const late = await a.beside();
    try {
      expect(await late.isActive(old)).toBe(false);
    } finally {
      await late.close();
    }
  });
});

test('1,000 revocations at one process: the other refuses each; the longest it took is printed', async () => {
  const LANES = 10;
  const ROUNDS = 100;
  const kinds = ['client', 'credential', 'token'] as const;
  let longest = 0;
  const lane = async (client: MadeClient, credential: string): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const by = kinds[round % kinds.length];
      const token = await a.accessToken(client);
      expect(await b.isActive(token)).toBe(true);
      if (by === 'token') await a.form('revoke', { token }, client);
      else await revoke({ by, id: by === 'client' ? client.client_id : credential });
      const answered = performance.now();
      await waitFor('the other process', async () => !(await b.isActive(token)), within);
      longest = Math.max(longest, performance.now() - answered);
    }
  };
  const clients = await Promise.all(Array.from({ length: LANES }, () => a.client()));
  await Promise.all(clients.map(async (client) => lane(client, await credentialOf(client))));
  process.stderr.write(`${LANES * ROUNDS} revocations, at the other process after at most ${longest.toFixed(1)} ms\n`);
  expect(longest).toBeGreaterThan(0);
}, 240_000);

test('by signing key and for the whole installation, the caller’s own token included', async () => {
  for (const by of ['signing_key', 'installation']) {
    const client = await a.client();
    const old = await a.accessToken(client);
    await revoke({ by, ...(by === 'signing_key' && { id: decodeProtectedHeader(old).kid }) });
    expect(await a.isActive(old)).toBe(false);
    await waitFor('the other process', async () => !(await b.isActive(old)), within);
    expect((await a.manage('/api/clients')).status).toBe(401);
    const fresh = await b.accessToken(client);
    expect([await a.isActive(fresh), await b.isActive(fresh)]).toEqual([true, true]);
    Object.assign(a, { token: await a.accessToken(a.api.admin) });
  }
});
