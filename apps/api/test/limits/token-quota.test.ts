import type { Answer } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { expectOAuthError } from '../oauth/answers.js';
import { House, type MadeClient } from '../support.js';
import { GRANT } from './overload.js';

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const tokens = (count: number, client: MadeClient, where = house): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, () => where.form('token', GRANT, client)));
const allowedOf = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;

test('an enforced quota is exact; beyond it 429 until the window of UTC ends', async () => {
  const client = await house.client({ token_quota: { per_day: 5 } });
  const answers = await tokens(20, client);
  expect(allowedOf(answers)).toBe(5);
  const refused = answers.find(({ status }) => status === 429) as Answer;
  expectOAuthError(refused, 429, 'slow_down');
  const retryAfter = Number(refused.headers.get('retry-after'));
  const midnight = new Date().setUTCHours(24, 0, 0, 0);
  expect(Math.abs(retryAfter - (midnight - Date.now()) / 1_000)).toBeLessThan(60);
  expect(refused.headers.get('ratelimit-policy')).toBe('"day";q=5;w=86400');
  expect(refused.headers.get('ratelimit')).toBe(`"day";r=0;t=${retryAfter}`);
});

test('every answer says what is left, of both windows and of the rate', async () => {
  const client = await house.client({
    rate_limit: { requests: 10, per_seconds: 1 },
    token_quota: { per_hour: 3, per_day: 9 },
  });
  const [answer] = (await tokens(1, client)) as [Answer];
  expect(answer.headers.get('ratelimit-policy')).toBe('"client";q=10;w=1, "hour";q=3;w=3600, "day";q=9;w=86400');
  expect(answer.headers.get('ratelimit')).toMatch(/^"client";r=9;t=1, "hour";r=2;t=\d+, "day";r=8;t=\d+$/);
});

test('what is refused for other reasons does not count; nor do other endpoints', async () => {
  const client = await house.client({ token_quota: { per_day: 2 } });
  for (let count = 0; count < 5; count++) {
    expectOAuthError(await house.form('token', `${GRANT}&scope=nonsense`, client), 400, 'invalid_scope');
    expect((await house.form('introspect', { token: 'x' }, client)).status).toBe(200);
  }
  expect(allowedOf(await tokens(5, client))).toBe(2);
});

test('an observed quota refuses nobody: it is counted, and told once', async () => {
  const client = await house.client({ token_quota: { per_day: 2, enforce: false } });
  expect(allowedOf(await tokens(10, client))).toBe(10);
  const told = house.api
    .logs()
    .split('\n')
    .filter((line) => line.includes('observed only') && line.includes(client.client_id));
  expect(told).toHaveLength(1);
  expect((await house.manage('/metrics')).body).toContain(
    'bastionary_tokens_over_observed_quota_total{kind="tokens_per_day"} 8',
  );
});

test('a process that was not there from the start counts what was issued before', async () => {
  const client = await house.client({ token_quota: { per_day: 6 } });
  expect(allowedOf(await tokens(4, client))).toBe(4);
  await waitFor('the counts to be written', async () => {
    const [row] = await house.sql(
      'SELECT coalesce(sum(issued), 0)::int AS issued FROM (SELECT issued, client_id FROM issuance_batch UNION ALL SELECT issued, client_id FROM tokens_per_hour) AS counted WHERE client_id = $1',
      [client.client_id],
    );
    return row.issued === 4;
  });
  const { databaseUrl, dataDir, url } = house.api;
  const later = await House.open({ databaseUrl, dataDir, firstRun: false, env: { ISSUER_URL: url } });
  try {
    expect(allowedOf(await tokens(10, client, later))).toBe(2);
  } finally {
    await later.close();
  }
});
