import { createHash } from 'node:crypto';
import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { systemOrigin } from '@bastionary/platform/audit';
import { inTransaction } from '@bastionary/platform/changes';
import { type Connection, connect, type Transaction } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFeature, updateFeature } from './change-features.js';
import { createCustomer } from './create-customer.js';
import { entitlementsAt, newestEntitlements } from './find-entitlements.js';
import { replaceGrants } from './grants.js';
import { deleteOverride, setOverride } from './overrides.js';
import { type EntitlementChange, refreshEntitlements, settleEntitlements } from './refresh-entitlements.js';
import { updateCustomer } from './update-customer.js';

const HISTORIES = process.env.CI === 'true' ? 100 : 1_000;
const ORIGIN = systemOrigin('test');
const START = Date.UTC(2030, 0, 1);

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createDatabase();
  connection = connect(database.url, { applicationName: 'histories', poolSize: 2 });
  const at = { now: new Date(START), followers: [] };
  await inTransaction(connection.db, async (tx) => {
    await createFeature(tx, ORIGIN, { key: 'api', name: 'API', type: 'switch' }, 100, at);
    await createFeature(tx, ORIGIN, { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum' }, 100, at);
    await createFeature(tx, ORIGIN, { key: 'storage', name: 'Storage', type: 'limit' }, 100, at);
    await createFeature(tx, ORIGIN, { key: 'region', name: 'Region', type: 'value' }, 100, at);
  });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

// A slow, obvious model: nothing but what was done, told anew for every question.
interface Given {
  source: number;
  kind: 'plan' | 'add_on';
  plan: string;
  quantity: number;
  features: Record<string, FeatureValue>;
  from: number;
  until: number | null;
}
interface State {
  status: string;
  defaults: Record<string, FeatureValue>;
  grants: Given[];
  overrides: { feature: string; value: FeatureValue; expires: number | null }[];
}

const written = (value: FeatureValue): string => {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name] as FeatureValue)}`).join(',')}}`;
};

function modelHash(customer: string, state: State, at: number): string {
  const alive = state.grants.filter(({ from, until }) => at >= from && (until === null || at < until));
  const exceptions = state.overrides.filter(({ expires }) => expires === null || at < expires);
  const newestLast = [...alive].sort(
    (a, b) => Number(a.kind === 'add_on') - Number(b.kind === 'add_on') || a.from - b.from || a.source - b.source,
  );
  const given = (key: string) => newestLast.filter(({ features }) => key in features);
  const values = (key: string) => given(key).map(({ features }) => features[key] as FeatureValue);
  const features: Record<string, FeatureValue> = { ...state.defaults };
  if (values('api').length > 0) features.api = values('api').some((value) => value === true);
  if (values('region').length > 0) features.region = values('region').at(-1) as FeatureValue;
  if (values('storage').length > 0) {
    features.storage = values('storage').includes(null) ? null : Math.max(...(values('storage') as number[]));
  }
  let seats: number | null = 0;
  for (const grant of given('seats')) {
    const each = grant.features.seats as number | null;
    seats = seats === null || each === null ? null : seats + each * grant.quantity;
  }
  if (given('seats').length > 0) features.seats = seats;
  for (const { feature, value } of exceptions) features[feature] = value;
  const ahead = [
    ...state.grants.flatMap(({ from, until }) => [from, until ?? 0]),
    ...state.overrides.map(({ expires }) => expires ?? 0),
  ].filter((instant) => instant > at);
  const next = ahead.length === 0 ? null : new Date(Math.min(...ahead)).toISOString().replace('.000Z', 'Z');
  const plans = [...new Set(alive.map(({ plan }) => plan))].sort();
  const text = written({ customer, status: state.status, plans, features, valid_until: next });
  return createHash('sha256').update(text).digest('base64url');
}

const VALUES: Record<string, fc.Arbitrary<FeatureValue>> = {
  api: fc.boolean(),
  seats: fc.option(fc.nat(50), { freq: 8 }),
  storage: fc.option(fc.nat(50), { freq: 8 }),
  region: fc.constantFrom<FeatureValue>(null, 'eu', 'ü😀', { b: [1, 2.5], a: null }),
};
const featureAndValue = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((feature) => (VALUES[feature] as fc.Arbitrary<FeatureValue>).map((value) => ({ feature, value })));
const soon = fc.integer({ min: 1, max: 40 });
const grant = fc.record({
  kind: fc.constantFrom<'plan' | 'add_on'>('plan', 'add_on'),
  plan: fc.constantFrom('basic@1', 'pro@2', 'pro@10', 'extra@1'),
  quantity: fc.integer({ min: 1, max: 4 }),
  features: fc.record(VALUES, { requiredKeys: [] }) as fc.Arbitrary<Record<string, FeatureValue>>,
  begins: fc.integer({ min: -20, max: 20 }),
  lasts: fc.option(soon),
});
// Every act, after so many seconds.
const act = fc.oneof(
  fc.record({
    do: fc.constant('give' as const),
    after: fc.nat(25),
    source: fc.nat(2),
    grant: fc.option(grant, { freq: 4 }),
  }),
  fc.record({ do: fc.constant('except' as const), after: fc.nat(25), what: featureAndValue, lasts: fc.option(soon) }),
  fc.record({
    do: fc.constant('unexcept' as const),
    after: fc.nat(25),
    feature: fc.constantFrom(...Object.keys(VALUES)),
  }),
  fc.record({
    do: fc.constant('hold' as const),
    after: fc.nat(25),
    status: fc.constantFrom<'active' | 'suspended'>('active', 'suspended'),
  }),
  fc.record({ do: fc.constant('default' as const), after: fc.nat(25), what: featureAndValue }),
  fc.record({ do: fc.constant('wait' as const), after: fc.nat(60) }),
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

/** Does one act, in the database and in the model's facts. */
async function perform(tx: Transaction, customer: string, state: State, one: Act, now: Date, followers: Followers) {
  const around = { now, followers };
  // Whoever changes a customer from outside settles first; the actions of this room do it themselves.
  if (one.do === 'give' || one.do === 'wait') await settleEntitlements(tx, customer, around);
  if (one.do === 'give') {
    state.grants = state.grants.filter(({ source }) => source !== one.source);
    if (one.grant !== null) {
      const { begins, lasts, ...rest } = one.grant;
      const from = now.getTime() + begins * 1_000;
      state.grants.push({ ...rest, source: one.source, from, until: lasts === null ? null : from + lasts * 1_000 });
    }
    const mine = state.grants.filter(({ source }) => source === one.source);
    const rows = mine.map(({ source, ...row }) => ({
      ...row,
      from: new Date(row.from),
      until: row.until === null ? null : new Date(row.until),
    }));
    await replaceGrants(tx, customer, `sbi_${one.source}`, rows);
    await refreshEntitlements(tx, customer, { cause: 'test.given', ...around });
  } else if (one.do === 'except') {
    const { feature, value } = one.what;
    const expires = one.lasts === null ? null : now.getTime() + one.lasts * 1_000;
    const expires_at = expires === null ? null : new Date(expires).toISOString();
    await setOverride(tx, ORIGIN, customer, feature, { value, reason: 'test', expires_at }, around);
    state.overrides = [...state.overrides.filter((other) => other.feature !== feature), { feature, value, expires }];
  } else if (one.do === 'unexcept') {
    if (!state.overrides.some(({ feature }) => feature === one.feature)) return;
    await deleteOverride(tx, ORIGIN, customer, one.feature, around);
    state.overrides = state.overrides.filter(({ feature }) => feature !== one.feature);
  } else if (one.do === 'hold') {
    await updateCustomer(tx, ORIGIN, customer, { status: one.status }, undefined, around);
    state.status = one.status;
  } else if (one.do === 'default') {
    const { feature, value } = one.what;
    await updateFeature(tx, ORIGIN, feature, { default: value }, undefined, around);
    state.defaults[feature] = value;
  }
}
type Followers = readonly ((tx: Transaction, change: EntitlementChange) => Promise<void>)[];

test(`${HISTORIES} random histories: the snapshot is what a slow model says, and replaying gives it again`, async () => {
  const { db } = connection;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 9 }), async (acts) => {
      // Of histories before only the features are left.
      await db.customer.deleteMany();
      await db.snapshot.deleteMany();
      let now = START;
      const told: string[] = [];
      // Asked at every change of the customer, also where the snapshot stays as it is.
      const followers: Followers = [
        async (_tx, { before, after }) => void (before?.epoch !== after.epoch && told.push(after.hash)),
      ];
      const name = { name: 'A', email: 'a@example.com', currency: 'EUR' };
      const { id } = await inTransaction(db, (tx) =>
        createCustomer(tx, ORIGIN, name, { now: new Date(now), followers }),
      );
      const features = await db.feature.findMany();
      const defaults = Object.fromEntries(features.map(({ key, defaultValue }) => [key, defaultValue as FeatureValue]));
      const state: State = { status: 'active', defaults, grants: [], overrides: [] };
      const past: { from: number; state: State }[] = [{ from: now, state: structuredClone(state) }];
      for (const one of acts) {
        now += one.after * 1_000;
        await inTransaction(db, (tx) => perform(tx, id, state, one, new Date(now), followers));
        past.push({ from: now, state: structuredClone(state) });
        // As every reader does: an act that changed nothing leaves what is due.
        await inTransaction(db, (tx) => settleEntitlements(tx, id, { now: new Date(now), followers }));
        const { entitlements, overdue } = await newestEntitlements(db, id, new Date(now));
        expect([entitlements.hash, overdue]).toEqual([modelHash(id, state, now), false]);
      }
      // What was true at each second of it, by the history and by the model told anew.
      const replayed: string[] = [];
      for (let at = START; at <= now; at += 1_000) {
        const then = past.findLast(({ from }) => from <= at) as { state: State };
        const expected = modelHash(id, then.state, at);
        if (replayed.at(-1) !== expected) replayed.push(expected);
      }
      const rows = await db.snapshotHistory.findMany({ where: { customerId: id }, orderBy: { epoch: 'asc' } });
      expect(rows.map(({ epoch }) => epoch)).toEqual(rows.map((_, index) => index + 1));
      expect(rows.map(({ body }) => createHash('sha256').update(body).digest('base64url'))).toEqual(
        rows.map(({ hash }) => hash),
      );
      expect(told).toEqual(rows.map(({ hash }) => hash));
      // Of several epochs at one instant the last is what was true.
      const lasting = rows.filter((row, index) => rows[index + 1]?.at.getTime() !== row.at.getTime());
      expect(lasting.map(({ hash }) => hash).filter((hash, index, all) => hash !== all[index - 1])).toEqual(replayed);
      const middle = new Date(START + Math.floor((now - START) / 2_000) * 1_000);
      const then = past.findLast(({ from }) => from <= middle.getTime()) as { state: State };
      expect((await entitlementsAt(db, id, middle))?.hash).toBe(modelHash(id, then.state, middle.getTime()));
      expect(await entitlementsAt(db, id, new Date(START - 1))).toBeNull();
    }),
    { numRuns: HISTORIES },
  );
}, 1_800_000);
