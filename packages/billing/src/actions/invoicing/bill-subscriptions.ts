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

interface Due {
  id: string;
  customerId: string;
  isUnsettled: boolean;
}

/**
 * Bills the next boundary of subscriptions that are due, the longest overdue first: drafts and how far they are billed in one
 * transaction, so that whatever happens in between is done again or not at all. Whose customer somebody else is just
 * changing stays due, and so do those that another process has taken. One that has more boundaries behind it stays due too.
 * @param only these; undefined: any
 */
export async function billSubscriptions(
  tx: Transaction,
  limit: number,
  around: InvoicingSurroundings,
  only?: readonly string[],
): Promise<BilledChunk> {
  const { now, invoicing } = around;
  const due = await takeDue(tx, limit, now, only);
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

/** Rows nobody else works on: those are taken by who has them, and are due until then. */
async function takeDue(tx: Transaction, limit: number, now: Date, only?: readonly string[]): Promise<Due[]> {
  const some = only === undefined ? null : [...only];
  return tx.$queryRaw<Due[]>`
    WITH due AS (
      SELECT id, customer_id, next_change_at FROM subscription
      WHERE next_bill_at <= ${now} AND (${some}::text[] IS NULL OR id = ANY(${some}::text[]))
      ORDER BY next_bill_at, id LIMIT ${limit}
    ), free AS (
      SELECT id FROM customer WHERE id IN (SELECT customer_id FROM due) ORDER BY id FOR UPDATE SKIP LOCKED
    )
    SELECT due.id, due.customer_id AS "customerId", coalesce(due.next_change_at <= ${now}, false) AS "isUnsettled"
    FROM due JOIN free ON free.id = due.customer_id ORDER BY due.id`;
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

/** Ids of those that are due, the longest overdue first. */
export async function dueIds(db: Reader, now: Date, limit: number): Promise<string[]> {
  const where = { nextBillAt: { lte: now } };
  const rows = await db.subscription.findMany({
    where,
    orderBy: [{ nextBillAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/** Tries one that failed again a little later, so that it keeps nobody waiting. */
export async function postpone(tx: Transaction, id: string, until: Date): Promise<void> {
  await tx.subscription.updateMany({ where: { id }, data: { nextBillAt: until } });
}

/** Drafts whose time has come, the longest waiting first, of customers whom nobody else is changing: these are locked. */
export async function draftsToFinalize(tx: Transaction, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH due AS (
      SELECT id, customer_id, finalize_at FROM invoice WHERE status = 'draft' AND finalize_at <= ${now}
      ORDER BY finalize_at, id LIMIT ${limit}
    ), free AS (
      SELECT id FROM customer WHERE id IN (SELECT customer_id FROM due) ORDER BY id FOR UPDATE SKIP LOCKED
    )
    SELECT due.id FROM due JOIN free ON free.id = due.customer_id ORDER BY due.finalize_at, due.id`;
  return rows.map(({ id }) => id);
}

/** The same of a draft that could not be made final. */
export async function postponeDraft(tx: Transaction, id: string, until: Date): Promise<void> {
  await tx.invoice.updateMany({
    where: { id, status: 'draft', finalizeAt: { not: null } },
    data: { finalizeAt: until },
  });
}
