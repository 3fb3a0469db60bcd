import { json, managementToken } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Works } from './support.js';

let works: Works;
let token: string;
beforeAll(async () => {
  works = await Works.open();
  token = await managementToken(works.api);
  await manage('/api/features', { key: 'seats', name: 'Seats', type: 'limit' });
});
afterAll(() => works.close());

const manage = async (path: string, body?: unknown, method?: string) => {
  const answer = await json(`${works.api.url}${path}`, { token, body, ...(method && { method }) });
  expect([200, 201]).toContain(answer.status);
  return answer.body;
};
const customer = async (): Promise<string> =>
  (await manage('/api/customers', { name: 'A', email: 'a@b.example', currency: 'EUR' })).id;
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();
const override = (id: string, value: number, expires_at: string) =>
  manage(`/api/customers/${id}/overrides/seats`, { value, reason: 'test', expires_at }, 'PUT');
/** The epochs in the database: asking the api would settle what the worker should. */
const epochs = (id: string) =>
  works.sql<{ epoch: number; at: Date; cause: string; seats: number }>(
    `SELECT epoch, at, cause, (body::json -> 'features' ->> 'seats')::int AS seats
     FROM entitlement_history WHERE customer_id = $1 ORDER BY epoch`,
    [id],
  );

test('overrides end at their instants, by one of two workers, once', async () => {
  await Promise.all([works.worker(), works.worker()]);
  const id = await customer();
  const ends = inSeconds(3);
  await override(id, 5, ends);
  const ended = await waitFor('the end of the override', async () => {
    const rows = await epochs(id);
    return rows.length > 2 && rows;
  });
  expect(ended.slice(1)).toEqual([
    { epoch: 2, at: expect.any(Date), cause: 'override.set', seats: 5 },
    { epoch: 3, at: new Date(ends), cause: 'time.passed', seats: 0 },
  ]);
});

test('what fell due while no worker ran takes effect at its own instant, also beside one that cannot', async () => {
  for (const worker of works.workers.splice(0)) await worker.stop();
  const made = [await customer(), await customer(), await customer()];
  const [broken, ...others] = made as [string, string, string];
  const ends = inSeconds(3);
  await Promise.all(made.map((id) => override(id, 7, ends)));
  // A history that is ahead of its snapshot: the next epoch cannot be written.
  await works.sql(
    `INSERT INTO entitlement_history SELECT customer_id, 3, hash, body, at, 'broken' FROM entitlement_snapshot
     WHERE customer_id = $1`,
    [broken],
  );
  await waitFor('the end to pass', () => Date.now() > Date.parse(ends) + 200);
  await works.worker();
  for (const id of others) {
    const rows = await waitFor('the end of the override', async () => {
      const found = await epochs(id);
      return found.length > 2 && found;
    });
    expect(rows.at(-1)).toEqual({ epoch: 3, at: new Date(ends), cause: 'time.passed', seats: 0 });
  }
  expect(await works.sql('SELECT epoch FROM entitlement_snapshot WHERE customer_id = $1', [broken])).toEqual([
    { epoch: 2 },
  ]);
});

test('reservations past their end are given back, committed ones are not', async () => {
  const id = await customer();
  await override(id, 10, '2099-01-01T00:00:00Z');
  const reserve = (amount: number) =>
    manage('/api/quotas', { customer_id: id, feature: 'seats', amount, expires_in: 600 });
  const [lost, kept] = [await reserve(3), await reserve(4)];
  await manage(`/api/quotas/${kept.id}/commit`, undefined, 'POST');
  await works.sql("UPDATE quota_reservation SET expires_at = now() - interval '1 ms' WHERE id = ANY($1)", [
    [lost.id, kept.id],
  ]);
  const states = () =>
    works.sql(
      `SELECT (SELECT used::int FROM quota_use WHERE customer_id = $1) AS used,
        (SELECT json_object_agg(id, state) FROM quota_reservation WHERE customer_id = $1) AS states`,
      [id],
    );
  const [after] = await waitFor('the reservation to return', async () => {
    const rows = await states();
    return rows[0].used === 4 && rows;
  });
  expect(after.states).toEqual({ [lost.id]: 'expired', [kept.id]: 'committed' });
});
