import type { Price, UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Json, Transaction } from '@bastionary/prisma/client';
import canonicalize from 'canonicalize';
import { billingInterval } from '../rules/billing-interval.js';
import { itemsAfter, termsOf } from '../rules/items.js';
import type { Interval } from '../rules/periods.js';
import { toPlanReference } from '../rules/plan-reference.js';
import { recurringWorth } from '../rules/recurring-worth.js';
import { type Terms, type TermsChange, termsAt } from '../rules/scheduled-change.js';
import { type Contract, rhythmAfter } from '../rules/settle.js';
import { type Act, decideAct } from '../rules/subscription-act.js';
import { factsAfter } from './facts-after.js';
import type { SubscriptionRow } from './find-subscription.js';
import { noteSubscription } from './note-subscription.js';
import { choosePlans, type WantedPlan } from './plan-choice.js';
import { termsDifference } from './settle-subscription.js';
import { toContract, toStoredChange } from './subscription-rows.js';
import { type Surroundings, writeSubscription } from './write-subscription.js';

const SCHEDULED_MAX = 50;

type WantedTerms = Pick<UpdateSubscriptionRequest, 'plan' | 'quantity' | 'add_ons'>;

/**
 * Changes the plan, its quantity or the add-ons, at once or at an instant to come. The caller has opened the subscription.
 * @param kind 'migrate' for another version of what it is on; default: by what it costs, up or down
 * @throws AppError subscription_conflict, invalid_request
 */
export async function changeTerms(
  tx: Transaction,
  origin: Origin,
  row: SubscriptionRow,
  wanted: WantedTerms,
  at: Date,
  around: Surroundings,
  kind?: 'migrate',
): Promise<void> {
  const contract = toContract(row);
  const { now } = around;
  const before = termsAt(termsOf(contract.items), contract.changes, contract.facts, at);
  const { currency } = await tx.customer.findUniqueOrThrow({ where: { id: row.customerId } });
  const { change, interval } = await resolveChange(tx, wanted, contract, currency);
  const after = { ...before, ...change };
  const direction = kind ?? (await directionOf(tx, before, after, currency));
  factsAfter(decideAct(contract.facts, { kind: direction, at } as Act, now));
  if (canonicalize(before as never) === canonicalize(after as never)) return;

  if (at.getTime() > now.getTime()) {
    await schedule(tx, origin, row, contract, { change, interval, at, before, after }, around);
    return;
  }
  const next: Contract = {
    ...contract,
    items: itemsAfter(contract.items, after, now),
    cycle: rhythmAfter(contract.cycle, interval, now),
  };
  await noteSubscription(tx, origin, row, { type: 'subscription.updated', detail: termsDifference(before, after) });
  await writeSubscription(tx, row, next, 'subscription.updated', around);
}

interface Arrangement {
  readonly change: TermsChange;
  readonly interval: Interval | null;
  readonly at: Date;
  readonly before: Terms;
  readonly after: Terms;
}

async function schedule(
  tx: Transaction,
  origin: Origin,
  row: SubscriptionRow,
  contract: Contract,
  { change, interval, at, before, after }: Arrangement,
  around: Surroundings,
): Promise<void> {
  // A later word on the same matter at the same instant replaces the earlier one.
  const replaced = contract.changes.filter(
    (one) => one.at.getTime() === at.getTime() && Object.keys(one.change).every((field) => field in change),
  );
  const changes = contract.changes.filter((one) => !replaced.includes(one));
  if (changes.length >= SCHEDULED_MAX) {
    const message = `There are ${SCHEDULED_MAX} changes to come already: withdraw one first.`;
    const faults = [{ path: '', code: 'too_many_scheduled', message }];
    throw new AppError('subscription_conflict', message, { faults });
  }
  const id = newId('sch', around.now.getTime());
  await tx.scheduledChange.updateMany({
    where: { id: { in: replaced.map((one) => one.id) } },
    data: { voidedAt: around.now },
  });
  await tx.scheduledChange.create({
    data: {
      id,
      subscriptionId: row.id,
      at,
      change: toStoredChange(change, interval) as Json as Record<string, never>,
      createdAt: around.now,
    },
  });
  const planned = [...changes, { id, at, change, interval, status: 'pending' as const }];
  const detail = { scheduled: id, at: toInstant(at), ...termsDifference(before, after) };
  await noteSubscription(tx, origin, row, { type: 'subscription.updated', detail });
  await writeSubscription(tx, row, { ...contract, changes: planned }, 'subscription.updated', around);
}

async function resolveChange(
  tx: Transaction,
  { plan, quantity, add_ons: addOns }: WantedTerms,
  contract: Contract,
  currency: string,
): Promise<{ change: TermsChange; interval: Interval | null }> {
  const wanted: WantedPlan[] = [
    ...(plan === undefined ? [] : [{ reference: plan, kind: 'plan' as const, path: '/plan' }]),
    ...(addOns ?? []).map((addOn, index) => ({
      reference: addOn.plan,
      kind: 'add_on' as const,
      path: `/add_ons/${index}/plan`,
    })),
  ];
  const chosen = await choosePlans(tx, wanted, new Set(contract.items.map((item) => item.plan)));
  const main = plan === undefined ? undefined : chosen[0];
  const others = main === undefined ? chosen : chosen.slice(1);
  return {
    change: {
      ...(main !== undefined && { plan: main.name }),
      ...(quantity !== undefined && { quantity }),
      ...(addOns !== undefined && {
        addOns: others.map(({ name }, index) => ({ plan: name, quantity: addOns[index]?.quantity ?? 1 })),
      }),
    },
    interval: main === undefined ? null : billingInterval(main.prices, currency),
  };
}

async function directionOf(
  tx: Transaction,
  before: Terms,
  after: Terms,
  currency: string,
): Promise<'upgrade' | 'downgrade'> {
  const held = ({ plan, quantity, addOns }: Terms) => [{ plan, quantity }, ...addOns];
  const names = [...held(before), ...held(after)].map(({ plan }) => toPlanReference(plan));
  const versions = await tx.planVersion.findMany({
    where: { OR: names.map(({ key, version }) => ({ planKey: key, version })) },
  });
  const prices = new Map(versions.map((one) => [`${one.planKey}@${one.version}`, one.prices as Price[]]));
  const worth = (terms: Terms): bigint =>
    held(terms).reduce((sum, item) => sum + recurringWorth(prices.get(item.plan) ?? [], currency, item.quantity), 0n);
  return worth(after) < worth(before) ? 'downgrade' : 'upgrade';
}
