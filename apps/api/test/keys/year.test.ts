import { randomInt } from 'node:crypto';
import { advanceKeys, rotateNow } from '@bastionary/oauth/actions/rotate-keys';
import { createFirstSigningKeys, type KeySet, loadKeySet } from '@bastionary/oauth/actions/signing-keys';
import { signAccessToken } from '@bastionary/oauth/rules/access-token';
import { JWKS_MAX_AGE_SECONDS, keyPeriods } from '@bastionary/oauth/rules/key-schedule';
import { systemOrigin } from '@bastionary/platform/audit';
import { inTransaction } from '@bastionary/platform/changes';
import { parseConfig } from '@bastionary/platform/config';
import { newKeyEntry, parseKeys } from '@bastionary/platform/seal';
import { type Connection, connect } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECOND = 1_000;
const START = Date.parse('2027-01-01T00:00:00Z');
const LONGEST_LIFE = 86_400;
/** Hours of the year in which an operator rotates. */
const ROTATED_BY_HAND = [30 * 24, 200 * 24];
const ISSUER = 'https://id.example';
const origin = systemOrigin('test');
const encryptionKeys = parseKeys(newKeyEntry('k1'));

let database: TestDatabase;
let one: Connection;
let two: Connection;
let periods: ReturnType<typeof keyPeriods>;
beforeAll(async () => {
  database = await createDatabase();
  periods = keyPeriods(parseConfig({ DATABASE_URL: database.url }));
  one = connect(database.url, { applicationName: 'test-one', poolSize: 3 });
  two = connect(database.url, { applicationName: 'test-two', poolSize: 3 });
});
afterAll(async () => {
  await one.close();
  await two.close();
  await database.drop();
});
beforeEach(async () => {
  await one.pool.query('TRUNCATE signing_key');
  await inTransaction(one.db, (tx) => createFirstSigningKeys(tx, origin, encryptionKeys, new Date(START)));
});

const at = (now: number) => ({ origin, encryptionKeys, periods, now: new Date(now) });
const count = async (state: string): Promise<number> =>
  (await one.pool.query('SELECT count(*)::int AS count FROM signing_key WHERE state = $1', [state])).rows[0].count;

const lastRecord = async (): Promise<string> =>
  (await one.pool.query('SELECT coalesce(max(seq), 0)::text AS seq FROM audit_log')).rows[0].seq;

/** What one api process remembers, and since when: the real key set, learnt as late as a notification may come. */
class Ring {
  readonly sets: {
    readonly from: number;
    readonly set: KeySet;
    readonly verify: ReturnType<typeof createLocalJWKSet>;
  }[] = [];

  async learn(from: number): Promise<void> {
    const set = await loadKeySet(one.db, encryptionKeys);
    this.sets.push({ from, set, verify: createLocalJWKSet(set.jwks as JSONWebKeySet) });
    this.sets.sort((a, b) => a.from - b.from);
  }

  /** What it had in memory at an instant; before the first, the first. */
  at(instant: number) {
    return this.sets.findLast(({ from }) => from <= instant) ?? (this.sets[0] as Ring['sets'][number]);
  }

  /** Everything it had in memory at any instant between two. */
  between(first: number, last: number) {
    return [this.at(first), ...this.sets.filter(({ from }) => from > first && from <= last)];
  }
}

interface Issued {
  readonly token: string;
  readonly kid: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

async function issue(ring: Ring, now: number, life: number): Promise<Issued> {
  const { active } = ring.at(now).set;
  const iat = Math.floor(now / SECOND);
  const claims = {
    iss: ISSUER,
    aud: ISSUER,
    sub: 'c',
    client_id: 'c',
    scope: 'read',
    jti: String(now),
    iat,
    exp: iat + life,
  };
  const token = await signAccessToken(active, claims as Parameters<typeof signAccessToken>[1]);
  return { token, kid: active.kid, issuedAt: now, expiresAt: (iat + life) * SECOND };
}

test('a year of automatic rotation with two api processes: every token verifies until it expires, one key is active at every hour', async () => {
  const rings = [new Ring(), new Ring()];
  for (const ring of rings) await ring.learn(START);
  const issued: Issued[] = [];
  const wrong: unknown[] = [];

  for (let hour = 0; hour <= 366 * 24; hour++) {
    const now = START + hour * HOUR;
    const anyLife = () => 60 + randomInt(LONGEST_LIFE - 59);
    const probes = [
      { after: randomInt(HOUR), life: anyLife() },
      { after: randomInt(HOUR), life: anyLife() },
    ];
    // The worker is away for five days in spring, and now and then for an hour.
    const away = (hour >= 80 * 24 && hour < 85 * 24) || randomInt(20) === 0;
    const isAsked = ROTATED_BY_HAND.includes(hour);
    const isNews = await inTransaction(one.db, async (tx) => {
      if (isAsked) await rotateNow(tx, at(now), 'a test');
      return (away ? [] : await advanceKeys(tx, at(now))).length > 0 || isAsked;
    });
    for (const ring of isNews ? rings : []) {
      const delay = randomInt(SECOND + 1);
      await ring.learn(now + delay);
      // Around the instant at which the news arrives: the last tokens of the old key, the first of the new one.
      for (const after of [0, Math.max(0, delay - 1), delay, SECOND]) probes.push({ after, life: LONGEST_LIFE });
    }
    for (const ring of rings) if (randomInt(24 * 7) === 0) await ring.learn(now + SECOND + randomInt(HOUR - SECOND));
    const states = [await count('active'), await count('next')];
    if (states.join() !== '1,1') wrong.push({ hour, states });
    for (const ring of rings) {
      for (const { after, life } of probes) issued.push(await issue(ring, now + after, life));
    }
  }
  expect(issued.length).toBeGreaterThan(30_000);
  // Days 0, 30 (by hand), 120, 200 (by hand), 290.
  expect(new Set(issued.map(({ kid }) => kid)).size).toBe(5);

  const age = JWKS_MAX_AGE_SECONDS * SECOND;
  for (const { token, kid, issuedAt, expiresAt } of issued) {
    // Whatever process a verifier asked, at whatever instant that its copy may date from.
    for (const ring of rings) {
      for (const { set, from } of ring.between(issuedAt - age, expiresAt - 1)) {
        if (!set.jwks.keys.some((key) => key.kid === kid)) wrong.push({ kid, issuedAt, expiresAt, from });
      }
    }
    const ring = rings[randomInt(2)] as Ring;
    const checks = [
      [issuedAt, age],
      [expiresAt - 1, 0],
    ] as const;
    for (const [instant, old] of randomInt(4) === 0 ? checks : []) {
      await jwtVerify(token, ring.at(instant - old).verify, {
        typ: 'at+jwt',
        issuer: ISSUER,
        audience: ISSUER,
        currentDate: new Date(instant),
      }).catch((error: Error) => wrong.push({ kid, issuedAt, instant, old, error: error.message }));
    }
  }
  expect(wrong).toEqual([]);
  expect([await count('retired'), await count('retiring')]).toEqual([4, 0]);
}, 300_000);

test('two processes that advance at once, a hundred times: one promotion each time, and nobody ever sees two active keys or none', async () => {
  const before = await lastRecord();
  let over = false;
  const seen = new Set<number>();
  const observer = (async () => {
    while (!over) seen.add(await count('active'));
  })();
  const steps: number[] = [];
  for (let round = 1; round <= 100; round++) {
    const now = START + round * 91 * DAY;
    const results = await Promise.all(
      [one, two, one, two].map(({ db }) => inTransaction(db, (tx) => advanceKeys(tx, at(now)))),
    );
    steps.push(results.flat().filter(({ step }) => step === 'promote').length);
    expect(results.filter((taken) => taken.length > 0)).toHaveLength(1);
  }
  over = true;
  await observer;
  expect(steps).toEqual(steps.map(() => 1));
  expect([...seen]).toEqual([1]);
  const { rows } = await one.pool.query(
    'SELECT action, count(DISTINCT target)::int AS keys, count(*)::int AS records FROM audit_log WHERE seq > $1 GROUP BY 1 ORDER BY 1',
    [before],
  );
  expect(rows).toEqual([
    { action: 'signing_key.activated', keys: 100, records: 100 },
    { action: 'signing_key.created', keys: 100, records: 100 },
    { action: 'signing_key.retired', keys: 99, records: 99 },
    { action: 'signing_key.retiring', keys: 100, records: 100 },
  ]);
  expect([await count('active'), await count('next'), await count('retiring')]).toEqual([1, 1, 1]);
  expect(await count('retired')).toBe(99);
}, 120_000);

test('an operator and the schedule at once: one promotion', async () => {
  const now = START + 90 * DAY;
  await Promise.all([
    inTransaction(one.db, (tx) => advanceKeys(tx, at(now))),
    inTransaction(two.db, (tx) => rotateNow(tx, at(now), null)),
  ]);
  expect(await count('retiring')).toBe(1);
});
