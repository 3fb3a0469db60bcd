import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

// No worker runs here: a reservation past its end is free all the same.
let house: House;
beforeAll(async () => {
  house = await House.open();
  for (const [key, type] of Object.entries({ seats: 'limit', calls: 'limit', api: 'switch' })) {
    expect((await house.manage('/api/features', { body: { key, name: key, type } })).status).toBe(201);
  }
});
afterAll(() => house.close());

/** A customer with a limit of so many seats; null is unlimited. */
const customer = async (seats: number | null): Promise<string> => {
  const made = await house.manage('/api/customers', { body: { name: 'A', email: 'a@b.example', currency: 'EUR' } });
  await limit(made.body.id, seats);
  return made.body.id;
};
const limit = async (id: string, value: number | null, more: Record<string, unknown> = {}) => {
  const body = { value, reason: 'test', ...more };
  expect((await house.manage(`/api/customers/${id}/overrides/seats`, { method: 'PUT', body })).status).toBe(200);
};
const reserve = (customer_id: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  house.manage('/api/quotas', { body: { customer_id, feature: 'seats', ...body }, headers });
const act = (id: string, what: 'commit' | 'release') => house.manage(`/api/quotas/${id}/${what}`, { method: 'POST' });
const quota = async (id: string) => {
  const { limit: most, used, free } = (await house.manage(`/api/quotas/${id}/seats`)).body;
  return [most, used, free];
};
/** What is counted is what is held. */
const checkBooks = async (id: string) => {
  const [row] = await house.sql(
    `SELECT (SELECT coalesce(sum(used), 0)::int FROM quota_use WHERE customer_id = $1) AS counted,
      (SELECT coalesce(sum(amount), 0)::int FROM quota_reservation
       WHERE customer_id = $1 AND state IN ('reserved', 'committed')) AS held`,
    [id],
  );
  expect(row.counted).toBe(row.held);
};

describe('POST /api/quotas', () => {
  test('takes a part, whole', async () => {
    const id = await customer(10);
    const { status, body } = await reserve(id, { amount: 4, holder: 'machine 7', expires_in: 30 });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^rsv_[0-9a-z]{26}$/),
        customer_id: id,
        feature: 'seats',
        amount: 4,
        holder: 'machine 7',
        state: 'reserved',
        expires_at: expect.any(String),
        created_at: expect.any(String),
      },
    ]);
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(30_000);
    expect((await house.manage(`/api/quotas/${id}/seats`)).body).toEqual({
      customer_id: id,
      feature: 'seats',
      limit: 10,
      used: 4,
      free: 6,
    });
  });

  test('more than is free is 409 and says what is free; nothing is taken', async () => {
    const id = await customer(10);
    await reserve(id, { amount: 7 });
    const { status, body } = await reserve(id, { amount: 4 });
    expect([status, body.code, body.detail, body.errors]).toEqual([
      409,
      'quota_exceeded',
      'Of seats 10 can be had, 7 are taken and 3 free; 4 are too many.',
      [{ path: '/amount', code: 'quota_exceeded', message: 'must be at most 3' }],
    ]);
    expect(await quota(id)).toEqual([10, 7, 3]);
    expect((await reserve(id, { amount: 3 })).status).toBe(201);
    await checkBooks(id);
  });

  test('a limit lowered below what is used takes nothing away and gives nothing out; raised, it does again', async () => {
    const id = await customer(10);
    const { body } = await reserve(id, { amount: 10 });
    await limit(id, 5);
    expect(await quota(id)).toEqual([5, 10, 0]);
    expect((await reserve(id)).status).toBe(409);
    expect((await act(body.id, 'commit')).status).toBe(200);
    expect(await quota(id)).toEqual([5, 10, 0]);
    await limit(id, 12);
    const refused = await reserve(id, { amount: 3 });
    expect([refused.status, refused.body.errors[0].message]).toEqual([409, 'must be at most 2']);
    expect((await reserve(id, { amount: 2 })).status).toBe(201);
    await limit(id, null);
    expect((await reserve(id, { amount: 1_000 })).status).toBe(201);
    expect(await quota(id)).toEqual([null, 1_012, null]);
    await checkBooks(id);
  });

  test('null is unlimited, and nothing is nothing', async () => {
    const id = await customer(null);
    expect((await reserve(id, { amount: 1_000_000_000 })).status).toBe(201);
    expect(await quota(id)).toEqual([null, 1_000_000_000, null]);
    expect((await reserve(await customer(0))).status).toBe(409);
  });

  test('one holder has one reservation, whoever asks how often', async () => {
    const id = await customer(3);
    const answers = await Promise.all(Array.from({ length: 8 }, () => reserve(id, { holder: 'h', amount: 2 })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(await quota(id)).toEqual([3, 2, 1]);
    const other = await reserve(id, { holder: 'h', amount: 1 });
    expect([other.status, other.body.code, other.body.detail]).toEqual([
      409,
      'reservation_differs',
      'h holds 2 of seats already. Release that first.',
    ]);
    await act(answers[0]?.body.id, 'release');
    const again = await reserve(id, { holder: 'h', amount: 1 });
    expect([again.status, again.body.id === answers[0]?.body.id]).toEqual([201, false]);
    await checkBooks(id);
  });

  test('a retry with its Idempotency-Key takes nothing more, also when nothing is left', async () => {
    const id = await customer(1);
    const again = () => reserve(id, {}, { 'idempotency-key': `once-${id}` });
    const [one, two] = [await again(), await again()];
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    expect(await quota(id)).toEqual([1, 1, 0]);
  });

  test.each<[string, Record<string, unknown>, number, string, string | undefined]>([
    ['nobody', { customer_id: 'cus_nobody' }, 404, 'not_found', undefined],
    ['no such feature', { feature: 'nothing' }, 404, 'not_found', undefined],
    ['a switch', { feature: 'api' }, 422, 'invalid_request', '/feature'],
    ['nothing', { amount: 0 }, 422, 'invalid_request', '/amount'],
    ['a part of one', { amount: 0.5 }, 422, 'invalid_request', '/amount'],
    ['for ever', { expires_in: 86_401 }, 422, 'invalid_request', '/expires_in'],
    ['a holder with NUL', { holder: '\u0000' }, 422, 'invalid_request', '/holder'],
    ['an unknown field', { state: 'committed' }, 422, 'invalid_request', '/state'],
  ])('%s is refused', async (_what, body, status, code, fault) => {
    const answer = await reserve(await customer(5), body);
    expect([answer.status, answer.body.code, answer.body.errors?.[0].path]).toEqual([status, code, fault]);
  });

  test('a suspended customer takes nothing more, and may give back', async () => {
    const id = await customer(5);
    const { body } = await reserve(id);
    await house.manage(`/api/customers/${id}`, { method: 'PATCH', body: { status: 'suspended' } });
    const refused = await reserve(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'customer_suspended']);
    expect((await act(body.id, 'release')).status).toBe(200);
    expect(await quota(id)).toEqual([5, 0, 5]);
  });
});

describe('commit and release', () => {
  test('committed is kept for good; both are the same again', async () => {
    const id = await customer(5);
    const { body } = await reserve(id, { amount: 2, expires_in: 60 });
    const committed = await act(body.id, 'commit');
    expect([committed.status, committed.body]).toEqual([200, { ...body, state: 'committed', expires_at: null }]);
    expect((await act(body.id, 'commit')).body).toEqual(committed.body);
    expect(await quota(id)).toEqual([5, 2, 3]);
    const released = await act(body.id, 'release');
    expect(released.body).toEqual({ ...committed.body, state: 'released' });
    expect((await act(body.id, 'release')).body).toEqual(released.body);
    expect(await quota(id)).toEqual([5, 0, 5]);
    const late = await act(body.id, 'commit');
    expect([late.status, late.body.code, late.body.detail]).toEqual([
      409,
      'reservation_ended',
      `The reservation ${body.id} is released: it holds nothing any more. Reserve anew.`,
    ]);
    await checkBooks(id);
  });

  test('ten at once that release one: it is given back once', async () => {
    const id = await customer(5);
    const { body } = await reserve(id, { amount: 2 });
    await reserve(id, { amount: 3 });
    await Promise.all(Array.from({ length: 10 }, () => act(body.id, 'release')));
    expect(await quota(id)).toEqual([5, 3, 2]);
    await checkBooks(id);
  });

  test('what nobody reserved is 404', async () => {
    for (const what of ['commit', 'release'] as const) {
      expect((await act('rsv_nothing', what)).body).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('a reservation past its end', () => {
  test('is free at that instant, without anybody having noted it; its holder cannot commit it', async () => {
    const id = await customer(1);
    const { body } = await reserve(id, { expires_in: 3, holder: 'crashed' });
    expect((await reserve(id)).status).toBe(409);
    const next = await waitFor('the reservation to return', async () => {
      const answer = await reserve(id);
      return answer.status === 201 && answer.body;
    });
    expect(Date.parse(next.created_at)).toBeGreaterThanOrEqual(Date.parse(body.expires_at));
    const late = await act(body.id, 'commit');
    expect([late.status, late.body.code]).toEqual([409, 'reservation_ended']);
    expect((await act(body.id, 'release')).body).toEqual({ ...body, state: 'expired' });
    expect(await quota(id)).toEqual([1, 1, 0]);
    await checkBooks(id);
  });

  test('counts as free when asked', async () => {
    const id = await customer(3);
    const { body } = await reserve(id, { amount: 3 });
    await house.sql("UPDATE quota_reservation SET expires_at = now() - interval '1 ms' WHERE id = $1", [body.id]);
    expect(await quota(id)).toEqual([3, 0, 3]);
  });
});

test('a limit that has ended by itself holds no longer, whoever is asleep', async () => {
  const id = await customer(0);
  await limit(id, 9, { expires_at: new Date(Date.now() + 4_000).toISOString() });
  expect((await reserve(id, { amount: 9 })).status).toBe(201);
  await waitFor('the end of the limit', async () => (await quota(id))[0] === 0);
  expect(await quota(id)).toEqual([0, 9, 0]);
});
