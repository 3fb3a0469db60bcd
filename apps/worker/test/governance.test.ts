import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Works } from './support.js';

const patience = { within: 40_000 };
const DAY = 86_400_000;
let works: Works;
beforeAll(async () => {
  works = await Works.open();
});
afterAll(() => works.close());

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const credentialOf = async ({ client_id }: { client_id: string }): Promise<string> =>
  (await works.sql('SELECT id FROM credential WHERE client_id = $1', [client_id]))[0].id;

describe('uses of credentials', () => {
  const counted = (id: string) =>
    works.sql('SELECT uses::int, address FROM credential_use WHERE credential_id = $1', [id]);

  test('are folded exactly once, with two workers at once and one of them killed', async () => {
    const client = await works.client();
    const id = await credentialOf(client);
    const victim = await works.worker();
    await works.worker();
    const work = works.issue(client, 40);
    await waitFor('some to be folded', async () => (await counted(id)).length > 0, patience);
    await victim.kill();
    works.workers.splice(works.workers.indexOf(victim), 1);
    await work;
    await waitFor(
      'all to be folded',
      async () => {
        const uses = (await counted(id)).reduce((sum, row) => sum + row.uses, 0);
        if (uses > 40) throw new Error(`${uses} of 40 counted`);
        return uses === 40;
      },
      patience,
    );
    expect((await counted(id)).every(({ address }) => address === '127.0.0.1')).toBe(true);
    expect(await works.sql('SELECT 1 FROM credential_use_batch WHERE credential_id = $1', [id])).toEqual([]);
  });

  test('are forgotten by the hour after 90 days; how often and when last, never', async () => {
    const client = await works.client();
    const [id, gone] = [await credentialOf(client), 'crd_gone'];
    const insert = (credential: string, days: number, uses: number, address: string) =>
      works.sql(
        `INSERT INTO credential_use (credential_id, hour, uses, last_at, address)
         VALUES ($1, date_trunc('hour', now() - $2 * interval '1 day'), $3, now() - $2 * interval '1 day', $4)`,
        [credential, days, uses, address],
      );
    await insert(id, 200, 3, '192.0.2.1');
    await insert(id, 100, 4, '192.0.2.2');
    await insert(id, 10, 5, '192.0.2.3');
    await insert(gone, 100, 6, '192.0.2.4');
    await works.sql(
      `INSERT INTO scope_use (client_id, scope, day, requested, defaulted, last_at) VALUES
       ($1, 'read', current_date - 92, 1, 0, now()), ($1, 'read', current_date - 80, 1, 0, now())`,
      [client.client_id],
    );
    await works.crew(1);
    await works.ring('purge-uses');
    await waitFor(
      'the old ones to go',
      async () => (await works.sql('SELECT 1 FROM credential_use WHERE credential_id = $1', [gone])).length === 0,
      patience,
    );
    const rows = await works.sql(
      `SELECT hour = 'epoch' AS old, uses::int, address, round(extract(epoch FROM now() - last_at) / 86400)::int AS days
       FROM credential_use WHERE credential_id = $1 ORDER BY hour`,
      [id],
    );
    expect(rows).toEqual([
      { old: true, uses: 7, address: '192.0.2.2', days: 100 },
      { old: false, uses: 5, address: '192.0.2.3', days: 10 },
    ]);
    expect(await works.sql('SELECT 1 FROM scope_use WHERE client_id = $1', [client.client_id])).toHaveLength(1);
  });
});

describe('warnings before the end', () => {
  const warnings = async ({ client_id }: { client_id: string }) => {
    const rows = await works.sql(
      `SELECT actor, action, detail FROM audit_log WHERE target = $1 AND action LIKE '%.expiry_warning' ORDER BY seq`,
      [`client:${client_id}`],
    );
    return rows.map(({ detail, ...rest }) => ({ ...rest, detail: JSON.parse(detail) }));
  };
  const days = async (client: { client_id: string }) => (await warnings(client)).map(({ detail }) => detail.days);
  const expiry = (client: { client_id: string }, at: string) =>
    works.sql('UPDATE client SET expiry = $2 WHERE client_id = $1', [client.client_id, at]);

  test('each is given once, the nearest of those missed, and anew when the end moves; two workers at once', async () => {
    const end = inDays(20);
    const soon = await works.client({ expiry: end });
    const [far, deleted] = [await works.client({ expiry: inDays(31) }), await works.client({ expiry: inDays(3) })];
    await works.sql(`UPDATE client SET status = 'deleted' WHERE client_id = $1`, [deleted.client_id]);
    const byCredential = await works.client();
    const id = await credentialOf(byCredential);
    await works.sql('UPDATE credential SET expires_at = $2, label = $3 WHERE id = $1', [id, inDays(0.5), 'ci']);
    await works.crew(2);
    const warn = () => works.ring('warn-of-expiry', 'warn-of-expiry');

    await warn();
    await waitFor('the first', async () => (await days(soon)).length === 1, patience);
    expect(await warnings(soon)).toEqual([
      { actor: 'system:worker', action: 'client.expiry_warning', detail: { days: 30, expires_at: end } },
    ]);
    await waitFor('the one of the credential', async () => (await days(byCredential)).length === 1, patience);
    expect(await warnings(byCredential)).toEqual([
      {
        actor: 'system:worker',
        action: 'credential.expiry_warning',
        detail: { days: 1, expires_at: expect.any(String), credential: id, label: 'ci' },
      },
    ]);
    // As if the workers had slept past the seventh day: only the nearest is given.
    await works.sql('UPDATE expiry_warning SET expires_at = $2 WHERE subject = $1', [soon.client_id, inDays(0.9)]);
    const [{ expires_at: nearer }] = await works.sql('SELECT expires_at FROM expiry_warning WHERE subject = $1', [
      soon.client_id,
    ]);
    await expiry(soon, nearer);
    await warn();
    await waitFor('the next', async () => (await days(soon)).length === 2, patience);
    expect(await days(soon)).toEqual([30, 1]);
    // The end moves: from the beginning.
    await expiry(soon, inDays(6));
    await warn();
    await waitFor('the one of the new end', async () => (await days(soon)).length === 3, patience);
    expect(await days(soon)).toEqual([30, 1, 7]);
    expect([await days(far), await days(deleted)]).toEqual([[], []]);
    expect(await days(byCredential)).toEqual([1]);
  });

  test('a client that ends is marked, and nothing more is said of it', async () => {
    const client = await works.client({ expiry: inDays(0.5) });
    await works.crew(1);
    await works.ring('warn-of-expiry');
    await waitFor('the warning', async () => (await days(client)).length === 1, patience);
    await expiry(client, new Date(Date.now() - 1_000).toISOString());
    await waitFor(
      'the note to be forgotten',
      async () => {
        await works.sql('UPDATE expiry_warning SET expires_at = now() WHERE subject = $1', [client.client_id]);
        await works.ring('warn-of-expiry');
        return (await works.sql('SELECT 1 FROM expiry_warning WHERE subject = $1', [client.client_id])).length === 0;
      },
      { ...patience, every: 500 },
    );
    expect(await days(client)).toEqual([1]);
    const { status } = await json(`${works.api.url}/health/ready`);
    expect(status).toBe(200);
  });
});
