import type { Reader } from '@bastionary/prisma/client';
import type { Charge } from '../../rules/invoicing/charges.js';
import { type Draft, draftOf, type Reach, reached } from '../../rules/invoicing/draft.js';
import { type Usage, usageSpan } from '../../rules/invoicing/owed.js';
import type { Span } from '../../rules/periods.js';
import { usageOfMany } from '../metering/usage-of.js';
import { documentBefore, loadBilledLines, loadReopened, toBilled } from './billed-lines.js';
import type { Billing } from './billing-facts.js';
import { heldCoupons, loadCoupons } from './held-coupons.js';
import type { InvoicingSettings } from './settings.js';

/** A draft that is wanted. */
export interface Wanted {
  readonly billing: Billing;
  readonly reach: Reach;
  /** Of the document. */
  readonly period: Span;
  /** The draft that is made anew; null: there is none. */
  readonly invoiceId: string | null;
  /** Whether what stands on other drafts is left to them. */
  readonly sparesDrafts: boolean;
}

export interface Composed extends Draft {
  readonly wanted: Wanted;
}

const DAY_MS = 86_400_000;

/**
 * What drafts would say, for many subscriptions in a handful of statements; nothing is written. Their customers are locked, or
 * nobody minds.
 */
export async function composeDrafts(
  db: Reader,
  wanted: readonly Wanted[],
  now: Date,
  settings: InvoicingSettings,
): Promise<Composed[]> {
  if (wanted.length === 0) return [];
  const earliest = Math.min(
    ...wanted.map(({ reach }) => (reach.kind === 'due' ? reach.by : reach.period.start).getTime()),
  );
  const ids = wanted.map(({ billing }) => billing.id);
  const since = new Date(earliest - settings.lateDays * DAY_MS);
  // Each draft is made as if it were not there; of one subscription there is one at a time.
  const anew = wanted.flatMap(({ invoiceId }) => invoiceId ?? []);
  const reopened = await loadReopened(db, ids);
  const lines = await loadBilledLines(db, ids, since, reopened, anew);
  const reopenedBy = Map.groupBy(reopened, ({ subscriptionId }) => subscriptionId);
  const coupons = await loadCoupons(db, [...new Set(wanted.map(({ billing }) => billing.customerId))]);
  const prepared = wanted.map((one) => {
    const counts = (invoiceId: string, isDraft: boolean) =>
      invoiceId !== one.invoiceId && (one.sparesDrafts || !isDraft);
    const own = lines.get(one.billing.id) ?? [];
    const billed = toBilled(own.filter(({ invoiceId, isDraft }) => counts(invoiceId, isDraft)));
    return {
      one,
      reached: reached(one.billing.holding, billed, one.reach, settings.lateDays, reopenedBy.get(one.billing.id)),
      coupons: heldCoupons(coupons.get(one.billing.customerId) ?? [], one.billing.id, counts),
      before: documentBefore(own, one.period.start),
    };
  });
  const readings = await readUsages(
    db,
    prepared.flatMap(({ one, reached: { charges } }) =>
      charges
        .filter(({ price }) => price.meter !== undefined)
        .map((charge) => ({ charge, of: one.billing.customerId })),
    ),
    now,
  );
  return prepared.map(({ one, ...facts }) => {
    const { billing, period } = one;
    const draft = draftOf(
      {
        ...facts,
        subscriptionId: billing.id,
        usageOf: (charge) => readings.get(charge) ?? NOTHING,
        terms: billing.terms,
        cycle: billing.cycle,
        boundary: period.start,
        tax: billing.tax,
        now,
      },
      settings,
    );
    return { ...draft, wanted: one };
  });
}

const NOTHING: Usage = { quantity: '0', events: 0n, watermark: '' };

async function readUsages(
  db: Reader,
  asked: readonly { readonly charge: Charge; readonly of: string }[],
  now: Date,
): Promise<Map<Charge, Usage>> {
  const asks = asked.map(({ charge, of }) => {
    const { start, end } = usageSpan(charge, now);
    return { charge, ask: { meter: charge.price.meter ?? '', customerId: of, from: start, to: end } };
  });
  const some = asks.filter(({ ask }) => ask.from < ask.to);
  const usages = await usageOfMany(
    db,
    some.map(({ ask }) => ask),
  );
  return new Map(some.flatMap(({ charge }, index) => (usages[index] === undefined ? [] : [[charge, usages[index]]])));
}
