import type { MigratePlanRequest, PlanMigration } from '@bastionary/contracts/plans';
import { lockCustomers } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { termsOf } from '../rules/items.js';
import { planVersionName, toPlanReference } from '../rules/plan-reference.js';
import { periodEnd } from '../rules/scheduled-change.js';
import { publishVersion } from './change-plans.js';
import { changeTerms } from './change-terms.js';
import { refuse } from './check-features.js';
import { currentVersion, getPlan } from './plans.js';
import { toContract } from './subscription-rows.js';
import { openSubscription } from './update-subscription.js';
import type { Surroundings } from './write-subscription.js';

/** One step of a migration: so many subscriptions in one transaction. */
export interface MigrationStep {
  readonly key: string;
  /** The version to move to. */
  readonly to: number;
  readonly from: number | undefined;
  readonly at: 'now' | 'period_end';
  /** Only a preview leads to a draft. */
  readonly isDraft: boolean;
}

/**
 * Where a migration leads.
 * @param isPreview whether it may also lead to a draft, to see before it is published what it would mean
 * @throws AppError not_found, invalid_request (a version that is not published)
 */
export async function planMigrationStep(
  db: Reader,
  key: string,
  request: MigratePlanRequest,
  isPreview = false,
): Promise<MigrationStep> {
  const plan = await getPlan(db, key);
  const row =
    request.to === undefined ? currentVersion(plan) : plan.versions.find(({ version }) => version === request.to);
  const isDraft = row?.status === 'draft';
  if (row === undefined || !(row.status === 'published' || (isDraft && isPreview))) {
    const message =
      row === undefined
        ? 'is no version of this plan, or none is published'
        : `is ${row.status}; only a published one is moved to`;
    refuse([{ path: '/to', code: 'not_published', message }]);
    throw new AppError('invalid_request', message);
  }
  return { key, to: row.version, from: request.from, at: request.at, isDraft };
}

/** Live subscriptions that are still to be moved, by id, after `after`. */
export async function subscriptionsToMigrate(
  db: Reader,
  { key, to, from }: MigrationStep,
  page: { readonly ids: readonly string[] | undefined; readonly after: string; readonly limit: number },
  now: Date,
): Promise<{ id: string; customerId: string }[]> {
  const isOpen = (column: string) => ({ OR: [{ [column]: null }, { [column]: { gt: now } }] });
  return db.subscription.findMany({
    where: {
      AND: [isOpen('canceledAt'), isOpen('cancelAt')],
      id: { gt: page.after, ...(page.ids !== undefined && { in: [...page.ids] }) },
      items: { some: { planKey: key, planVersion: from ?? { not: to } } },
    },
    select: { id: true, customerId: true },
    orderBy: { id: 'asc' },
    take: page.limit,
  });
}

type Moved = Pick<PlanMigration, 'migrated' | 'scheduled' | 'refused'>;

/**
 * Moves subscriptions to another version of a plan or add-on, which is published first if it is a draft. One that cannot be moved is told, and does not stop the others.
 * @param effective gets the instant at which each customer is affected
 */
export async function migrateSubscriptions(
  tx: Transaction,
  origin: Origin,
  { key, to, at, isDraft }: MigrationStep,
  subscriptions: readonly { readonly id: string; readonly customerId: string }[],
  surroundings: Surroundings,
  effective: (customerId: string, at: Date) => void = () => undefined,
): Promise<Moved> {
  await lockCustomers(
    tx,
    subscriptions.map(({ customerId }) => customerId),
  );
  // After the customers: whoever changes a subscription locks in this order.
  if (isDraft) await publishVersion(tx, origin, key, to, surroundings.now);
  const refused: PlanMigration['refused'] = [];
  let migrated = 0;
  let scheduled = 0;
  for (const { id } of subscriptions) {
    try {
      const { row, around } = await openSubscription(tx, id, undefined, surroundings);
      const contract = toContract(row);
      const instant = at === 'now' ? around.now : periodEnd(contract.facts, contract.cycle, around.now);
      const { plan, addOns } = termsOf(contract.items);
      const moved = (name: string): string => (toPlanReference(name).key === key ? planVersionName(key, to) : name);
      const wanted =
        toPlanReference(plan).key === key
          ? { plan: moved(plan) }
          : { add_ons: addOns.map((addOn) => ({ plan: moved(addOn.plan), quantity: addOn.quantity })) };
      await changeTerms(tx, origin, row, wanted, instant, around, 'migrate');
      effective(row.customerId, instant);
      if (at === 'now') migrated++;
      else scheduled++;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refused.push({ subscription_id: id, code: error.faults?.[0]?.code ?? error.code, message: error.message });
    }
  }
  return { migrated, scheduled, refused };
}
