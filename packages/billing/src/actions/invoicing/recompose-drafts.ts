import { systemOrigin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import type { Discounted } from '../../rules/invoicing/discounts.js';
import { isSameDraft } from '../../rules/invoicing/same-draft.js';
import type { InvoiceRow } from '../documents/find-invoice.js';
import { loadBillings } from './billing-facts.js';
import { composeDrafts, type Wanted } from './compose-drafts.js';
import type { InvoicingSurroundings } from './settings.js';
import { writeDrafts } from './write-drafts.js';

/** What making drafts anew came to, by id. */
export interface Recomposed {
  /** Those of which nothing is left. */
  readonly emptied: ReadonlySet<string>;
  /** Those that say something else than before: read them again. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Makes drafts anew from scratch: events that came late, changes of what is held. What stands on other drafts is left to
 * them; those written by hand stay as they are. Only what comes out otherwise than it is stored is written. The caller has
 * locked their customers and read them afterwards.
 */
export async function recomposeDrafts(
  tx: Transaction,
  drafts: readonly InvoiceRow[],
  { now, invoicing }: InvoicingSurroundings,
): Promise<Recomposed> {
  const emptied = new Set<string>();
  const changed = new Set<string>();
  const made = drafts.filter(
    ({ status, scope, subscriptionId }) => status === 'draft' && scope !== 'manual' && subscriptionId !== null,
  );
  if (made.length === 0) return { emptied, changed };
  const billings = await loadBillings(
    tx,
    [...new Set(made.map(({ subscriptionId }) => subscriptionId as string))],
    invoicing.sellerCountry,
  );
  const usesOf = await loadUses(
    tx,
    made.map(({ id }) => id),
  );
  // Drafts of one subscription leave to each other what they say, so each is made after the one before is written.
  for (const round of inRounds(made)) {
    const rows = new Map(round.map((row) => [row.id, row]));
    const wanted = round.flatMap((draft): Wanted[] => {
      const billing = billings.get(draft.subscriptionId as string);
      if (billing === undefined) return [];
      const period = { start: draft.periodStart, end: draft.periodEnd };
      const reach =
        draft.scope === 'cycle'
          ? ({ kind: 'due', by: draft.periodStart } as const)
          : ({ kind: 'period', period, now } as const);
      return [{ billing, reach, period, invoiceId: draft.id, sparesDrafts: true }];
    });
    const fresh = (await composeDrafts(tx, wanted, now, invoicing)).flatMap(({ wanted: { invoiceId }, ...draft }) => {
      const row = rows.get(invoiceId ?? '');
      if (row === undefined) return [];
      if (draft.lines.length === 0) emptied.add(row.id);
      if (isSameDraft(row, usesOf.get(row.id) ?? [], draft)) return [];
      changed.add(row.id);
      const { id, customerId, subscriptionId, currency, finalizeAt, periodStart: start, periodEnd: end } = row;
      const scope = row.scope as 'cycle' | 'period';
      return [{ ...draft, id, customerId, subscriptionId, scope, currency, period: { start, end }, finalizeAt }];
    });
    await writeDrafts(tx, systemOrigin('billing'), fresh, now);
  }
  return { emptied, changed };
}

/** What coupons took off drafts, by draft. */
async function loadUses(tx: Transaction, ids: readonly string[]): Promise<Map<string, Discounted['uses'][number][]>> {
  const uses = await tx.couponUse.findMany({ where: { invoiceId: { in: [...ids] } } });
  const rows = uses.map(({ customerCouponId: id, invoiceId, amount }) => ({ id, invoiceId, amount }));
  return Map.groupBy(rows, ({ invoiceId }) => invoiceId);
}

/** The first draft of each subscription, then the second of those that have two, and so on. */
function inRounds<Draft extends { readonly subscriptionId: string | null }>(drafts: readonly Draft[]): Draft[][] {
  const groups = [...Map.groupBy(drafts, ({ subscriptionId }) => subscriptionId).values()];
  const longest = groups.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, place) => groups.flatMap((group) => group[place] ?? []));
}
