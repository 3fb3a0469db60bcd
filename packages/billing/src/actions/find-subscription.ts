import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { toPlanReference } from '../rules/plan-reference.js';
import type { SubscriptionState } from '../rules/subscription-state.js';

const DESC = 'desc' as const;
const ASC = 'asc' as const;
const PARTS = {
  items: { orderBy: [{ kind: DESC }, { planKey: ASC }] },
  scheduled: { where: { appliedAt: null, voidedAt: null }, orderBy: [{ at: ASC }, { id: ASC }] },
};

/**
 * A subscription, its items and its changes to come.
 * @param own the customer whose it must be; null: anybody's
 * @throws AppError not_found
 */
export async function getSubscription(db: Reader, id: string, own: string | null = null) {
  const where = { id, ...(own !== null && { customerId: own }) };
  const row = await db.subscription.findUnique({ where, include: PARTS });
  if (row === null) throw new AppError('not_found', `There is no subscription ${id}.`);
  return row;
}

export type SubscriptionRow = Awaited<ReturnType<typeof getSubscription>>;

/** The same for several, by id; who does not exist is left out. */
export const getSubscriptions = (db: Reader, ids: readonly string[]): Promise<SubscriptionRow[]> =>
  db.subscription.findMany({ where: { id: { in: [...ids] } }, include: PARTS, orderBy: { id: 'asc' } });

export interface SubscriptionFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly customerId: string | undefined;
  /** `key` or `key@version` */
  readonly plan: string | undefined;
  readonly state: SubscriptionState | undefined;
  readonly now: Date;
}

/**
 * Subscriptions, the newest first; one more than asked for if there are more.
 * @param own the customer whose they must be; null: anybody's
 */
export function listSubscriptions(
  db: Reader,
  own: string | null,
  filter: SubscriptionFilter,
): Promise<SubscriptionRow[]> {
  const { after, customerId, plan, state, now } = filter;
  const reference = plan === undefined ? undefined : toPlanReference(plan);
  const before = after && [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }];
  return db.subscription.findMany({
    where: {
      AND: [
        own === null ? {} : { customerId: own },
        customerId === undefined ? {} : { customerId },
        reference === undefined ? {} : { items: { some: { planKey: reference.key, planVersion: reference.version } } },
        state === undefined ? {} : whereState(state, now),
        before === undefined ? {} : { OR: before },
      ],
    },
    include: PARTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: filter.limit + 1,
  });
}

// The same decision as rules/subscription-state, as a condition: the first that holds, and none before it.
function whereState(state: SubscriptionState, now: Date): SubscriptionWhere {
  const past = { lte: now };
  const order: [SubscriptionState, SubscriptionWhere, SubscriptionWhere][] = [
    [
      'canceled',
      { OR: [{ canceledAt: past }, { cancelAt: past }] },
      { AND: [open('canceledAt', now), open('cancelAt', now)] },
    ],
    ['scheduled', { start: { gt: now } }, { start: past }],
    [
      'suspended',
      { OR: [{ suspendedAt: past }, { refundedAt: past }, { graceUntil: past }] },
      { AND: [open('suspendedAt', now), open('refundedAt', now), open('graceUntil', now)] },
    ],
    [
      'paused',
      { pausedFrom: past, ...open('pausedUntil', now) },
      { OR: [open('pausedFrom', now), { pausedUntil: past }] },
    ],
    ['past_due', { pastDueSince: past }, open('pastDueSince', now)],
    ['trialing', { trialEnd: { gt: now } }, { OR: [{ trialEnd: null }, { trialEnd: past }] }],
    ['active', {}, {}],
  ];
  const index = order.findIndex(([name]) => name === state);
  return { AND: [order[index]?.[1] ?? {}, ...order.slice(0, index).map(([, , otherwise]) => otherwise)] };
}

type SubscriptionWhere = NonNullable<NonNullable<Parameters<Reader['subscription']['findMany']>[0]>['where']>;

// Not yet, or never. A condition on NULL is neither true nor false in SQL, so NOT would not do.
const open = (column: string, now: Date): SubscriptionWhere => ({
  OR: [{ [column]: null }, { [column]: { gt: now } }],
});
