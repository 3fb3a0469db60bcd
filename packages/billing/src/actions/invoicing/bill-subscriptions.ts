import { holdFeatures } from '@bastionary/entitlements/actions/facts';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { nextBoundary } from '../../rules/invoicing/boundaries.js';
import { settleDue } from '../settle-subscription.js';
import { type Billing, loadBillings } from './billing-facts.js';
import { composeDrafts, type Wanted } from './compose-drafts.js';
import type { InvoicingSurroundings } from './settings.js';
import { type DraftRow, writeDrafts } from './write-drafts.js';

const HOUR_MS = 3_600_000;
const ORIGIN = systemOrigin('billing');

export interface BilledChunk {
  /** Subscriptions that are done up to their next instant. */
  readonly examined: number;
  readonly drafted: number;
}

/** A subscription that is due. */
export interface Due {
  id: string;
  customerId: string;
  isUnsettled: boolean;
}

/**
 * Takes subscriptions that are due, the longest overdue first, and locks their customers. Those whose customer somebody else
 * is just changing or billing are passed by and stay due.
 * @param only these; undefined: any
 */
export async function takeDue(
  tx: Transaction,
  limit: number,
  now: Date,
  only: readonly string[] | undefined,
): Promise<Due[]> {
  await holdFeatures(tx);
  const some = only === undefined ? null : [...only];
  return tx.$queryRaw<Due[]>`
    SELECT s.id, s.customer_id AS "customerId", coalesce(s.next_change_at <= ${now}, false) AS "isUnsettled"
    FROM subscription s JOIN customer c ON c.id = s.customer_id
    WHERE s.next_bill_at <= ${now} AND (${some}::text[] IS NULL OR s.id = ANY(${some}::text[]))
    ORDER BY s.next_bill_at, s.id LIMIT ${limit} FOR UPDATE OF c SKIP LOCKED`;
}

/**
 * Bills the next boundary of subscriptions that `takeDue` took: drafts and how far they are billed in one transaction, so that
 * whatever happens in between is done again or not at all. One that has more boundaries behind it stays due.
 */
export async function billSubscriptions(
  tx: Transaction,
  due: readonly Due[],
  around: InvoicingSurroundings,
): Promise<BilledChunk> {
  const { now, invoicing } = around;
  // What fell due by itself comes first, at its own instant.
  for (const one of due.filter(({ isUnsettled }) => isUnsettled)) await settleDue(tx, one, around);
  const billings = await loadBillings(
    tx,
    due.map(({ id }) => id),
    invoicing.sellerCountry,
  );
  const steps = [...billings.values()].map((billing) => stepOf(billing, now));
  const composed = await composeDrafts(
    tx,
    steps.flatMap(({ wanted }) => wanted ?? []),
    now,
    invoicing,
  );
  const drafts = composed
    .filter(({ lines }) => lines.length > 0)
    .map(
      ({ wanted: { billing, period }, ...draft }): DraftRow => ({
        ...draft,
        id: null,
        customerId: billing.customerId,
        subscriptionId: billing.id,
        scope: 'cycle',
        currency: billing.terms.currency,
        period,
        // What is billed late, or of a contract told afterwards, can be looked at as long as anything else.
        finalizeAt: new Date(Math.max(period.start.getTime(), now.getTime()) + invoicing.graceHours * HOUR_MS),
      }),
    );
  await writeDrafts(tx, ORIGIN, drafts, now);
  await writeSteps(tx, steps);
  return { examined: steps.length, drafted: drafts.length };
}

interface Step {
  readonly id: string;
  readonly wanted: Wanted | null;
  readonly billedUntil: Date | null;
  readonly nextBillAt: Date | null;
}

function stepOf(billing: Billing, now: Date): Step {
  const { id, holding, billedUntil } = billing;
  const boundary = nextBoundary(holding, billedUntil);
  const reaching = (by: Date, end: Date): Wanted => ({
    billing,
    reach: { kind: 'due', by },
    period: { start: by, end },
    invoiceId: null,
    sparesDrafts: true,
  });
  // Nothing is to come of what has ended, but what a void invoice asked for may be billed again.
  if (boundary === null) return { id, wanted: reaching(now, now), billedUntil, nextBillAt: null };
  if (boundary > now) return { id, wanted: null, billedUntil, nextBillAt: boundary };
  const following = nextBoundary(holding, boundary);
  return { id, wanted: reaching(boundary, following ?? boundary), billedUntil: boundary, nextBillAt: following };
}

async function writeSteps(tx: Transaction, steps: readonly Step[]): Promise<void> {
  if (steps.length === 0) return;
  const rows = steps.map(({ id, billedUntil, nextBillAt }) => ({ id, billedUntil, nextBillAt }));
  await tx.$executeRaw`
    UPDATE subscription SET billed_until = step."billedUntil", next_bill_at = step."nextBillAt"
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS step(id text, "billedUntil" timestamptz, "nextBillAt" timestamptz)
    WHERE subscription.id = step.id`;
}

/** How many are due. */
export const countDue = (db: Reader, now: Date): Promise<number> =>
  db.subscription.count({ where: { nextBillAt: { lte: now } } });

/** Tries one that failed again a little later, so that it keeps nobody waiting. */
export async function postpone(tx: Transaction, id: string, until: Date): Promise<void> {
  await tx.subscription.updateMany({ where: { id }, data: { nextBillAt: until } });
}

/**
 * Drafts whose time has come, the longest waiting first, of customers whom nobody else is changing: these are locked.
 * @param only these; undefined: any
 */
export async function takeDrafts(
  tx: Transaction,
  limit: number,
  now: Date,
  only: readonly string[] | undefined,
): Promise<{ id: string }[]> {
  await holdFeatures(tx);
  const some = only === undefined ? null : [...only];
  return tx.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM invoice i JOIN customer c ON c.id = i.customer_id
    WHERE i.status = 'draft' AND i.finalize_at <= ${now} AND (${some}::text[] IS NULL OR i.id = ANY(${some}::text[]))
    ORDER BY i.finalize_at, i.id LIMIT ${limit} FOR UPDATE OF c SKIP LOCKED`;
}

/** The same of a draft that could not be made final. */
export async function postponeDraft(tx: Transaction, id: string, until: Date): Promise<void> {
  await tx.invoice.updateMany({
    where: { id, status: 'draft', finalizeAt: { not: null } },
    data: { finalizeAt: until },
  });
}
