import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, House, type MadeClient } from '../support.js';

// Two api processes and no worker: tokens follow the clock all the same.
let houses: [House, House];
beforeAll(async () => {
  const one = await House.open();
  houses = [one, await one.beside()];
  await make('/api/features', { key: 'seats', name: 'Seats', type: 'limit' });
  for (const [key, seats] of Object.entries({ small: 1, large: 9 })) {
    await make('/api/plans', { key, name: key, features: { seats }, publish: true });
  }
}, 120_000);
afterAll(async () => {
  for (const house of houses.reverse()) await house.close();
});

const make = async (path: string, body: object, method = 'POST') => {
  const answer = await houses[0].manage(path, { body, method });
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const customer = async (): Promise<{ id: string; client: MadeClient }> => {
  const { id } = await make('/api/customers', { name: 'A', email: 'a@b.example', currency: 'EUR' });
  return { id, client: await houses[0].client({ customer_id: id }) };
};
const claimOf = (token: string) => claimsOf(token).entitlements;
/** What a token says that is asked for now, at each process, and what its introspection says there. */
const told = (client: MadeClient) =>
  Promise.all(
    houses.map(async (house) => {
      const token = await house.accessToken(client);
      const { body } = await house.form('introspect', { token }, client);
      expect(body.entitlements).toEqual(claimOf(token));
      return claimOf(token);
    }),
  );
const seats = async (client: MadeClient) => (await told(client)).map(({ features }) => features.seats);
const pass = (instant: string) => waitFor(`${instant} to pass`, () => Date.now() >= Date.parse(instant), { every: 1 });
const history = async (id: string) => {
  const { data } = (await houses[0].manage(`/api/customers/${id}/entitlements/history`)).body;
  return data
    .reverse()
    .map(({ at, cause, features }: { at: string; cause: string; features: { seats: number } }) => [
      features.seats,
      cause,
      ...(cause === 'time.passed' ? [at] : []),
    ]);
};

describe('at its instant, at both processes, without a worker', () => {
  test('an override ends', async () => {
    const { id, client } = await customer();
    const ends = inMs(5_000);
    await make(`/api/customers/${id}/overrides/seats`, { value: 5, reason: 'x', expires_at: ends }, 'PUT');
    expect(await seats(client)).toEqual([5, 5]);
    await pass(ends);
    const [one, other] = await told(client);
    expect([one, one.features.seats]).toEqual([other, 0]);
    expect(await history(id)).toEqual([
      [0, 'customer.created'],
      [5, 'override.set'],
      [0, 'time.passed', ends],
    ]);
  });

  test('a subscription begins, changes and ends, all while nobody looked', async () => {
    const { id, client } = await customer();
    const [start, change, end] = [6_000, 6_400, 6_800].map(inMs) as [string, string, string];
    const subscription = await make('/api/subscriptions', { customer_id: id, plan: 'small', start });
    await make(`/api/subscriptions/${subscription.id}`, { plan: 'large', at: change }, 'PATCH');
    await make(`/api/subscriptions/${subscription.id}`, { cancel: true, at: end }, 'PATCH');
    expect(await seats(client)).toEqual([0, 0]);
    await pass(end);
    expect(await seats(client)).toEqual([0, 0]);
    const turns = (await history(id)).filter(([, cause]: [number, string]) => cause === 'time.passed');
    expect(turns).toEqual([
      [1, 'time.passed', start],
      [9, 'time.passed', change],
      [0, 'time.passed', end],
    ]);
  });
});

test('suspended: no token at either process, and those that live are dead there; resumed, they live again', async () => {
  const { id, client } = await customer();
  const tokens = await Promise.all(houses.map((house) => house.accessToken(client)));
  const alive = async (): Promise<boolean[]> =>
    (await Promise.all(houses.map((house) => Promise.all(tokens.map((token) => house.isActive(token)))))).flat();
  const asked = () =>
    Promise.all(
      houses.map(async (house) => (await house.form('token', { grant_type: 'client_credentials' }, client)).status),
    );
  expect([await alive(), await asked()]).toEqual([Array(4).fill(true), [200, 200]]);
  await make(`/api/customers/${id}`, { status: 'suspended' }, 'PATCH');
  // The process that was told knows at once; the other within a second, or says that it does not know.
  expect([(await alive()).slice(0, 2), (await asked())[0]]).toEqual([[false, false], 401]);
  await waitFor('the other', async () => !(await alive()).includes(true) && (await asked())[1] === 401, {
    within: 2_000,
    every: 1,
  });
  await make(`/api/customers/${id}`, { status: 'active' }, 'PATCH');
  await waitFor('the other', async () => !(await alive()).includes(false) && (await asked())[1] === 200);
});
