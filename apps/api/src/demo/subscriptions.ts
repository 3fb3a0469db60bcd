import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import { factsAfter } from '@bastionary/billing/actions/facts-after';
import { dueSubscriptions, settleDue } from '@bastionary/billing/actions/settle-subscription';
import { toContract } from '@bastionary/billing/actions/subscription-rows';
import { openSubscription, updateSubscription } from '@bastionary/billing/actions/update-subscription';
import { writeSubscription } from '@bastionary/billing/actions/write-subscription';
import { decideAct } from '@bastionary/billing/rules/subscription-act';
import { toInstant } from '@bastionary/contracts/text';
import { appendAudit } from '@bastionary/platform/audit';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { DAY_MS, type Episode, idOf, ORIGIN, type World } from './chronicle.js';
import { type Change, STORIES } from './data/subscriptions.js';

/** Subscriptions begin and change. What fell due by itself meanwhile is written down at the end, each at its instant. */
export const subscriptionEpisodes: readonly Episode[] = [
  ...STORIES.flatMap(({ customer, begin, later = [] }): Episode[] => {
    const [daysAgo, { startsInDays, ...request }] = begin;
    const beginning: Episode = {
      daysAgo,
      async happen(world, now) {
        const customer_id = idOf(world.customers, customer);
        const start = startsInDays === undefined ? {} : { start: daysFrom(world, startsInDays) };
        const full = { quantity: 1, add_ons: [], ...request, ...start, customer_id };
        const { row } = await createSubscription(world.tx, ORIGIN, full, { now, followers: FOLLOWERS });
        world.subscriptions.set(customer, row.id);
      },
    };
    return [
      beginning,
      ...later.map(
        ([ago, wanted]): Episode => ({
          daysAgo: ago,
          happen: (world, now) => change(world, idOf(world.subscriptions, customer), wanted, now),
        }),
      ),
    ];
  }),
  { daysAgo: 0, happen: settle },
];

async function change(world: World, id: string, wanted: Change, now: Date): Promise<void> {
  if ('unpaid' in wanted) return missPayment(world, id, wanted.unpaid.graceDays, now);
  const { at = 'now', ...request } = wanted;
  const when = typeof at === 'number' ? daysFrom(world, at) : at;
  const around = { now, followers: FOLLOWERS };
  await updateSubscription(world.tx, ORIGIN, id, { ...request, at: when }, undefined, around);
}

// By the rule that collecting money will ask, and written as every change is.
async function missPayment({ tx }: World, id: string, graceDays: number, now: Date): Promise<void> {
  const { row, around } = await openSubscription(tx, id, undefined, { now, followers: FOLLOWERS });
  const contract = toContract(row);
  const facts = factsAfter(decideAct(contract.facts, { kind: 'payment_failed' }, around.now));
  if (facts === null) return;
  const after = { ...contract, facts: { ...facts, graceSeconds: (graceDays * DAY_MS) / 1_000 } };
  await writeSubscription(tx, row, after, 'subscription.changed', around);
  const state = { from: 'active', to: 'past_due' };
  const detail = { at: toInstant(around.now), state, grace_days: graceDays };
  await appendAudit(tx, ORIGIN, { action: 'subscription.changed', target: `subscription:${id}`, detail });
}

async function settle({ tx }: World, now: Date): Promise<void> {
  const due = await dueSubscriptions(tx, now, STORIES.length);
  for (const subscription of due) await settleDue(tx, subscription, { now, followers: FOLLOWERS });
}

const daysFrom = ({ present }: World, days: number): string => toInstant(new Date(present.getTime() + days * DAY_MS));
