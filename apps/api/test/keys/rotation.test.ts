import { json, managementToken } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { House, type MadeClient } from '../support.js';

// What one process changes, the other knows within a second; the deadline leaves room for a busy machine.
const within = { within: 2_000 };
let a: House;
let b: House;
let client: MadeClient;
let token: string;
beforeAll(async () => {
  a = await House.open();
  b = await a.beside();
  client = await a.client();
  token = a.token;
});
afterAll(async () => {
  await b.close();
  await a.close();
});

interface Key {
  kid: string;
  state: string;
  published_at: string;
  activated_at: string | null;
  retiring_at: string | null;
  retired_at: string | null;
  next_change: { step: string; at: string } | null;
}

const rotate = (body?: unknown, headers: Record<string, string> = {}, house = a) =>
  json<{ data: Key[] }>(`${house.api.url}/api/signing-keys/rotate`, { method: 'POST', token, body, headers });
const keys = async (): Promise<Key[]> => (await json(`${a.api.url}/api/signing-keys`, { token })).body.data;
const the = async (state: string): Promise<Key> => {
  const found = (await keys()).filter((key) => key.state === state);
  expect([state, found.length]).toEqual([state, 1]);
  return found[0] as Key;
};
const jwks = async (house: House): Promise<JSONWebKeySet> =>
  (await json(`${house.api.url}/.well-known/jwks.json`)).body as unknown as JSONWebKeySet;
const kids = async (house: House) => (await jwks(house)).keys.map(({ kid }) => kid);
const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid;
/** As if the next key had been published long enough. */
const letTimePass = () =>
  a.sql(`UPDATE signing_key SET published_at = published_at - interval '10 minutes' WHERE state = 'next'`);

describe('POST /api/signing-keys/rotate', () => {
  test('a next key that verifiers may not have yet signs as soon as they must have it; asked twice, asked once', async () => {
    const [active, next] = [await the('active'), await the('next')];
    const due = new Date(Date.parse(next.published_at) + 600_000).toISOString().replace('.000Z', 'Z');
    const answer = await rotate({ reason: 'quarterly' });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual([
      { ...next, next_change: { step: 'promote', at: due } },
      { ...active, next_change: { step: 'replace', at: due } },
    ]);
    expect((await rotate()).body).toEqual(answer.body);
    expect(await keys()).toEqual(answer.body.data);
    expect(await a.audit(`signing_key:${next.kid}`)).toEqual([
      { actor: 'system:first-run', action: 'signing_key.created', detail: { alg: 'ES256', state: 'next' } },
      {
        actor: `client:${a.api.admin.client_id}`,
        action: 'signing_key.rotation_requested',
        detail: { promote_at: new Date(due).toISOString(), reason: 'quarterly' },
      },
    ]);
    await a.sql(`UPDATE signing_key SET promote_at = NULL`);
  });

  test('a next key that every verifier has signs at once; what the old one signed lives on', async () => {
    const [active, next] = [await the('active'), await the('next')];
    const old = await b.accessToken(client);
    expect(kidOf(old)).toBe(active.kid);
    await letTimePass();
    const answer = await rotate();
    expect(answer.status).toBe(200);
    expect(answer.body.data.map(({ kid, state }) => [kid, state])).toEqual([
      [expect.any(String), 'next'],
      [next.kid, 'active'],
      [active.kid, 'retiring'],
    ]);
    const retiring = await the('retiring');
    expect(retiring.next_change).toEqual({
      step: 'retire',
      at: new Date(Date.parse(retiring.retiring_at ?? '') + 90_000_000).toISOString().replace('.000Z', 'Z'),
    });
    expect(kidOf(await a.accessToken(client))).toBe(next.kid);
    await waitFor('the other process', async () => kidOf(await b.accessToken(client)) === next.kid, within);
    expect(await kids(b)).toEqual(await kids(a));
    expect(await kids(a)).toEqual([next.kid, active.kid, (await the('next')).kid]);
    expect([await a.isActive(old), await b.isActive(old)]).toEqual([true, true]);
    const rows = await a.sql('SELECT state, private_sealed IS NULL AS destroyed FROM signing_key ORDER BY 1');
    expect(rows).toEqual([
      { state: 'active', destroyed: false },
      { state: 'next', destroyed: false },
      { state: 'retiring', destroyed: true },
    ]);
    const [promoted, replaced] = [await a.audit(`signing_key:${next.kid}`), await a.audit(`signing_key:${active.kid}`)];
    expect(promoted.at(-1)).toMatchObject({ action: 'signing_key.activated', detail: { replaces: active.kid } });
    expect(replaced.at(-1)).toMatchObject({ action: 'signing_key.retiring', detail: { replaced_by: next.kid } });
  });

  test('twenty times under load, with verifiers that hold old copies: no token is refused', async () => {
    const refused: unknown[] = [];
    let over = false;
    let copy = createLocalJWKSet(await jwks(a));
    const held: (typeof copy)[] = [];
    let made = 0;
    const use = async (worker: number, issuer: House, judge: House): Promise<void> => {
      while (!over) {
        const mine = copy;
        held[worker] = mine;
        const fresh = await issuer.accessToken(client);
        made++;
        if (!(await judge.isActive(fresh))) refused.push(['introspection', kidOf(fresh)]);
        await jwtVerify(fresh, mine).catch((error: Error) => refused.push([error.message, kidOf(fresh)]));
      }
    };
    const load = [use(0, a, b), use(1, b, a), use(2, a, a), use(3, b, b)];
    const signed = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const next = await the('next');
      await waitFor(
        'both to publish it',
        async () => [...(await kids(a)), ...(await kids(b))].filter((kid) => kid === next.kid).length === 2,
      );
      const fetched = createLocalJWKSet(await jwks(round % 2 === 0 ? a : b));
      copy = fetched;
      await waitFor('every verifier to hold this copy', () => held.every((one) => one === fetched));
      await letTimePass();
      expect((await rotate({}, {}, round % 2 === 0 ? a : b)).status).toBe(200);
      signed.add((await the('active')).kid);
      const before = made;
      await waitFor('tokens of the new key', () => made > before + 8);
    }
    over = true;
    await Promise.all(load);
    expect(refused).toEqual([]);
    expect(signed.size).toBe(20);
  });

  test.each([
    ['an unknown field', { urgent: true }, '/urgent'],
    ['no boolean', { emergency: 'yes' }, '/emergency'],
    ['a reason longer than a reason is', { reason: 'x'.repeat(501) }, '/reason'],
    ['a list', [], ''],
  ])('%s is refused, and changes nothing', async (_what, body, path) => {
    const before = await keys();
    const answer = await json(`${a.api.url}/api/signing-keys/rotate`, { token, body });
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.path]).toEqual([422, 'invalid_request', path]);
    expect(await keys()).toEqual(before);
  });
});

describe('while a change of the keys is known and cannot be loaded', () => {
  test('nothing is signed or verified after a second; it is tried again until it can be', async () => {
    const old = await a.accessToken(client);
    await a.sql('ALTER TABLE signing_key RENAME TO signing_key_away');
    try {
      await a.sql(`SELECT pg_notify('bastionary_changes', '{"kind":"keys"}')`);
      const answers = () =>
        Promise.all([
          a.form('token', 'grant_type=client_credentials', client),
          a.form('introspect', { token: old }, client),
          json(`${a.api.url}/.well-known/jwks.json`),
        ]);
      const refused = await waitFor('refusals', async () => {
        const all = await answers();
        return all.every(({ status }) => status === 503) && all;
      });
      expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1', '1']);
    } finally {
      await a.sql('ALTER TABLE signing_key_away RENAME TO signing_key');
    }
    await waitFor('the next attempt', async () => {
      const answers = await Promise.all(
        [a, b].map((one) => one.form('token', 'grant_type=client_credentials', client)),
      );
      return answers.every(({ status }) => status === 200) && (await a.isActive(old));
    });
  });
});

describe('in an emergency', () => {
  test('every key and every token is dead at once, here and at the other process, and new keys sign', async () => {
    const old = await b.accessToken(client);
    const before = new Set(await kids(a));
    expect(before.size).toBeGreaterThan(2);
    const answer = await rotate({ emergency: true, reason: 'a stolen backup' });
    expect(answer.status).toBe(200);
    expect(answer.body.data.slice(0, 2).map(({ state }) => state)).toEqual(['next', 'active']);
    expect(new Set(answer.body.data.slice(2).map(({ state }) => state))).toEqual(new Set(['retired']));

    // This process knows before it answers.
    expect((await kids(a)).filter((kid) => before.has(kid ?? ''))).toEqual([]);
    expect([await a.isActive(old), (await a.manage('/api/signing-keys')).status]).toEqual([false, 401]);
    const fresh = await a.accessToken(client);
    await waitFor('the other process to refuse the old', async () => !(await b.isActive(old)), within);
    await waitFor('and to sign anew', async () => kidOf(await b.accessToken(client)) === kidOf(fresh), within);
    expect([await kids(b), await b.isActive(fresh), await a.isActive(await b.accessToken(client))]).toEqual([
      await kids(a),
      true,
      true,
    ]);
    expect((await json(`${b.api.url}/api/signing-keys`, { token })).status).toBe(401);

    token = await managementToken(a.api);
    const [row] = await a.sql(`SELECT count(*)::int AS count FROM signing_key
      WHERE state = 'retired' AND private_sealed IS NOT NULL`);
    expect(row.count).toBe(0);
    const detail = { emergency: true, reason: 'a stolen backup' };
    expect((await a.audit(`signing_key:${kidOf(old)}`)).at(-1)).toMatchObject({
      action: 'signing_key.retired',
      detail,
    });
    expect((await a.audit(`signing_key:${kidOf(fresh)}`)).at(-1)).toMatchObject({
      action: 'signing_key.created',
      detail: { ...detail, alg: 'ES256', state: 'active' },
    });
  });

  test('a retry with the same Idempotency-Key rotates no second time', async () => {
    const header = { 'idempotency-key': 'emergency-1' };
    const first = await rotate({ emergency: true }, header);
    token = await managementToken(a.api);
    const again = await rotate({ emergency: true }, header);
    expect([first.status, again.status, again.body]).toEqual([200, 200, first.body]);
    expect((await the('active')).kid).toBe(first.body.data.find(({ state }) => state === 'active')?.kid);
  });
});
