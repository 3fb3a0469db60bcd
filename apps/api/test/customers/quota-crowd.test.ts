import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

// Two api processes and no worker: what expires is free by the clock of the database.
const CROWD = Number(process.env.QUOTA_CROWD ?? 300);
const UNLIMITED = { MANAGEMENT_RATE_PER_SECOND: '100000', MANAGEMENT_ADDRESS_RATE_PER_SECOND: '100000' };
let houses: [House, House];
beforeAll(async () => {
  const one = await House.open({ env: UNLIMITED });
  houses = [one, await one.beside(UNLIMITED)];
  await one.manage('/api/features', { body: { key: 'seats', name: 'Seats', type: 'limit' } });
});
afterAll(async () => {
  for (const house of houses.reverse()) await house.close();
});

const limit = (id: string, value: number | null) =>
  houses[0].manage(`/api/customers/${id}/overrides/seats`, { method: 'PUT', body: { value, reason: 'test' } });
const customer = async (seats: number | null): Promise<string> => {
  const body = { name: 'A', email: 'a@b.example', currency: 'EUR' };
  const made = (await houses[0].manage('/api/customers', { body })).body;
  expect((await limit(made.id, seats)).status).toBe(200);
  return made.id;
};
// A busy process may say "not now", a killed one nothing at all: its holder asks again and takes nothing twice.
const patiently = <Answer extends { status: number }>(ask: () => Promise<Answer>) =>
  waitFor(
    'an answer',
    async () => {
      const answer = await ask();
      return answer.status !== 503 && answer;
    },
    { within: 120_000, every: 250 },
  );
/** Asks one process, and the other if that has died. */
const asked = (house: House) => (house === houses[1] && isKilled ? houses[0] : house);
let isKilled = false;
const reserve = (house: House, customer_id: string, body: Record<string, unknown> = {}) =>
  patiently(() => asked(house).manage('/api/quotas', { body: { customer_id, feature: 'seats', ...body } }));
const act = (house: House, id: string, what: 'commit' | 'release') =>
  patiently(() => house.manage(`/api/quotas/${id}/${what}`, { method: 'POST' }));
const both = <Result>(what: (house: House) => Promise<Result>) => Promise.all(houses.map(what));
const quota = (id: string) =>
  both(async (house) => {
    const { limit: most, used, free } = (await patiently(() => house.manage(`/api/quotas/${id}/seats`))).body;
    return [most, used, free];
  });
/** What is counted is what is held, by the rows themselves. */
const books = async (id: string) => {
  const [row] = await houses[0].sql(
    `SELECT (SELECT coalesce(sum(used), 0)::int FROM quota_use WHERE customer_id = $1) AS counted,
      coalesce(sum(amount) FILTER (WHERE state IN ('reserved', 'committed')), 0)::int AS held,
      count(*) FILTER (WHERE state = 'expired')::int AS expired FROM quota_reservation WHERE customer_id = $1`,
    [id],
  );
  return row;
};

describe('at two processes', () => {
  test('one holder has one reservation, wherever he asks', async () => {
    const id = await customer(9);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => reserve(houses[index % 2] as House, id, { holder: 'h', amount: 4 })),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    const [first] = answers;
    const committed = await both((house) => act(house, first?.body.id, 'commit'));
    expect(committed.map(({ body }) => body)).toEqual(
      Array(2).fill({ ...first?.body, state: 'committed', expires_at: null }),
    );
    expect(await quota(id)).toEqual(Array(2).fill([9, 4, 5]));
    const released = await both((house) => act(house, first?.body.id, 'release'));
    expect(released.map(({ status, body }) => [status, body.state])).toEqual(Array(2).fill([200, 'released']));
    expect(await quota(id)).toEqual(Array(2).fill([9, 0, 9]));
    expect(await books(id)).toEqual({ counted: 0, held: 0, expired: 0 });
  });

  test('a limit that changes under a crowd is kept by both: never more than the highest, and exactly the last', async () => {
    const id = await customer(5);
    const crowd = Promise.all(
      Array.from({ length: 40 }, (_, index) => reserve(houses[index % 2] as House, id, { expires_in: 600 })),
    );
    await limit(id, 20);
    const granted = (await crowd).filter(({ status }) => status === 201).length;
    expect(granted).toBeGreaterThanOrEqual(5);
    expect(granted).toBeLessThanOrEqual(20);
    await limit(id, 12);
    const more = await Promise.all(Array.from({ length: 20 }, (_, index) => reserve(houses[index % 2] as House, id)));
    const last = more.filter(({ status }) => status === 201).length;
    expect(granted + last).toBe(Math.max(granted, 12));
    expect(await quota(id)).toEqual(Array(2).fill([12, granted + last, 0]));
    await limit(id, null);
    expect((await both((house) => reserve(house, id, { amount: 500 }))).map(({ status }) => status)).toEqual([
      201, 201,
    ]);
    expect(await books(id)).toEqual({ counted: granted + last + 1_000, held: granted + last + 1_000, expired: 0 });
  });

  test('what a crashed holder had is free at its end, for one of those who wait, by the clock of the database', async () => {
    const id = await customer(3);
    const lost = await reserve(houses[0], id, { amount: 3, holder: 'crashed', expires_in: 2 });
    const next = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((holder, index) =>
        waitFor(
          'a part, or that others have it',
          async () => {
            const answer = await reserve(houses[index % 2] as House, id, { holder, expires_in: 600 });
            return (answer.status === 201 || (await books(id)).expired > 0) && answer;
          },
          { within: 30_000, every: 50 },
        ),
      ),
    );
    const granted = next.filter(({ status }) => status === 201);
    expect(granted).toHaveLength(3);
    for (const { body } of granted)
      expect(Date.parse(body.created_at)).toBeGreaterThanOrEqual(Date.parse(lost.body.expires_at));
    expect(await both(async (house) => (await act(house, lost.body.id, 'commit')).body.code)).toEqual(
      Array(2).fill('reservation_ended'),
    );
    expect(await books(id)).toEqual({ counted: 3, held: 3, expired: 1 });
  });
});

test(`${CROWD} at once on a limit of 100, one of the two processes killed meanwhile: exactly 100`, async () => {
  const id = await customer(100);
  const began = performance.now();
  const answers = Array.from({ length: CROWD }, (_, index) =>
    reserve(houses[index % 2] as House, id, { holder: `holder ${index}`, expires_in: 600 }),
  );
  await waitFor('the first to have a part', async () => (await books(id)).held > 10, { within: 60_000, every: 5 });
  isKilled = true;
  await houses[1].api.kill();
  const all = await Promise.all(answers);
  const granted = all.filter(({ status }) => status === 201);
  const refused = all.filter(({ status, body }) => status === 409 && body.code === 'quota_exceeded');
  expect([granted.length, refused.length]).toEqual([100, CROWD - 100]);
  expect(new Set(granted.map(({ body }) => body.id)).size).toBe(100);
  expect(await books(id)).toEqual({ counted: 100, held: 100, expired: 0 });
  process.stderr.write(`${CROWD} reservations in ${((performance.now() - began) / 1_000).toFixed(1)} s\n`);
}, 200_000);
