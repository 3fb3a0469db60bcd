import type { ComposeInvoiceRequest } from '@bastionary/contracts/invoices';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { billingPeriod } from '../../rules/invoicing/billing-period.js';
import type { Span } from '../../rules/periods.js';
import { getInvoices } from '../documents/find-invoice.js';
import { openSubscription } from '../update-subscription.js';
import { type Billing, loadBillings } from './billing-facts.js';
import { type Composed, composeDrafts } from './compose-drafts.js';
import { recomposeDrafts } from './recompose-drafts.js';
import type { InvoicingSurroundings } from './settings.js';
import { deleteDrafts, writeDrafts } from './write-drafts.js';

interface Asked {
  readonly billing: Billing;
  readonly period: Span;
  readonly composed: Composed;
}

/**
 * What a draft of a period would say: all that is served in it as far as it has begun, and stands on no finalized document.
 * @throws AppError not_found, nothing_to_invoice (there is no period before the first)
 */
export async function previewDraft(
  tx: Transaction,
  request: ComposeInvoiceRequest,
  surroundings: InvoicingSurroundings,
): Promise<Asked> {
  const { around } = await openSubscription(tx, request.subscription_id, undefined, surroundings);
  return { ...(await compose(tx, request, { ...surroundings, ...around })) };
}

/**
 * Makes that draft, or brings the one that is there up to date; what it asks for is taken off the other drafts of the
 * subscription. It waits until somebody finalizes it.
 * @returns its id
 * @throws AppError not_found, nothing_to_invoice
 */
export async function composeDraft(
  tx: Transaction,
  origin: Origin,
  request: ComposeInvoiceRequest,
  surroundings: InvoicingSurroundings,
): Promise<string> {
  const opened = await openSubscription(tx, request.subscription_id, undefined, surroundings);
  const around = { ...surroundings, ...opened.around };
  const { billing, period, composed } = await compose(tx, request, around);
  const { id: subscriptionId, customerId } = billing;
  const drafts = await tx.invoice.findMany({
    where: { subscriptionId, status: 'draft', scope: { not: 'manual' } },
    select: { id: true, customerId: true, scope: true, periodStart: true },
    orderBy: { id: 'asc' },
  });
  const own = drafts.find(
    ({ scope, periodStart }) => scope === 'period' && periodStart.getTime() === period.start.getTime(),
  );
  if (composed.lines.length === 0) {
    throw new AppError('nothing_to_invoice', 'Nothing of this period is left to ask for.');
  }
  const [id] = await writeDrafts(
    tx,
    origin,
    [
      {
        ...composed,
        id: own?.id ?? null,
        customerId,
        subscriptionId,
        scope: 'period',
        currency: billing.terms.currency,
        period,
        finalizeAt: null,
      },
    ],
    around.now,
  );
  const others = drafts.filter((draft) => draft !== own);
  const rows = await getInvoices(
    tx,
    others.map((draft) => draft.id),
  );
  const { emptied } = await recomposeDrafts(tx, rows, around);
  await deleteDrafts(
    tx,
    origin,
    others.filter((draft) => emptied.has(draft.id)),
  );
  return id as string;
}

async function compose(
  tx: Transaction,
  { subscription_id: id, period: which }: ComposeInvoiceRequest,
  { now, invoicing }: InvoicingSurroundings,
): Promise<Asked> {
  const billing = (await loadBillings(tx, [id], invoicing.sellerCountry)).get(id);
  if (billing === undefined) throw new AppError('not_found', `There is no subscription ${id}.`);
  const period = billingPeriod(billing.facts, billing.cycle, which, now);
  if (period === null) {
    throw new AppError('nothing_to_invoice', 'This subscription has no period before its first: name the current one.');
  }
  const reach = { kind: 'period', period, now } as const;
  const [composed] = await composeDrafts(
    tx,
    [{ billing, reach, period, invoiceId: null, sparesDrafts: false }],
    now,
    invoicing,
  );
  return { billing, period, composed: composed as Composed };
}
