import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { claimsOf, House, type MadeClient, patiently } from '../support.js';
import { History } from './history.js';
import { anyAct } from './history-acts.js';
import { digest, type Features, nextChange, snapshotAt, type Value } from './history-model.js';

// Token claim, introspection, GET …/entitlements and the event carry the same bytes, and they are what the model says.
const HISTORIES = Number(process.env.BYTE_HISTORIES ?? 25);
const CLEARED_EVERY = 20;
const SUMMARY = { histories: 0, steps: 0, epochs: 0, tokens: 0, replayed: 0, refused: 0, longestLagMs: 0 };

/** Where the customer is changed; its tokens come from the other process, which hears of it by notification. */
let shop: House;
let beside: House;
beforeAll(async () => {
  // A long run takes longer than the token for everything usually lives.
  shop = await House.open({ env: { ACCESS_TOKEN_TTL_SECONDS: '7200' } });
  beside = await shop.beside();
  await shop.manage('/api/features', { body: { key: 'api', name: 'API', type: 'switch' } });
  await shop.manage('/api/features', { body: { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' } });
  await shop.manage('/api/features', { body: { key: 'storage', name: 'Storage', type: 'limit' } });
  await shop.manage('/api/features', { body: { key: 'region', name: 'Region', type: 'value' } });
}, 240_000);
afterAll(async () => {
  await beside.close();
  await shop.close();
  // For whoever wants the figures of a long run.
  if (process.env.BYTE_HISTORIES) console.info(JSON.stringify(SUMMARY));
});

interface Snapshot {
  customer: string;
  epoch: number;
  hash: string;
  features: Features;
  valid_until: string | null;
  [field: string]: Value;
}
interface Told extends Snapshot {
  at: string;
  cause: string;
}

/** What stands in the hash. */
const hashed = ({ epoch, hash, ...rest }: Snapshot): Value => rest;
const claimOf = ({ epoch, hash, features }: Snapshot) => ({ epoch, hash, features });

/** The snapshot as GET answers it, held against the model; asked again if something fell due meanwhile. */
async function checked(history: History): Promise<Snapshot> {
  const { customer, state } = history;
  for (;;) {
    const before = Date.now();
    const ask = () => shop.manage<Snapshot>(`/api/customers/${customer}/entitlements`);
    const { body, headers, status } = await patiently(ask);
    const next = nextChange(state, before);
    if (next !== null && next <= Date.now()) continue;
    expect(status).toBe(200);
    expect(hashed(body)).toEqual(snapshotAt(customer, state, before));
    expect(body.hash).toBe(digest(hashed(body)));
    expect(headers.get('etag')).toBe(`"${body.hash}.${body.epoch}"`);
    return body;
  }
}

const isOver = ({ valid_until }: Snapshot) => valid_until !== null && Date.parse(valid_until) <= Date.now();

/** That of the newest event, which must say the same. */
async function sameInEvent(body: Snapshot): Promise<void> {
  const [row] = await shop.sql(
    `SELECT data, key, customer_id FROM outbox_event
     WHERE type = 'entitlements.changed' AND key = $1 ORDER BY seq DESC LIMIT 1`,
    [`customer:${body.customer}`],
  );
  const { at, cause, previous, ...snapshot } = JSON.parse(row.data);
  expect([snapshot, row.customer_id]).toEqual([body, body.customer]);
  expect(digest(hashed(snapshot))).toBe(body.hash);
}

/** A token of the other process, and what it and the other process say of it. */
async function sameInToken(client: MadeClient, body: Snapshot): Promise<void> {
  const begun = Date.now();
  const ask = () => patiently(() => beside.form('token', { grant_type: 'client_credentials' }, client));
  if (body.status === 'suspended') {
    await waitFor('no token for a suspended customer', async () => (await ask()).status === 401);
    return;
  }
  const token = await waitFor('a token of this epoch', async () => {
    const answer = await ask();
    return answer.status === 200 && claimsOf(answer.body.access_token).entitlements.epoch >= body.epoch && answer.body;
  });
  SUMMARY.longestLagMs = Math.max(SUMMARY.longestLagMs, Date.now() - begun);
  SUMMARY.tokens++;
  expect(claimsOf(token.access_token).entitlements).toEqual(claimOf(body));
  const seen = await patiently(() => beside.form('introspect', { token: token.access_token }, client));
  expect([seen.body.active, seen.body.entitlements]).toEqual([true, claimOf(body)]);
}

/** The epochs as they were told: by the history, the events, and for any instant. */
async function replay(history: History, seen: ReadonlyMap<number, Snapshot>): Promise<void> {
  const { customer } = history;
  const path = `/api/customers/${customer}/entitlements`;
  const read = <Body>(query: string) => patiently(() => shop.manage<Body>(`${path}${query}`));
  const newest = (await read<{ data: Told[] }>('/history?limit=100')).body.data;
  const epochs = newest.reverse();
  expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, index) => index + 1));
  const rows = await shop.sql(
    `SELECT data FROM outbox_event WHERE type = 'entitlements.changed' AND customer_id = $1 ORDER BY seq`,
    [customer],
  );
  const previous = (index: number) => {
    const before = epochs[index - 1];
    return before === undefined ? null : { epoch: before.epoch, hash: before.hash };
  };
  const events = rows.map(({ data }) => JSON.parse(data));
  expect(events).toEqual(epochs.map((epoch, index) => ({ ...epoch, previous: previous(index) })));
  for (const [index, { at, cause, ...snapshot }] of epochs.entries()) {
    expect(snapshot.hash).toBe(digest(hashed(snapshot)));
    const live = seen.get(snapshot.epoch);
    if (live !== undefined) expect(snapshot).toEqual(live);
    // Of several epochs at one instant the last is what was true.
    if (epochs[index + 1]?.at === at) continue;
    expect((await read(`?at=${at}`)).body).toEqual(snapshot);
    const then = history.statesAt(Date.parse(at)).map((state) => digest(snapshotAt(customer, state, Date.parse(at))));
    expect([cause, then]).toEqual([cause, expect.arrayContaining([snapshot.hash])]);
    SUMMARY.replayed++;
  }
  SUMMARY.epochs += epochs.length;
}

test(`${HISTORIES} random histories: every surface carries the same bytes, and a slow model says the same`, async () => {
  let run = 0;
  const one = fc.asyncProperty(fc.array(anyAct, { minLength: 3, maxLength: 12, size: 'max' }), async (acts) => {
    if (run % CLEARED_EVERY === 0) await clear();
    const history = await History.begin(shop, run++);
    const body = { customer_id: history.customer, scopes: ['read'] };
    const client = (await patiently(() => shop.manage<MadeClient>('/api/clients', { body }))).body;
    const seen = new Map<number, Snapshot>();
    const look = async (): Promise<void> => {
      const body = await checked(history);
      try {
        await sameInEvent(body);
        await sameInToken(client, body);
      } catch (error) {
        // What fell due between two questions makes their answers differ rightly.
        if (isOver(body)) return look();
        throw error;
      }
      seen.set(body.epoch, body);
    };
    await look();
    for (const act of acts) {
      if (act.do === 'wait') await sleep(history.untilNext(act.most));
      else if (!(await history.perform(act))) SUMMARY.refused++;
      await look();
      SUMMARY.steps++;
    }
    await replay(history, seen);
    SUMMARY.histories++;
  });
  // What is tried in real time is not worth shrinking: the acts are told as they are.
  await fc.assert(one, { numRuns: HISTORIES, endOnFailure: true });
  expect([SUMMARY.histories, SUMMARY.tokens > HISTORIES]).toEqual([HISTORIES, true]);
}, 3_600_000);

/** Of the histories before only the features are left: a change of these reaches everybody, and thousands would take long. */
const clear = () =>
  shop.sql(`TRUNCATE customer, entitlement_grant, entitlement_override, entitlement_snapshot, entitlement_history,
    subscription, subscription_item, scheduled_change, item_span, pause_span, mrr_point, plan, plan_version`);
