import { finalizeMany } from '@bastionary/billing/actions/documents/finalize-invoice';
import type { DocumentSurroundings } from '@bastionary/billing/actions/documents/surroundings';
import { type Billing, loadBillings } from '@bastionary/billing/actions/invoicing/billing-facts';
import { composeDrafts } from '@bastionary/billing/actions/invoicing/compose-drafts';
import { writeDrafts } from '@bastionary/billing/actions/invoicing/write-drafts';
import { nextBoundary } from '@bastionary/billing/rules/invoicing/boundaries';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { DAY_MS, ORIGIN } from '../chronicle.js';

export interface Due {
  readonly subscription: string;
  readonly at: Date;
  readonly until: Date;
}

/** When every subscription was to be billed up to the present, by the day on which. */
export async function boundariesOf(db: Reader, ids: readonly string[], present: Date): Promise<Map<number, Due[]>> {
  const days = new Map<number, Due[]>();
  for (const [subscription, { holding }] of await loadBillings(db, ids, null)) {
    let at = nextBoundary(holding, null);
    while (at !== null && at <= present) {
      const next = nextBoundary(holding, at);
      const until = next ?? new Date(at.getTime() + DAY_MS);
      const day = Math.floor(at.getTime() / DAY_MS);
      days.set(day, [...(days.get(day) ?? []), { subscription, at, until }]);
      at = next;
    }
  }
  return days;
}

/** Bills what fell due on a day, as the billing run would have: composed, written and finalized in bulk. */
export async function billDay(
  tx: Transaction,
  due: readonly Due[],
  settings: Pick<DocumentSurroundings, 'documents' | 'invoicing'>,
): Promise<string[]> {
  const billings = await loadBillings(
    tx,
    due.map(({ subscription }) => subscription),
    settings.invoicing.sellerCountry,
  );
  const now = new Date(Math.max(...due.map(({ at }) => at.getTime())));
  const wanted = due.map(({ subscription, at, until }) => ({
    billing: billings.get(subscription) as Billing,
    reach: { kind: 'due' as const, by: at },
    period: { start: at, end: until },
    invoiceId: null,
    sparesDrafts: true,
  }));
  const composed = await composeDrafts(tx, wanted, now, settings.invoicing);
  const rows = composed
    .filter(({ lines }) => lines.length > 0)
    .map(({ wanted: { billing, period }, ...draft }) => ({
      ...draft,
      id: null,
      customerId: billing.customerId,
      subscriptionId: billing.id,
      scope: 'cycle' as const,
      currency: billing.terms.currency,
      period,
      finalizeAt: null,
    }));
  const ids = await writeDrafts(tx, ORIGIN, rows, now);
  return finalizeMany(tx, ORIGIN, ids, { now, followers: [], ...settings });
}
