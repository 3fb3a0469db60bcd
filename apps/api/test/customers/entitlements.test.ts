import { createHash } from 'node:crypto';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

// No worker runs here: whatever falls due, the api must see to itself.
let house: House;
let actor: string;
beforeAll(async () => {
  house = await House.open();
  actor = `client:${house.api.admin.client_id}`;
  for (const feature of [
    { key: 'api', type: 'switch' },
    { key: 'region', type: 'value', default: 'eu' },
    { key: 'seats', type: 'limit' },
  ]) {
    expect((await house.manage('/api/features', { body: { name: 'F', ...feature } })).status).toBe(201);
  }
});
afterAll(() => house.close());

const customer = async (name = 'A'): Promise<string> =>
  (await house.manage('/api/customers', { body: { name, email: 'a@b.example', currency: 'EUR' } })).body.id;
const entitled = (id: string, query = '', headers: Record<string, string> = {}) =>
  house.manage(`/api/customers/${id}/entitlements${query}`, { headers });
const history = (id: string, query = '') => house.manage(`/api/customers/${id}/entitlements/history${query}`);
const override = (id: string, feature: string, body: Record<string, unknown>, query = '') =>
  house.manage(`/api/customers/${id}/overrides/${feature}${query}`, {
    method: 'PUT',
    body: { reason: 'agreed', ...body },
  });
const remove = (id: string, feature: string, query = '') =>
  house.manage(`/api/customers/${id}/overrides/${feature}${query}`, { method: 'DELETE' });
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
const all = () =>
  house.sql(`SELECT (SELECT json_agg(o ORDER BY customer_id, feature) FROM entitlement_override o) o,
    (SELECT json_agg(s ORDER BY customer_id) FROM entitlement_snapshot s) s, (SELECT count(*) FROM audit_log) a`);

describe('GET /api/customers/{id}/entitlements', () => {
  test('the hash is that of the canonical JSON without epoch and hash', async () => {
    const id = await customer();
    const { body } = await entitled(id);
    const { customer: own, features, plans, status, valid_until } = body;
    expect(Object.keys(body)).toEqual(['customer', 'epoch', 'hash', 'status', 'plans', 'features', 'valid_until']);
    const text = JSON.stringify({ customer: own, features, plans, status, valid_until });
    expect(body.hash).toBe(createHash('sha256').update(text).digest('base64url'));
  });

  test('its ETag is hash and epoch; who has it gets 304 and no body', async () => {
    const id = await customer();
    const first = await entitled(id);
    const etag = `"${first.body.hash}.${first.body.epoch}"`;
    expect([first.headers.get('etag'), first.headers.get('cache-control')]).toEqual([etag, 'private, no-cache']);
    for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const answer = await entitled(id, '', { 'if-none-match': tags });
      expect([tags, answer.status, answer.body, answer.headers.get('etag')]).toEqual([tags, 304, null, etag]);
    }
    expect((await entitled(id, '', { 'if-none-match': '"x"' })).status).toBe(200);
    await override(id, 'seats', { value: 5 });
    expect((await entitled(id, '', { 'if-none-match': etag })).body).toMatchObject({
      epoch: 2,
      features: { seats: 5 },
    });
    await remove(id, 'seats');
    const third = await entitled(id, '', { 'if-none-match': etag });
    expect(third.body).toEqual({ ...first.body, epoch: 3 });
  });

  test('?at= tells what was true at any past instant', async () => {
    const id = await customer();
    const [start] = (await history(id)).body.data;
    await override(id, 'seats', { value: 5 });
    await override(id, 'seats', { value: 6 });
    const epochs = (await history(id)).body.data.reverse();
    expect(epochs.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2, 3]);
    for (const { at, cause, ...then } of epochs) expect((await entitled(id, `?at=${at}`)).body).toEqual(then);
    const before = new Date(Date.parse(start.at) - 1).toISOString();
    const early = await entitled(id, `?at=${before}`);
    expect([early.status, early.body.code, early.body.detail]).toEqual([
      404,
      'not_found',
      `At ${before.replace('.000Z', 'Z')} there was no customer ${id} yet.`,
    ]);
    const late = await entitled(id, `?at=${inSeconds(60)}`);
    expect([late.status, late.body.errors]).toEqual([
      422,
      [
        {
          path: '?at',
          code: 'in_the_future',
          message: expect.stringMatching(/^must not lie in the future: it is .*Z now/),
        },
      ],
    ]);
    expect((await entitled(id, '?at=yesterday')).status).toBe(422);
    expect((await entitled('cus_nobody', `?at=${before}`)).status).toBe(404);
  });

  test('the history pages, and names the causes', async () => {
    const id = await customer();
    for (const value of [1, 2, 3, 4]) await override(id, 'seats', { value });
    const pages = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await history(id, `?limit=2${cursor && `&cursor=${cursor}`}`);
      pages.push(body.data.map(({ epoch, cause }: { epoch: number; cause: string }) => `${epoch} ${cause}`));
      cursor = body.next_cursor;
    }
    expect(pages).toEqual([
      ['5 override.set', '4 override.set'],
      ['3 override.set', '2 override.set'],
      ['1 customer.created'],
    ]);
    expect((await history(id, '?cursor=0')).status).toBe(422);
    expect((await history('cus_nobody')).status).toBe(404);
  });

  test('what fell due is settled before the answer, at its own instant', async () => {
    const id = await customer();
    const ends = inSeconds(4);
    await override(id, 'seats', { value: 5, expires_at: ends });
    expect((await entitled(id)).body).toMatchObject({ epoch: 2, features: { seats: 5 }, valid_until: ends });
    const after = await waitFor('the end of the override', async () => {
      const { body } = await entitled(id);
      return body.epoch > 2 && body;
    });
    expect(after).toMatchObject({ epoch: 3, features: { seats: 0 }, valid_until: null });
    const [last] = (await history(id)).body.data;
    expect([last.at, last.cause]).toEqual([ends, 'time.passed']);
    const justBefore = new Date(Date.parse(ends) - 1).toISOString();
    expect((await entitled(id, `?at=${justBefore}`)).body.features.seats).toBe(5);
    expect((await entitled(id, `?at=${ends}`)).body.features.seats).toBe(0);
  });

  test('grants that began and ended while nobody looked are in the history, each at its instant', async () => {
    const id = await customer();
    const [from, until] = [inSeconds(0.4), inSeconds(0.8)];
    await house.sql(
      `INSERT INTO entitlement_grant VALUES ('grt_' || $1, $1, 'plan', 'sbi_1', 'trial@1', 2, '{"api": true, "seats": 9}', $2, $3)`,
      [id, from, until],
    );
    // Whoever gives also says when it changes next; the row above went past that.
    await house.sql('UPDATE entitlement_snapshot SET valid_until = $2 WHERE customer_id = $1', [id, from]);
    await waitFor('both to pass', () => Date.now() > Date.parse(until));
    expect((await entitled(id)).body).toMatchObject({ epoch: 3, plans: [], features: { api: false, seats: 0 } });
    const { data } = (await history(id)).body;
    expect(data.slice(0, 2)).toMatchObject([
      { epoch: 3, at: until, plans: [], valid_until: null },
      { epoch: 2, at: from, plans: ['trial@1'], features: { api: true, seats: 9 }, valid_until: until },
    ]);
  });
});

describe('overrides', () => {
  test('one is set, wins, is listed with who and why, and is taken back', async () => {
    const id = await customer();
    const answer = await override(id, 'region', {
      value: { zone: 'us' },
      reason: ' pilot ',
      expires_at: '2099-01-01T01:00:00+01:00',
    });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        customer_id: id,
        feature: 'region',
        value: { zone: 'us' },
        reason: 'pilot',
        expires_at: '2099-01-01T00:00:00Z',
        created_at: expect.any(String),
        created_by: actor,
      },
    ]);
    expect((await house.manage(`/api/customers/${id}/overrides`)).body).toEqual({ data: [answer.body] });
    expect((await entitled(id)).body).toMatchObject({
      features: { region: { zone: 'us' } },
      valid_until: '2099-01-01T00:00:00Z',
    });
    const terms = { value: { zone: 'us' }, reason: 'pilot', expires_at: '2099-01-01T00:00:00Z' };
    expect((await remove(id, 'region')).status).toBe(204);
    expect((await entitled(id)).body).toMatchObject({ epoch: 3, features: { region: 'eu' }, valid_until: null });
    expect((await house.audit(`customer:${id}`)).slice(1)).toEqual([
      { actor, action: 'override.set', detail: { feature: 'region', from: null, to: terms } },
      { actor, action: 'override.deleted', detail: { feature: 'region', from: terms, to: null } },
    ]);
    expect((await remove(id, 'region')).status).toBe(404);
  });

  test('the same again changes nothing; another replaces it, with the difference on record', async () => {
    const id = await customer();
    const first = await override(id, 'region', { value: { a: 1, b: 2 } });
    const before = await all();
    expect((await override(id, 'region', { value: { b: 2, a: 1 } })).body).toEqual(first.body);
    expect(await all()).toEqual(before);
    await override(id, 'region', { value: null, reason: 'none' });
    expect((await entitled(id)).body).toMatchObject({ epoch: 3, features: { region: null } });
    expect((await house.audit(`customer:${id}`)).at(-1)?.detail).toEqual({
      feature: 'region',
      from: { value: { a: 1, b: 2 }, reason: 'agreed', expires_at: null },
      to: { value: null, reason: 'none', expires_at: null },
    });
  });

  test('null makes a limit unlimited', async () => {
    const id = await customer();
    expect((await override(id, 'seats', { value: null })).body.value).toBeNull();
    expect((await entitled(id)).body.features.seats).toBeNull();
  });

  test.each<[string, string, Record<string, unknown>, number, string | undefined]>([
    ['a number for a switch', 'api', { value: 1 }, 422, '/value'],
    ['a text for a limit', 'seats', { value: '5' }, 422, '/value'],
    ['no value', 'seats', {}, 422, '/value'],
    ['no reason', 'seats', { value: 1, reason: '' }, 422, '/reason'],
    ['an end that has passed', 'seats', { value: 1, expires_at: '2020-01-01T00:00:00Z' }, 422, '/expires_at'],
    ['an end without offset', 'seats', { value: 1, expires_at: '2099-01-01T00:00:00' }, 422, '/expires_at'],
    ['an unknown field', 'seats', { value: 1, x: 1 }, 422, '/x'],
    ['no such feature', 'nothing', { value: 1 }, 404, undefined],
    ['no feature key at all', 'NO', { value: 1 }, 422, '/feature'],
  ])('%s is refused, dry or not', async (_what, feature, body, expected, fault) => {
    const id = await customer();
    const before = await all();
    for (const query of ['', '?dry_run=true']) {
      const answer = await override(id, feature, body, query);
      expect([answer.status, answer.body.errors?.[0].path]).toEqual([expected, fault]);
    }
    expect(await all()).toEqual(before);
  });

  test('nobody has none', async () => {
    for (const query of ['', '?dry_run=true']) {
      expect((await override('cus_nobody', 'seats', { value: 1 }, query)).status).toBe(404);
      expect((await remove('cus_nobody', 'seats', query)).status).toBe(404);
    }
    expect((await house.manage('/api/customers/cus_nobody/overrides')).status).toBe(404);
  });

  test('a dry run tells who gains and loses what, and it is what then happens', async () => {
    const id = await customer('Previewed');
    const seats = (from: unknown, to: unknown) => ({ seats: { from, to } });
    const steps: [() => ReturnType<typeof remove>, () => ReturnType<typeof remove>, object, object][] = [
      [
        () => override(id, 'seats', { value: 5 }, '?dry_run=true'),
        () => override(id, 'seats', { value: 5 }),
        seats(0, 5),
        {},
      ],
      [
        () => override(id, 'seats', { value: 2 }, '?dry_run=true'),
        () => override(id, 'seats', { value: 2 }),
        {},
        seats(5, 2),
      ],
      [() => remove(id, 'seats', '?dry_run=true'), () => remove(id, 'seats'), {}, seats(2, 0)],
    ];
    for (const [dry, real, gains, loses] of steps) {
      const before = await all();
      const answer = await dry();
      expect([answer.status, answer.body]).toEqual([
        200,
        { customers_changed: 1, customers: [{ customer: id, name: 'Previewed', gains, loses }] },
      ]);
      expect(await all()).toEqual(before);
      await real();
      const [change] = Object.values({ ...gains, ...loses }) as { to: unknown }[];
      expect((await entitled(id)).body.features.seats).toEqual(change?.to);
    }
    const none = await override(id, 'seats', { value: 0 }, '?dry_run=true');
    expect(none.body).toEqual({ customers_changed: 0, customers: [] });
  });

  test('twenty at once on one customer: every epoch once, the last is what stands', async () => {
    const id = await customer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => override(id, 'seats', { value: index + 1 })),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const { data } = (await history(id, '?limit=100')).body;
    expect(data.map(({ epoch }: { epoch: number }) => epoch)).toEqual(
      data.map((_: unknown, index: number) => data.length - index),
    );
    expect(data).toHaveLength(21);
    const times = data.map(({ at }: { at: string }) => Date.parse(at));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const { at, cause, ...newest } = data[0];
    expect((await entitled(id)).body).toEqual(newest);
    const [{ value }] = (await house.manage(`/api/customers/${id}/overrides`)).body.data;
    expect(newest.features.seats).toBe(value);
  });
});
