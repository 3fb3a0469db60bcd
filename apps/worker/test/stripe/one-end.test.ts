import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chance, endOf, type Life, liveThrough, permutations, type StripeEvent, THE_END } from './life.js';
import { Till } from './till.js';

// STRIPE_PERMUTATIONS=720 is all of them.
const COUNT = Number(process.env.STRIPE_PERMUTATIONS ?? 8);
const AT_ONCE = 3;
/** What is delivered in every order; the rest comes in between. */
const ORDERED = [
  'customer.created',
  'payment_intent.payment_failed',
  'checkout.session.completed',
  'payment_intent.processing',
  'payment_intent.succeeded',
  'charge.refunded',
];

let till: Till;
beforeAll(async () => {
  // All orders take longer than a token for everything usually lives.
  till = await Till.open({ ACCESS_TOKEN_TTL_SECONDS: '7200' });
});
afterAll(() => till.close());

/** The events of a life in an order of the six, each twice, the others at places that chance says. */
function schedule(life: Life, order: readonly string[], random: () => number): StripeEvent[] {
  const by = new Map(life.events.map((event) => [event.type as string, event]));
  const events = order.flatMap((type) => by.get(type) ?? []);
  if (events.length !== ORDERED.length) throw new Error(`not all six happened: ${[...by.keys()]}`);
  const others = life.events.filter(({ type }) => !order.includes(type));
  for (const event of [...others, ...life.events]) events.splice(Math.floor(random() * (events.length + 1)), 0, event);
  return events;
}

async function deliver(events: readonly StripeEvent[]): Promise<void> {
  for (const event of events) expect(await till.stripe.deliver(event, till.webhook)).toBe(200);
}

async function each<Item>(items: readonly Item[], act: (item: Item, place: number) => Promise<void>): Promise<void> {
  const waiting = [...items.entries()];
  const take = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await act(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

const ledger = () => till.works.sql('SELECT currency, sum(amount)::int AS sum FROM ledger_entry GROUP BY 1');

describe('E56, E61, E62: events in any order, repeated and lost, lead to one end', () => {
  test(`${COUNT} orders of the six events, each event twice`, async () => {
    await each(permutations(ORDERED, COUNT), async (order, number) => {
      const life = await liveThrough(till);
      await deliver(schedule(life, order, chance(number)));
      expect([order, await endOf(till, life)]).toEqual([order, THE_END]);
    });
    expect(await ledger()).toEqual([{ currency: 'EUR', sum: 0 }]);
  });

  test(`${COUNT} orders, one event in ten lost on all its ways, then reconciled; a second time nothing is left to do`, async () => {
    const lives: Life[] = [];
    let lost = 0;
    await each(permutations(ORDERED, COUNT), async (order, number) => {
      const life = await liveThrough(till);
      lives.push(life);
      const random = chance(number + 10_000);
      const gone = new Set(life.events.filter(() => random() < 0.1).map(({ id }) => id));
      // Of every third life nothing is told at all.
      const told = number % 3 === 0 ? [] : schedule(life, order, random).filter(({ id }) => !gone.has(id));
      lost += gone.size;
      await deliver(told);
    });
    expect(lost).toBeGreaterThan(0);
    await till.skipTonight();
    await till.works.worker();
    const report = await till.reconcile();
    expect(report).toMatchObject({ state: 'done', error: null });
    expect(report.counts.missing_here).toBeGreaterThan(0);
    for (const life of lives) expect(await endOf(till, life)).toEqual(THE_END);
    expect(await ledger()).toEqual([{ currency: 'EUR', sum: 0 }]);
    const again = await till.reconcile();
    expect(again.rows).toEqual([]);
    expect(again.counts).toMatchObject({ missing_here: 0, missing_there: 0, differs: 0 });
  });
});

test('E62: what is said late of before neither takes money back nor locks anybody out', async () => {
  const life = await liveThrough(till);
  await deliver(life.events);
  const stale = life.events.filter(({ type }) => /processing|payment_failed|created$/.test(type));
  expect(stale.length).toBeGreaterThan(2);
  await deliver([...stale, ...stale]);
  expect(await endOf(till, life)).toEqual(THE_END);
});

test('told while it happens, at once and all together: the same end', async () => {
  till.stripe.webhookUrl = till.webhook;
  const life = await liveThrough(till);
  till.stripe.webhookUrl = null;
  await till.stripe.delivered();
  await Promise.all(life.events.flatMap((event) => [event, event, event]).map((event) => deliver([event])));
  expect(await endOf(till, life)).toEqual(THE_END);
});

test('E56: twenty deliveries of one event at once are one payment', async () => {
  const life = await liveThrough(till);
  const event = life.events.find(({ type }) => type === 'payment_intent.succeeded');
  if (event === undefined) throw new Error('nothing was paid');
  await Promise.all(Array.from({ length: 20 }, () => deliver([event])));
  expect(await endOf(till, life)).toMatchObject({ payments: [['1000', '300']], changes: THE_END.changes });
});
