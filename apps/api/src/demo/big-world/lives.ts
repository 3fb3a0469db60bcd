import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import { updateSubscription } from '@bastionary/billing/actions/update-subscription';
import type { UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { createCustomer } from '@bastionary/entitlements/actions/create-customer';
import type { Transaction } from '@bastionary/prisma/client';
import { DAY_MS, ORIGIN } from '../chronicle.js';
import { chanceFrom, oneOf } from './chance.js';
import { MARKETS } from './sold.js';

const FIRST = [
  'Amber',
  'Birch',
  'Cedar',
  'Delta',
  'Ember',
  'Falcon',
  'Granite',
  'Harbor',
  'Iris',
  'Juniper',
  'Kite',
  'Lumen',
];
const SECOND = [
  'Analytics',
  'Foods',
  'Freight',
  'Health',
  'Labs',
  'Logistics',
  'Media',
  'Motors',
  'Robotics',
  'Studios',
];
const MONTH_DAYS = 30.4;

/** What a customer did, in order of time. */
type Deed = { readonly at: Date } & (
  | { readonly kind: 'subscribe'; readonly plan: string; readonly quantity: number }
  | { readonly kind: 'change'; readonly change: UpdateSubscriptionRequest }
);

/** A life from chance: it begins some time in the span, grows, shrinks, pauses, leaves, and sometimes comes back. */
function deedsOf(chance: () => number, from: Date, present: Date): Deed[] {
  const after = (at: Date, days: number): Date => new Date(at.getTime() + Math.round(days * DAY_MS));
  const deeds: Deed[] = [];
  let at = after(from, chance() ** 0.7 * ((present.getTime() - from.getTime()) / DAY_MS - 1));
  let plan = oneOf(chance, ['starter', 'starter', 'team', 'team', 'team', 'business', 'enterprise']);
  let quantity = plan === 'starter' ? 1 : 2 + Math.floor(chance() ** 2 * 40);
  deeds.push({ at, kind: 'subscribe', plan, quantity });
  let state: 'on' | 'paused' | 'gone' = 'on';
  at = after(at, 16);
  for (; at < present; at = after(at, MONTH_DAYS * (0.5 + chance()))) {
    const luck = chance();
    const change = (request: UpdateSubscriptionRequest): number => deeds.push({ at, kind: 'change', change: request });
    if (state === 'gone') {
      if (luck > 0.06) continue;
      deeds.push({ at, kind: 'subscribe', plan, quantity });
      at = after(at, 16);
      state = 'on';
    } else if (state === 'paused') {
      change({ pause: false });
      state = 'on';
    } else if (luck < 0.02) {
      change({ cancel: true });
      state = 'gone';
    } else if (luck < 0.028) {
      change({ pause: true });
      state = 'paused';
    } else if (luck < 0.09 && plan !== 'starter') {
      quantity += 1 + Math.floor(chance() * 5);
      change({ quantity });
    } else if (luck < 0.115 && quantity > 3) {
      quantity -= 1 + Math.floor(chance() * 2);
      change({ quantity });
    } else if (luck < 0.14 && plan !== 'enterprise') {
      plan = plan === 'starter' ? 'team' : 'business';
      quantity = Math.max(quantity, 3);
      change({ plan, quantity });
    } else if (luck < 0.15) change({ add_ons: [{ plan: 'support', quantity: 1 }] });
  }
  return deeds;
}

/** Lets a customer live, with the real actions, each with the clock of its own instant. @returns its id */
export async function live(tx: Transaction, index: number, seed: number, from: Date, present: Date): Promise<string> {
  const chance = chanceFrom(seed * 1_000_003 + index);
  const [currency, country] = oneOf(chance, MARKETS);
  const name = `${oneOf(chance, FIRST)} ${oneOf(chance, SECOND)} ${index + 1}`;
  const email = `billing-${index + 1}@customers.example`;
  const [first, ...later] = deedsOf(chance, from, present) as [Deed, ...Deed[]];
  const around = (now: Date) => ({ now, followers: [] });
  const request = { name, email, currency, country };
  const { id: customer_id } = await createCustomer(tx, ORIGIN, request, around(first.at));
  let subscription = '';
  for (const deed of [first, ...later]) {
    if (deed.kind === 'subscribe') {
      const { plan, quantity, at } = deed;
      const made = await createSubscription(tx, ORIGIN, { customer_id, plan, quantity, add_ons: [] }, around(at));
      subscription = made.row.id;
    } else {
      const graced = { ...around(deed.at), graceSeconds: 14 * 86_400 };
      await updateSubscription(tx, ORIGIN, subscription, deed.change, undefined, graced);
    }
  }
  return customer_id;
}
