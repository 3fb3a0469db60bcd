import { systemOrigin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { loadBillings } from './billing-facts.js';
import { composeDrafts, type Wanted } from './compose-drafts.js';
import type { InvoicingSurroundings } from './settings.js';
import { writeDrafts } from './write-drafts.js';

/**
 * Brings drafts up to date from scratch: events that came late, changes of what is held. What stands on other drafts is left to
 * them; those written by hand stay as they are. The caller has locked their customers.
 * @returns those of which nothing is left
 */
export async function recomposeDrafts(
  tx: Transaction,
  ids: readonly string[],
  { now, invoicing }: InvoicingSurroundings,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const drafts = await tx.invoice.findMany({
    where: { id: { in: [...ids] }, status: 'draft', scope: { not: 'manual' }, subscriptionId: { not: null } },
  });
  const billings = await loadBillings(
    tx,
    [...new Set(drafts.map(({ subscriptionId }) => subscriptionId as string))],
    invoicing.sellerCountry,
  );
  const emptied = new Set<string>();
  // Drafts of one subscription leave to each other what they say, so each is made after the one before is written.
  const rounds = inRounds(drafts);
  for (const round of rounds) {
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
    const composed = await composeDrafts(tx, wanted, now, invoicing);
    const byId = new Map(round.map((draft) => [draft.id, draft]));
    await writeDrafts(
      tx,
      systemOrigin('billing'),
      composed.flatMap(({ wanted: { invoiceId, period }, ...draft }) => {
        const row = byId.get(invoiceId as string);
        if (row === undefined) return [];
        if (draft.lines.length === 0) emptied.add(row.id);
        const { customerId, subscriptionId, currency, finalizeAt } = row;
        const scope = row.scope as 'cycle' | 'period';
        return [{ ...draft, id: row.id, customerId, subscriptionId, scope, currency, period, finalizeAt }];
      }),
      now,
    );
  }
  return emptied;
}

/** The first draft of each subscription, then the second of those that have two, and so on. */
function inRounds<Draft extends { readonly subscriptionId: string | null }>(drafts: readonly Draft[]): Draft[][] {
  const groups = [...Map.groupBy(drafts, ({ subscriptionId }) => subscriptionId).values()];
  const longest = groups.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: longest }, (_, place) => groups.flatMap((group) => group[place] ?? []));
}
