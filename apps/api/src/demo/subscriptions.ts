import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import { dueSubscriptions, settleDue } from '@bastionary/billing/actions/settle-subscription';
import { updateSubscription } from '@bastionary/billing/actions/update-subscription';
import { toInstant } from '@bastionary/contracts/text';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { DAY_MS, type Episode, idOf, ORIGIN, type World } from './chronicle.js';
import { type Change, STORIES } from './data/subscriptions.js';

/** How long an unpaid one works on: what the setting says by default, so that one is in its grace and one past it. */
const GRACE_DAYS = 14;

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
  const { at = 'now', ...request } = wanted;
  const when = typeof at === 'number' ? daysFrom(world, at) : at;
  const around = { now, followers: FOLLOWERS, graceSeconds: GRACE_DAYS * 86_400 };
  await updateSubscription(world.tx, ORIGIN, id, { ...request, at: when }, undefined, around);
}

async function settle({ tx }: World, now: Date): Promise<void> {
  const due = await dueSubscriptions(tx, now, STORIES.length);
  for (const subscription of due) await settleDue(tx, subscription, { now, followers: FOLLOWERS });
}

const daysFrom = ({ present }: World, days: number): string => toInstant(new Date(present.getTime() + days * DAY_MS));
