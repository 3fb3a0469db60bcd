import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Till } from '../stripe/till.js';
import { Buyer, openShop } from './right.js';

// LICENSE_HISTORIES=50 for a long proof.
const COUNT = Number(process.env.LICENSE_HISTORIES ?? 3);

let till: Till;
beforeAll(async () => {
  till = await Till.open();
  await openShop(till, true);
  await till.works.worker();
});
afterAll(() => till.close());

type Act =
  | { readonly act: 'quantity'; readonly quantity: number; readonly inMs: number | null }
  | { readonly act: 'cancel' | 'uncancel' | 'pause' | 'resume' | 'suspend' | 'reinstate' | 'owe' | 'pay' | 'kill' };

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('quantity' as const),
      quantity: fc.integer({ min: 1, max: 6 }),
      inMs: fc.option(fc.constant(400)),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constantFrom('cancel', 'uncancel', 'pause', 'resume', 'suspend', 'reinstate', 'owe', 'pay', 'kill'),
    }) as fc.Arbitrary<Act>,
  },
);

const BODIES = {
  cancel: { cancel: true, at: 'period_end' },
  uncancel: { cancel: false },
  pause: { pause: true },
  resume: { pause: false },
  suspend: { suspend: true },
  reinstate: { suspend: false },
  owe: { past_due: true },
  pay: { past_due: false },
} as const;

const ENTITLING = ['trialing', 'active', 'past_due'];

/**
 * What a licence must be, by what its subscription says of itself alone.
 * @param before seats it had when it last entitled: it keeps them while it is suspended
 */
// biome-ignore lint/suspicious/noExplicitAny: a subscription as it stands in answers
function expected(subscription: any, before: number) {
  const { state, quantity, cancel_at, grace_until, paused_from } = subscription;
  if (!ENTITLING.includes(state)) return { valid: false, code: 'SUSPENDED', seats: before };
  const ends = [cancel_at, grace_until, paused_from].filter((end) => end !== null && Date.parse(end) > Date.now());
  return { valid: true, code: 'VALID', seats: quantity, endsAt: ends.sort()[0] ?? null };
}

async function perform(buyer: Buyer, { act, ...more }: Act): Promise<void> {
  if (act === 'kill') {
    await till.works.workers.shift()?.kill();
    return;
  }
  const { quantity, inMs } = { quantity: 1, inMs: null as number | null, ...more };
  const at = inMs === null ? null : Date.now() + inMs;
  const body = act === 'quantity' ? { quantity, ...(at && { at: new Date(at).toISOString() }) } : BODIES[act];
  const answer = await till.works.manage(`/api/subscriptions/${buyer.subscription}`, { method: 'PATCH', body });
  // What is refused changes nothing, which is looked at too.
  if (answer.status !== 200 && answer.status !== 409) throw new Error(`${act}: ${JSON.stringify(answer.body)}`);
  // A change that was arranged has come, whether or not a worker lives.
  if (at !== null) await waitFor('its instant', async () => Date.now() > at);
}

test(`${COUNT} random lives of subscriptions: the licence is what the subscription says, worker or none`, async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(acts, { minLength: 8, maxLength: 14 }),
      fc.integer({ min: 1, max: 6 }),
      async (life, first) => {
        const customer = await till.customer();
        const { id } = await till.ask('POST', '/api/subscriptions', {
          customer_id: customer,
          plan: 'desktop',
          quantity: first,
        });
        const buyer = new Buyer(till, customer, { client_id: '', client_secret: '' }, id);
        expect(await buyer.activate('one')).toEqual([201, undefined]);
        let seats = first;
        for (const act of life) {
          await perform(buyer, act);
          const { key } = await buyer.license();
          const validation = await buyer.validation(key);
          const license = await buyer.license();
          const subscription = await till.ask('GET', `/api/subscriptions/${id}`);
          const { endsAt, ...wanted } = expected(subscription, seats);
          const found = {
            ...validation,
            seats: license.max_machines,
            ...(endsAt !== undefined && { endsAt: license.expires_at }),
          };
          expect([act, subscription.state, found]).toEqual([
            act,
            subscription.state,
            { ...wanted, ...(endsAt !== undefined && { endsAt }) },
          ]);
          seats = license.max_machines;
          seen.add(subscription.state);
        }
        if (till.works.workers.length === 0) await till.works.worker();
      },
    ),
    { numRuns: COUNT, endOnFailure: true },
  );
  expect(seen.size).toBeGreaterThan(1);
});
