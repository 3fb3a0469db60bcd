import { json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Works } from './support.js';

let works: Works;
beforeAll(async () => {
  works = await Works.open();
});
afterAll(() => works.close());

const states = async (): Promise<string> =>
  (await works.sql('SELECT state FROM signing_key ORDER BY state')).map(({ state }) => state).join();

test('two workers take the steps that are due, once: the next key signs, another follows, the retiring one goes', async () => {
  await works.sql(`UPDATE signing_key SET published_at = now() - interval '91 days',
    activated_at = CASE state WHEN 'active' THEN now() - interval '91 days' END`);
  const [old] = await works.sql(`SELECT kid FROM signing_key WHERE state = 'active'`);
  await Promise.all([works.worker(), works.worker()]);
  await waitFor('the promotion', async () => (await states()) === 'active,next,retiring', { within: 80_000 });
  await works.sql(`UPDATE signing_key SET retiring_at = now() - interval '26 hours' WHERE state = 'retiring'`);
  await waitFor('the retirement', async () => (await states()) === 'active,next,retired', { within: 80_000 });

  const [gone] = await works.sql('SELECT state, private_sealed FROM signing_key WHERE kid = $1', [old.kid]);
  expect(gone).toEqual({ state: 'retired', private_sealed: null });
  await waitFor('the api to publish the other two only', async () => {
    const { body } = await json<{ keys: { kid: string }[] }>(`${works.api.url}/.well-known/jwks.json`);
    return body.keys.length === 2 && body.keys.every(({ kid }) => kid !== old.kid);
  });
  const records = await works.sql(
    `SELECT action, count(*)::int AS count FROM audit_log WHERE actor = 'system:worker' GROUP BY 1 ORDER BY 1`,
  );
  expect(records).toEqual([
    { action: 'signing_key.activated', count: 1 },
    { action: 'signing_key.created', count: 1 },
    { action: 'signing_key.retired', count: 1 },
    { action: 'signing_key.retiring', count: 1 },
  ]);
}, 200_000);
