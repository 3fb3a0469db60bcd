import type { ExplainRequest, Explanation } from '@bastionary/contracts/explain';
import { newestEntitlements } from '@bastionary/entitlements/actions/find-entitlements';
import { settleEntitlements } from '@bastionary/entitlements/actions/refresh-entitlements';
import { reserveQuota } from '@bastionary/entitlements/actions/reserve-quota';
import { isGiven, isHad } from '@bastionary/entitlements/rules/feature-value';
import { loadScopeFacts } from '@bastionary/oauth/actions/explain-facts';
import { getClient } from '@bastionary/oauth/actions/find-client';
import { statusAt } from '@bastionary/oauth/rules/client-status';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { decideGrant, paidFor } from '@bastionary/oauth/rules/scope';
import { isUsable } from '@bastionary/oauth/rules/usable-credential';
import { AppError } from '@bastionary/platform/app-error';
import { inTransaction } from '@bastionary/platform/changes';
import { type Connection, connect, type Transaction } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { explain, subjectOf } from '../../src/modules/explain/explain.js';
import { performIn } from './perform.js';
import { build, FEATURES, furnish, type Inhabitants, questions, toRequest, type World, worlds } from './worlds.js';

const REFUSALS = Number(process.env.EXPLAIN_REFUSALS ?? 25);
const SEED = Number(process.env.EXPLAIN_SEED ?? Date.now() % 1_000_000_000);
const DAY = 86_400_000;

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createDatabase();
  connection = connect(database.url, { applicationName: 'counterfactual', poolSize: 2 });
  await transaction(async (tx) => {
    await furnish(performIn(tx, new Date(Date.now() - 20 * DAY)));
  });
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

class RolledBack extends Error {}

// A busy machine may take its time.
const transaction = <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
  inTransaction(connection.db, work, undefined, 120_000);

/** What a transaction that was rolled back must leave as it was: everything. */
async function contents(): Promise<unknown> {
  const { rows } = await connection.pool.query(`
    SELECT (SELECT md5(string_agg(c::text, ',' ORDER BY client_id)) FROM client c) AS clients,
      (SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM credential c) AS credentials,
      (SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM customer c) AS customers,
      (SELECT md5(string_agg(o::text, ',' ORDER BY customer_id, feature)) FROM entitlement_override o) AS overrides,
      (SELECT count(*) FROM entitlement_history) AS epochs, (SELECT count(*) FROM audit_log) AS audit,
      (SELECT count(*) FROM outbox_event) AS events, (SELECT count(*) FROM quota_reservation) AS reservations`);
  return rows;
}

const ask = async (tx: Transaction, request: ExplainRequest, now: Date): Promise<Explanation> =>
  explain(tx, request, await subjectOf(tx, request), now);

/** The answer of those who really decide, by what they read: snapshot, client, the reservation itself. */
async function decided(tx: Transaction, { question }: ExplainRequest, who: Inhabitants, owned: boolean, now: Date) {
  const { entitlements } = await newestEntitlements(tx, who.customerId, now);
  const { status, features } = entitlements;
  if ('feature' in question) {
    const type = FEATURES[question.feature as keyof typeof FEATURES];
    return status === 'active' && isGiven(type, features[question.feature]);
  }
  try {
    if ('quota' in question) {
      const request = { customer_id: who.customerId, feature: question.quota, amount: 1, expires_in: 60 };
      await reserveQuota(tx, request, { now, followers: [] });
      return true;
    }
    if (!('token' in question)) throw new Error('these worlds have no licences');
    const client = await getClient(tx, who.clientId);
    const scope = question.token.scope || undefined;
    const { audienceOf, featureOf } = await loadScopeFacts(tx);
    const all = new Set(client.scopes);
    const needs = { featureOf, isHad: (one: string) => isHad(features[one]), customerId: who.customerId };
    const scopes = owned ? paidFor(all, scope, needs) : all;
    const resources = client.resources === null ? null : new Set(client.resources as string[]);
    decideGrant({ scope, resources: [] }, { scopes, resources }, audienceOf);
    return (
      statusAt(client, now.getTime()) === 'active' &&
      client.credentials.some((one) => isUsable(one, client.authMethod, now.getTime())) &&
      (!owned || status === 'active')
    );
  } catch (error) {
    if (error instanceof OAuthFault || error instanceof AppError) return false;
    throw error;
  }
}

/** What no request here can turn, told by the world itself. */
function isHopeless(request: ExplainRequest, world: World): boolean {
  const { question } = request;
  const { client, owned } = world;
  if ('token' in question) return client.deleted || question.token.scope === 'unheard-of';
  return request.client_id !== undefined && !owned;
}

const isForPeople = ({ question }: ExplainRequest, world: World): boolean =>
  'token' in question
    ? world.client.method === 'private_key_jwt'
    : 'feature' in question && question.feature === 'tier';

test(`the smallest change of ${REFUSALS} random refusals, made and rolled back, turns each`, async () => {
  const count = { worlds: 0, asked: 0, turned: 0, hopeless: 0, forPeople: 0, several: 0 };
  const several = fc.array(questions, { minLength: 4, maxLength: 4 });
  for (const { world, asked } of fc.sample(fc.record({ world: worlds, asked: several }), {
    numRuns: REFUSALS,
    seed: SEED,
  })) {
    if (count.turned >= REFUSALS) break;
    count.worlds++;
    const born = new Date(Date.now() - 10 * DAY);
    const who = await transaction((tx) => build(performIn(tx, born), world, born));
    const settled = { now: new Date(), followers: [] };
    await transaction((tx) => settleEntitlements(tx, who.customerId, settled));
    const before = await contents();
    for (const one of asked) {
      const now = new Date();
      const request = toRequest(one, who, now);
      await transaction(async (tx) => {
        count.asked++;
        await check(tx, { world, who, request, now }, count);
        throw new RolledBack();
      }).catch((error) => {
        if (!(error instanceof RolledBack)) throw error;
      });
    }
    expect(await contents()).toEqual(before);
  }
  console.info(`explain: seed ${SEED}`, count);
  expect(count.turned).toBeGreaterThanOrEqual(REFUSALS);
}, 1_800_000);

interface Case {
  world: World;
  who: Inhabitants;
  request: ExplainRequest;
  now: Date;
}

async function check(tx: Transaction, one: Case, count: Record<string, number>): Promise<void> {
  const { world, who, request, now } = one;
  const first = await ask(tx, request, now);
  const told = JSON.stringify({ seed: SEED, world, request, first }, null, 1);
  expect([first.chain.every(({ result }) => result !== 'denies'), told]).toEqual([first.allowed, told]);
  const isReal = 'token' in request.question ? !world.client.deleted : request.client_id === undefined || world.owned;
  if (request.at === undefined && isReal) {
    expect([await decided(tx, request, who, world.owned, now), told]).toEqual([first.allowed, told]);
  }
  if (first.allowed) expect(first.smallest_change).toBeNull();
  else await turn(tx, first, { ...one, told }, count);
}

async function turn(
  tx: Transaction,
  { smallest_change: smallest }: Explanation,
  one: Case & { readonly told: string },
  count: Record<string, number>,
) {
  const { world, request, told, now } = one;
  if (smallest === null) {
    expect([isHopeless(request, world), told]).toEqual([true, told]);
    count.hopeless = (count.hopeless ?? 0) + 1;
    return;
  }
  const { also, ...first } = smallest;
  const changes = [first, ...also];
  if (changes.some(({ request: sent }) => sent === null)) {
    expect([isForPeople(request, world), told]).toEqual([true, told]);
    count.forPeople = (count.forPeople ?? 0) + 1;
    return;
  }
  const send = performIn(tx, now);
  for (const [index, { request: sent }] of changes.entries()) {
    // No part of it is for nothing: without the last one the answer is still no.
    if (index === changes.length - 1 && index > 0)
      expect([(await ask(tx, request, now)).allowed, told]).toEqual([false, told]);
    if (sent !== null) await send(sent.method, sent.path, sent.body);
  }
  const after = await ask(tx, request, now);
  if (request.at === undefined) {
    expect([await decided(tx, request, one.who, world.owned, now), told]).toEqual([true, told]);
  }
  expect([after.allowed, after.smallest_change, told]).toEqual([true, null, told]);
  count.turned = (count.turned ?? 0) + 1;
  if (changes.length > 1) count.several = (count.several ?? 0) + 1;
}
