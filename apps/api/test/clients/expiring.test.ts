import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

describe('what is ending', () => {
  const DAY = 86_400_000;
  test('stands in the warnings of a client and, the soonest first, in the overview', async () => {
    const at = (days: number) => new Date(Date.now() + days * DAY).toISOString();
    const soon = await house.client({ client_id: 'ends-soon', name: 'Ends soon', expiry: at(6) });
    const safe = await house.client({ client_id: 'ends-never' });
    await house.client({ client_id: 'ends-later', expiry: at(31) });
    const gone = await house.client({ client_id: 'ends-gone', expiry: at(5) });
    await house.manage(`/api/clients/${gone.client_id}`, { method: 'DELETE' });
    const add = ({ client_id }: { client_id: string }, body: object) =>
      house.manage(`/api/clients/${client_id}/credentials`, { body: { kind: 'secret', ...body } });
    const key = (await add(safe, { label: 'ci', expires_at: at(2) })).body;
    // Outlived by its client, so nothing to tell beside the client.
    await add(soon, { expires_at: at(7) });

    const { body } = await house.manage('/api/overview');
    expect(body.expiring).toEqual([
      { kind: 'credential', client_id: 'ends-never', id: key.id, label: 'ci', expires_at: key.expires_at },
      { kind: 'client', client_id: 'ends-soon', id: 'ends-soon', label: 'Ends soon', expires_at: soon.expiry },
    ]);
    const warnings = async ({ client_id }: { client_id: string }) =>
      (await house.manage(`/api/clients/${client_id}`)).body.warnings;
    expect(await warnings(safe)).toEqual([
      { code: 'credential_expires_soon', message: expect.stringContaining('‘ci’ expires in 1 d') },
    ]);
    expect(await warnings(soon)).toEqual([
      { code: 'client_expires_soon', message: expect.stringContaining('expires in 5 d') },
      { code: 'credential_expires_soon', message: expect.any(String) },
    ]);
  });
});
