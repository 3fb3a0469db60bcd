import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

let house: House;
let client: MadeClient;
beforeAll(async () => {
  house = await House.open();
  client = await house.client();
});
afterAll(() => house.close());

const post = (body: Record<string, unknown>, query = '', headers: Record<string, string> = {}) =>
  house.manage(`/api/revocations${query}`, { body, headers });
const dryRun = async (body: Record<string, unknown>) => (await post(body, '?dry_run=true')).body;
const held = (kind: string, subject: string) =>
  house.sql('SELECT at, lasts_until FROM not_before WHERE kind = $1 AND subject = $2', [kind, subject]);
const all = async () => ({
  ...(await house.written()),
  held: await house.sql('SELECT * FROM not_before ORDER BY 1, 2'),
});
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);

interface Live {
  client_id?: string;
  credential_id?: string;
  kid?: string;
  audience?: string[];
  minute?: Date;
  ends_in?: Date;
  issued?: number;
}
/** Counted tokens as the worker folds them, and as an api writes them before that. */
const counted = async (live: Live, table: 'live_tokens' | 'issuance_batch' = 'live_tokens') => {
  const { minute = minutesFromNow(-2), ends_in = minutesFromNow(10), issued = 1 } = live;
  const { client_id = client.client_id, credential_id = 'crd_x', kid = 'kid_x', audience = ['urn:x'] } = live;
  const shared = [randomUUID(), client_id, credential_id, kid, audience, minute, ends_in, issued];
  await house.sql(
    table === 'live_tokens'
      ? `INSERT INTO live_tokens (digest, client_id, credential_id, kid, audience, minute, ends_in, issued)
         VALUES (sha256($1::text::bytea), $2, $3, $4, $5, date_trunc('minute', $6::timestamptz), date_trunc('minute', $7::timestamptz), $8)`
      : `INSERT INTO issuance_batch (id, row, client_id, credential_id, kid, audience, scope, requested, minute, ends_in, issued, last_at)
         VALUES ($1, 0, $2, $3, $4, $5, 'read', true, date_trunc('minute', $6::timestamptz), date_trunc('minute', $7::timestamptz), $8, now())`,
    shared,
  );
};
const family = async (of: { client_id?: string; credential_id?: string; created_at?: Date }) => {
  const id = `fam_${randomUUID()}`;
  await house.sql(
    `INSERT INTO refresh_family (id, client_id, credential_id, scope, resources, created_at, expires_at)
     VALUES ($1, $2, $3, 'read', '{}', $4, now() + interval '300 days')`,
    [id, of.client_id ?? 'nobody', of.credential_id ?? 'crd_none', of.created_at ?? minutesFromNow(-1)],
  );
  return async () =>
    (await house.sql('SELECT revoked_at FROM refresh_family WHERE id = $1', [id]))[0].revoked_at !== null;
};

describe('a dry run', () => {
  test('counts what lives and would be hit, folded or not, and changes nothing', async () => {
    const { client_id } = await house.client();
    await counted({ client_id, issued: 5 });
    await counted({ client_id, issued: 3 }, 'issuance_batch');
    await counted({ client_id, issued: 100, ends_in: minutesFromNow(-2) });
    await counted({ client_id, issued: 20, minute: minutesFromNow(-30) });
    await counted({ issued: 1_000 });
    const before = await all();
    const at = minutesFromNow(-10).toISOString();
    const body = { by: 'client', id: client_id };
    const now = await post(body, '?dry_run=true');
    expect([now.status, now.body]).toEqual([200, { hits: '28', not_before: expect.any(String), applied: false }]);
    expect(Math.abs(Date.parse(now.body.not_before) - Date.now())).toBeLessThan(60_000);
    expect(await dryRun({ ...body, before: at })).toEqual({ hits: '20', not_before: at, applied: false });
    expect(await all()).toEqual(before);
  });

  test('by each kind it counts its own', async () => {
    const made = await house.client();
    const [{ id: credential_id }] = await house.sql('SELECT id FROM credential WHERE client_id = $1', [made.client_id]);
    const [{ kid }] = await house.sql('SELECT kid FROM signing_key');
    const identifier = 'urn:counted';
    await house.manage('/api/resources', { body: { identifier } });
    const { client_id } = made;
    const of = async (by: string, id?: string) => Number((await dryRun({ by, ...(id && { id }) })).hits);
    const total = await of('installation');
    await counted({ client_id, issued: 1 });
    await counted({ client_id, issued: 10, credential_id });
    await counted({ client_id, issued: 100, kid });
    await counted({ client_id, issued: 1_000, audience: ['urn:x', identifier] });
    expect(await of('client', client_id)).toBe(1_111);
    expect(await of('credential', credential_id)).toBe(10);
    expect(await of('signing_key', kid)).toBeGreaterThanOrEqual(100);
    expect(await of('resource', identifier)).toBe(1_000);
    expect((await of('installation')) - total).toBeGreaterThanOrEqual(1_111);
  });

  test('what is dead already does not count: cut off before, of a deleted client, revoked by itself', async () => {
    const [cut, gone, single] = [await house.client(), await house.client(), await house.client()];
    for (const { client_id } of [cut, gone, single]) await counted({ client_id, issued: 4 });
    await post({ by: 'client', id: cut.client_id, before: minutesFromNow(-0.5).toISOString() });
    expect((await dryRun({ by: 'client', id: cut.client_id })).hits).toBe('0');
    await house.sql(
      `INSERT INTO revoked_token (jti, client_id, revoked_at, expires_at) VALUES
       ('alive', $1, now() - interval '1 minute', now() + interval '5 minutes'),
       ('past', $1, now() - interval '1 hour', now() - interval '5 minutes')`,
      [single.client_id],
    );
    expect((await dryRun({ by: 'client', id: single.client_id })).hits).toBe('3');
    const { hits } = await dryRun({ by: 'installation' });
    await house.manage(`/api/clients/${gone.client_id}`, { method: 'DELETE' });
    expect(Number(hits) - Number((await dryRun({ by: 'installation' })).hits)).toBe(4);
  });
});

describe('POST /api/revocations', () => {
  test('raises what holds, with a record, for as long as a token from before could live', async () => {
    const { client_id } = await house.client();
    await counted({ client_id, issued: 7 });
    const answer = await post({ by: 'client', id: client_id });
    const { not_before } = answer.body;
    expect([answer.status, answer.body]).toEqual([200, { hits: '7', not_before, applied: true }]);
    expect(await held('client', client_id)).toEqual([
      { at: new Date(not_before), lasts_until: new Date(Date.parse(not_before) + 86_400_000) },
    ]);
    expect((await house.audit(`client:${client_id}`)).at(-1)).toEqual({
      actor: `client:${house.api.admin.client_id}`,
      action: 'tokens.revoked_by_client',
      detail: { hits: '7', not_before },
    });
  });

  test.each(['credential', 'resource', 'signing_key'])('by %s, recorded under its name', async (by) => {
    const made = await house.client();
    await house.manage('/api/resources', { body: { identifier: 'urn:by-kind' } });
    const [{ id }] = await house.sql(
      {
        credential: 'SELECT id FROM credential WHERE client_id = $1',
        resource: `SELECT identifier AS id FROM resource WHERE identifier = 'urn:by-kind' AND $1 <> ''`,
        signing_key: `SELECT kid AS id FROM signing_key WHERE $1 <> ''`,
      }[by] ?? '',
      [made.client_id],
    );
    // Long ago: it must not end the token that this test manages with.
    const before = '2020-01-01T00:00:00Z';
    const { body } = await post({ by, id, before });
    expect(body).toEqual({ hits: '0', not_before: before, applied: true });
    expect((await house.audit(`${by}:${id}`)).at(-1)).toMatchObject({
      action: `tokens.revoked_by_${by}`,
      detail: { hits: '0', not_before: before },
    });
  });

  test('CVE-2026-8922, CVE-2026-18218: an earlier instant changes nothing and leaves no record', async () => {
    const { client_id } = await house.client();
    const { body } = await post({ by: 'client', id: client_id });
    const before = await all();
    const earlier = await post({ by: 'client', id: client_id, before: '2001-01-01T00:00:00Z' });
    expect(earlier.body).toEqual({ hits: '0', not_before: body.not_before, applied: true });
    expect(await dryRun({ by: 'client', id: client_id, before: '2001-01-01T00:00:00Z' })).toEqual({
      hits: '0',
      not_before: body.not_before,
      applied: false,
    });
    expect(await all()).toEqual(before);
  });

  test('of many at once the latest holds', async () => {
    const { client_id } = await house.client();
    const instants = Array.from({ length: 12 }, (_, index) => minutesFromNow(-index).toISOString());
    const answers = await Promise.all(
      instants.toSorted().map((before) => post({ by: 'client', id: client_id, before })),
    );
    expect(answers.map(({ status }) => status)).toEqual(instants.map(() => 200));
    expect((await held('client', client_id))[0].at.toISOString()).toBe(instants[0]);
  });

  test('refresh tokens die with their client and with their credential, those made later live', async () => {
    const made = await house.client();
    const { client_id } = made;
    const [{ id: credential_id }] = await house.sql('SELECT id FROM credential WHERE client_id = $1', [client_id]);
    const old = await family({ client_id });
    const recent = await family({ client_id, created_at: minutesFromNow(0.5) });
    const obtained = await family({ client_id: 'another', credential_id });
    const stranger = await family({ client_id: 'another' });
    await post({ by: 'client', id: client_id });
    expect([await old(), await recent(), await obtained(), await stranger()]).toEqual([true, false, false, false]);
    await post({ by: 'credential', id: credential_id });
    expect([await recent(), await obtained(), await stranger()]).toEqual([false, true, false]);
  });

  test('with its Idempotency-Key a retry gets the first answer, and nothing is cut off anew', async () => {
    const { client_id } = await house.client();
    const once = () => post({ by: 'client', id: client_id }, '', { 'idempotency-key': `once-${client_id}` });
    const first = await once();
    expect((await once()).body).toEqual(first.body);
    expect((await house.audit(`client:${client_id}`)).map(({ action }) => action)).toEqual([
      'client.created',
      'tokens.revoked_by_client',
    ]);
  });

  test('a credential that is deleted can still be revoked by while it has left tokens behind', async () => {
    await counted({ credential_id: 'crd_gone', issued: 2 });
    expect((await post({ by: 'credential', id: 'crd_gone' })).body).toMatchObject({ hits: '2', applied: true });
  });
});

describe('refused, and nothing changes', () => {
  test.each(['client', 'credential', 'resource', 'signing_key'])('a %s that does not exist is 404', async (by) => {
    const before = await all();
    for (const query of ['', '?dry_run=true']) {
      const answer = await post({ by, id: 'nobody' }, query);
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
      expect(answer.body.detail).toBe(`There is no ${by.replace('_', ' ')} nobody; nothing was revoked.`);
    }
    expect(await all()).toEqual(before);
  });

  test('a deleted client is 404: its tokens are dead', async () => {
    const { client_id } = await house.client();
    await house.manage(`/api/clients/${client_id}`, { method: 'DELETE' });
    expect((await post({ by: 'client', id: client_id })).status).toBe(404);
  });

  test('an instant in the future is 422 and says so; a clock some seconds ahead is not', async () => {
    const { client_id } = await house.client();
    const before = await all();
    const answer = await post({ by: 'client', id: client_id, before: minutesFromNow(2).toISOString() });
    expect([answer.status, answer.body.code, answer.body.errors]).toEqual([
      422,
      'invalid_request',
      [
        {
          path: '/before',
          code: 'in_the_future',
          message: expect.stringMatching(/^lies in the future, seen from here/),
        },
      ],
    ]);
    expect(await all()).toEqual(before);
    expect((await post({ by: 'client', id: client_id, before: minutesFromNow(0.5).toISOString() })).status).toBe(200);
  });

  test.each<[Record<string, unknown>, string]>([
    [{}, '/by'],
    [{ by: 'family', id: 'x' }, '/by'],
    [{ by: 'client' }, '/id'],
    [{ by: 'installation', id: 'x' }, '/id'],
    [{ by: 'client', id: '' }, '/id'],
    [{ by: 'client', id: 'x', before: 'yesterday' }, '/before'],
    [{ by: 'client', id: 'x', before: '2027-01-01' }, '/before'],
    [{ by: 'client', id: 'x', dry_run: true }, '/dry_run'],
  ])('%j is 422', async (body, fault) => {
    const before = await all();
    const answer = await post(body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, fault]);
    expect(await all()).toEqual(before);
  });

  test('a dry run that is neither true nor false is 422, never a revocation', async () => {
    const before = await all();
    for (const query of ['?dry_run=maybe', '?dry_run=', '?dry_run=true&dry_run=true', '?dryrun=true']) {
      expect([query, (await post({ by: 'client', id: client.client_id }, query)).status]).toEqual([query, 422]);
    }
    expect(await all()).toEqual(before);
  });
});
