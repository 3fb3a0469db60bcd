import type { UpdateSubscriptionRequest, When } from '@bastionary/contracts/plans';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { periodEnd } from '../rules/scheduled-change.js';
import type { Contract } from '../rules/settle.js';
import { type Act, decideAct } from '../rules/subscription-act.js';
import { type SubscriptionEvent, type SubscriptionEventType, turnType } from '../rules/subscription-event.js';
import {
  endOf,
  graceEndOf,
  type SubscriptionFacts,
  type SubscriptionState,
  stateAt,
} from '../rules/subscription-state.js';
import { changeTerms } from './change-terms.js';
import { factsAfter } from './facts-after.js';
import { getSubscription, type SubscriptionRow } from './find-subscription.js';
import { noteSubscription } from './note-subscription.js';
import { settleSubscription } from './settle-subscription.js';
import { toContract } from './subscription-rows.js';
import { openCustomer, type Surroundings, writeSubscription } from './write-subscription.js';

export interface Updated {
  readonly row: SubscriptionRow;
  /** When the change takes effect. */
  readonly effective: Date;
}

/**
 * Changes what a subscription is on, ends it or takes the end back, pauses or resumes it: now or at an instant to come;
 * suspends or reinstates it now; notes that a payment is due, or received.
 * What is so already is not written, and leaves no record.
 * @param ifVersion the version the caller has seen; undefined if it does not care
 * @param surroundings `graceSeconds`: how long it works on once a payment is due
 * @throws AppError not_found, version_mismatch, subscription_conflict, invalid_request
 */
export async function updateSubscription(
  tx: Transaction,
  origin: Origin,
  id: string,
  request: UpdateSubscriptionRequest,
  ifVersion: number | undefined,
  surroundings: Surroundings & { readonly graceSeconds: number },
): Promise<Updated> {
  const { row, around } = await openSubscription(tx, id, ifVersion, surroundings);
  const contract = toContract(row);
  const effective = instantOf(request.at ?? 'now', contract, around.now);
  const deed = toAct(request, effective, surroundings.graceSeconds);
  if (deed === undefined) await changeTerms(tx, origin, row, request, effective, around);
  else await act(tx, origin, row, deed, around);
  return { row: await getSubscription(tx, id), effective };
}

/**
 * The subscription as it is now, what fell due included, with its customer locked.
 * @throws AppError not_found, version_mismatch
 */
export async function openSubscription(
  tx: Transaction,
  id: string,
  ifVersion: number | undefined,
  surroundings: Surroundings,
): Promise<{ row: SubscriptionRow; around: Surroundings }> {
  const { customerId } = await getSubscription(tx, id);
  const around = await openCustomer(tx, customerId, surroundings);
  const row = await settleSubscription(tx, await getSubscription(tx, id), around);
  if (ifVersion !== undefined && ifVersion !== row.version) {
    throw new AppError(
      'version_mismatch',
      'Somebody or something changed this subscription since you read it. Read it again and repeat the change.',
    );
  }
  return { row, around };
}

/**
 * Does to a subscription what follows from something else: money that came, or went back.
 * @throws AppError not_found, subscription_conflict
 */
export async function applyAct(
  tx: Transaction,
  origin: Origin,
  id: string,
  deed: Act,
  surroundings: Surroundings,
): Promise<void> {
  const { row, around } = await openSubscription(tx, id, undefined, surroundings);
  await act(tx, origin, row, deed, around);
}

async function act(
  tx: Transaction,
  origin: Origin,
  row: SubscriptionRow,
  deed: Act,
  around: Surroundings,
): Promise<void> {
  const { now } = around;
  const contract = toContract(row);
  const facts = factsAfter(decideAct(contract.facts, deed, now));
  if (facts === null) return;
  const end = endOf(facts);
  const isOver = end !== null && end <= now;
  const event = eventOf(deed, contract.facts, facts, now);
  if (isOver) {
    await tx.scheduledChange.updateMany({
      where: { subscriptionId: row.id, appliedAt: null, voidedAt: null },
      data: { voidedAt: now },
    });
  }
  const after: Contract = { ...contract, facts, changes: isOver ? [] : contract.changes };
  await noteSubscription(tx, origin, row, event);
  await writeSubscription(tx, row, after, event.type, around);
}

function toAct(
  { cancel, pause, suspend, past_due }: UpdateSubscriptionRequest,
  at: Date,
  graceSeconds: number,
): Act | undefined {
  if (cancel !== undefined) return cancel ? { kind: 'cancel', at } : { kind: 'uncancel' };
  if (suspend !== undefined) return { kind: suspend ? 'suspend' : 'reinstate' };
  if (past_due !== undefined) {
    return past_due ? { kind: 'payment_failed', graceSeconds } : { kind: 'payment_received' };
  }
  if (pause === undefined) return undefined;
  return pause ? { kind: 'pause', at, until: null } : { kind: 'resume', at };
}

function instantOf(at: When, { facts, cycle }: Contract, now: Date): Date {
  if (at === 'now') return now;
  return at === 'period_end' ? periodEnd(facts, cycle, now) : new Date(at);
}

const AT_ONCE: Partial<Record<Act['kind'], SubscriptionEventType>> = {
  cancel: 'subscription.canceled',
  pause: 'subscription.paused',
  resume: 'subscription.resumed',
  suspend: 'subscription.suspended',
  reinstate: 'subscription.reinstated',
};

// Money that is due, received or paid back turns the state, or does not: of what is paused, say.
const turnOf = (from: SubscriptionState, to: SubscriptionState): SubscriptionEventType =>
  from === to ? 'subscription.updated' : turnType({ from, to });

// What is done at once is named; what is only arranged is a change of the arrangement.
function eventOf(deed: Act, before: SubscriptionFacts, after: SubscriptionFacts, now: Date): SubscriptionEvent {
  const isNow = !('at' in deed) || deed.at.getTime() === now.getTime();
  const view = (facts: SubscriptionFacts): Record<string, string | null> => ({
    cancel_at: toInstantOrNull(facts.cancelAt),
    canceled_at: toInstantOrNull(facts.canceledAt),
    paused_from: toInstantOrNull(facts.pausedFrom),
    paused_until: toInstantOrNull(facts.pausedUntil),
    suspended_at: toInstantOrNull(facts.suspendedAt),
    refunded_at: toInstantOrNull(facts.refundedAt),
    past_due_since: toInstantOrNull(facts.pastDueSince),
    grace_until: toInstantOrNull(graceEndOf(facts)),
  });
  const [old, fresh] = [view(before), view(after)];
  const changed = Object.keys(old).filter((key) => old[key] !== fresh[key]);
  return {
    type: (isNow ? AT_ONCE[deed.kind] : undefined) ?? turnOf(stateAt(before, now), stateAt(after, now)),
    detail: {
      at: toInstant('at' in deed ? deed.at : now),
      ...Object.fromEntries(changed.map((key) => [key, { from: old[key], to: fresh[key] }])),
    },
  };
}
