import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { House, patiently } from '../support.js';
import {
  build,
  FEATURES,
  furnish,
  type Inhabitants,
  questions,
  SCOPES,
  type Send,
  toRequest,
  worlds,
} from './worlds.js';

const WORLDS = Number(process.env.EXPLAIN_WORLDS ?? 15);
const SEED = Number(process.env.EXPLAIN_SEED ?? Date.now() % 1_000_000_000);

let house: House;
const send: Send = async (method, path, body) => {
  const answer = await house.manage(path, { method, ...(body && { body }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
beforeAll(async () => {
  house = await House.open();
  await furnish(send);
  for (const [name, feature] of Object.entries(SCOPES)) {
    await house.sql('UPDATE scope SET feature = $2 WHERE name = $1', [name, feature]);
  }
  // Written behind its back: any change of resources makes the api read them anew.
  const [{ id }] = (await house.manage('/api/resources')).body.data;
  await send('PATCH', `/api/resources/${id}`, { name: 'Read anew' });
});
afterAll(() => house.close());

/** What the platform itself does; the credential is whatever the client got last. */
async function really(
  asked: Asked,
  { customerId, clientId }: Inhabitants,
  secret: string | undefined,
): Promise<boolean> {
  if ('feature' in asked) {
    const { status, features } = (await house.manage(`/api/customers/${customerId}/entitlements`)).body;
    const had = features[asked.feature];
    const isHad = FEATURES[asked.feature as keyof typeof FEATURES] === 'value' ? had !== null : had === null || had > 0;
    return status === 'active' && isHad;
  }
  if ('quota' in asked) {
    const body = { customer_id: customerId, feature: asked.quota, expires_in: 60 };
    const answer = await house.manage('/api/quotas', { body });
    if (answer.status === 201) await send('POST', `/api/quotas/${answer.body.id}/release`);
    return answer.status === 201;
  }
  const { scope } = asked.token;
  const form = { grant_type: 'client_credentials', ...(scope && { scope }) };
  const proof = { client_id: clientId, client_secret: secret ?? 'none-at-all' };
  return (await patiently(() => house.form('token', form, proof))).status === 200;
}
type Asked = { token: { scope?: string } } | { feature: string } | { quota: string };

test(`${WORLDS} random worlds: explain says what happens, and its smallest change makes it happen`, async () => {
  const ofNow = questions.filter(
    ({ inDays, question, byClient }) => inDays === null && (!byClient || 'token' in question),
  );
  const samples = fc.sample(fc.record({ world: worlds, asked: fc.array(ofNow, { minLength: 3, maxLength: 3 }) }), {
    numRuns: WORLDS,
    seed: SEED,
  });
  const count = { asked: 0, refused: 0, turned: 0 };
  for (const { world, asked } of samples) {
    const now = new Date();
    const who = await build(send, world, now);
    let { secret } = who;
    for (const one of asked) {
      const request = toRequest(one, who, now);
      const told = JSON.stringify({ seed: SEED, world, request });
      count.asked++;
      const written = await house.written();
      const answer = await house.manage('/api/explain', { body: request });
      expect([answer.status, await house.written()]).toEqual([200, written]);
      const is = await really(one.question as Asked, who, secret);
      expect([answer.body.allowed, told, answer.body.chain]).toEqual([is, told, answer.body.chain]);
      if (answer.body.allowed) continue;
      count.refused++;
      const { smallest_change: smallest } = answer.body;
      const changes = smallest === null ? [] : [smallest, ...smallest.also];
      if (changes.length === 0 || changes.some((change) => change.request === null)) continue;
      for (const { request: change } of changes) {
        const made = await send(change.method, change.path, change.body);
        secret = made?.client_secret ?? secret;
      }
      expect([(await house.manage('/api/explain', { body: request })).body.allowed, told]).toEqual([true, told]);
      expect([await really(one.question as Asked, who, secret), told]).toEqual([true, told]);
      count.turned++;
    }
  }
  console.info(`explain over HTTP: seed ${SEED}`, count);
  expect(count.turned).toBeGreaterThan(0);
}, 600_000);
