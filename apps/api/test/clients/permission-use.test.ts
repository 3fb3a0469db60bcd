import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const DAY = 86_400_000;
let house: House;
beforeAll(async () => {
  house = await House.open({ env: { USAGE_FLUSH_MS: '50' } });
});
afterAll(() => house.close());

const useOf = async ({ client_id }: MadeClient) =>
  (await house.manage(`/api/clients/${client_id}/permission-use`)).body;

describe('GET /api/clients/{client_id}/permission-use', () => {
  test('a client that asks by name: what it asked for would be enough', async () => {
    const made = await house.client();
    for (let count = 0; count < 3; count++) await house.accessToken(made, 'read');
    const use = await waitFor('the counts', async () => {
      const body = await useOf(made);
      return body.data[0].requested === '3' && body;
    });
    const today = Date.now() - (Date.now() % DAY);
    expect(use).toEqual({
      since: new Date(today - 90 * DAY).toISOString().replace('.000Z', 'Z'),
      relies_on_default: false,
      data: [
        { scope: 'read', requested: '3', defaulted: '0', last_used_at: expect.stringMatching(/Z$/) },
        { scope: 'write', requested: '0', defaulted: '0', last_used_at: null },
      ],
      suggested_scopes: ['read'],
    });
    const narrowed = await house.manage(`/api/clients/${made.client_id}`, {
      method: 'PATCH',
      body: { scopes: use.suggested_scopes },
    });
    expect([narrowed.status, narrowed.body.scopes]).toEqual([200, ['read']]);
    expect((await useOf(made)).data.map(({ scope }: { scope: string }) => scope)).toEqual(['read']);
  });

  test('one that does not say needs perhaps all', async () => {
    const made = await house.client();
    await house.accessToken(made, 'read');
    await house.accessToken(made);
    const use = await waitFor('the counts', async () => {
      const body = await useOf(made);
      return body.data[1].defaulted === '1' && body.data[0].requested === '1' && body;
    });
    expect(use).toMatchObject({
      relies_on_default: true,
      data: [
        { requested: '1', defaulted: '1' },
        { requested: '0', defaulted: '1' },
      ],
      suggested_scopes: ['read', 'write'],
    });
  });

  test('folded days count, those before the 90 days do not; another client is another', async () => {
    const [made, other] = [await house.client(), await house.client()];
    await house.sql(
      `INSERT INTO scope_use (client_id, scope, day, requested, defaulted, last_at) VALUES
       ($1, 'read', current_date - 91, 5, 5, now() - interval '91 days'),
       ($1, 'write', (now() AT TIME ZONE 'UTC')::date - 90, 7, 0, now() - interval '90 days'),
       ($1, 'write', (now() AT TIME ZONE 'UTC')::date, 2, 0, now())`,
      [made.client_id],
    );
    expect(await useOf(made)).toMatchObject({
      relies_on_default: false,
      data: [
        { scope: 'read', requested: '0', defaulted: '0', last_used_at: null },
        { scope: 'write', requested: '9', defaulted: '0' },
      ],
      suggested_scopes: ['write'],
    });
    expect(await useOf(other)).toMatchObject({ relies_on_default: false, suggested_scopes: ['read', 'write'] });
  });

  test('an unknown client is 404', async () => {
    expect((await house.manage('/api/clients/nobody/permission-use')).status).toBe(404);
  });
});
