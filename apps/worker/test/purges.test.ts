import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Works } from './support.js';

const patience = { within: 50_000 };
let works: Works;
beforeAll(async () => {
  works = await Works.open({ FAILURE_KEEP_DAYS: '3', FAILURE_KEEP_MAX: '1000' });
});
afterAll(() => works.close());

const count = async (sql: string): Promise<number> =>
  (await works.sql(`SELECT count(*)::int AS count FROM ${sql}`))[0].count;

test('what nothing can be older than goes, the rest stays; two workers at once', async () => {
  await works.sql(`INSERT INTO not_before (kind, subject, at, lasts_until) VALUES
    ('client', 'long-ago', now() - interval '25 hours', now() - interval '1 hour'),
    ('family', 'fam_long_ago', now() - interval '25 hours', now() - interval '1 hour'),
    ('client', 'recent', now() - interval '1 hour', now() + interval '23 hours')`);
  // Made at the very moment of the revocation, and so not marked by it: it would outlive the row by months.
  const family = (id: string, client: string, hoursAgo: number) =>
    works.sql(
      `INSERT INTO refresh_family (id, client_id, credential_id, scope, resources, created_at, expires_at)
       VALUES ($1, $2, 'crd_x', 'read', '{}', now() - make_interval(hours => $3), now() + interval '300 days')`,
      [id, client, hoursAgo],
    );
  await family('fam_slipped', 'long-ago', 26);
  await family('fam_long_ago', 'another', 26);
  await family('fam_later', 'long-ago', 2);
  await family('fam_stranger', 'another', 26);
  await works.sql(`INSERT INTO auth_failure (id, trace_id, at, endpoint, error, reason_code, reason)
    SELECT 'flr_' || lpad(n::text, 26, '0'), 'trace', now() - make_interval(hours => n / 25), '/oauth2/token', 'e', 'c', 'r'
    FROM generate_series(0, 2000) AS n`);

  await Promise.all([works.worker(), works.worker()]);
  await waitFor(
    'the old one to go',
    async () => (await count(`not_before WHERE subject = 'long-ago'`)) === 0,
    patience,
  );
  await waitFor(
    'its family to be marked',
    async () => (await count('refresh_family WHERE revoked_at IS NOT NULL')) === 2,
  );
  expect(await works.sql('SELECT subject FROM not_before')).toEqual([{ subject: 'recent' }]);
  expect(await works.sql('SELECT id FROM refresh_family WHERE revoked_at IS NOT NULL ORDER BY id')).toEqual([
    { id: 'fam_long_ago' },
    { id: 'fam_slipped' },
  ]);

  // 25 an hour for 3 days are 1800, of which the newest 1000 stay.
  await waitFor('the newest to be left', async () => (await count('auth_failure')) === 1_000, patience);
  expect(await works.sql('SELECT min(id), max(id) FROM auth_failure')).toEqual([
    { min: `flr_${'0'.repeat(26)}`, max: `flr_${'999'.padStart(26, '0')}` },
  ]);
}, 150_000);
