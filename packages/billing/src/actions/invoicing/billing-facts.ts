import type { Price } from '@bastionary/contracts/prices';
import type { Reader } from '@bastionary/prisma/client';
import type { Holding } from '../../rules/invoicing/charges.js';
import type { LineTax } from '../../rules/invoicing/lines.js';
import type { Terms } from '../../rules/invoicing/owed.js';
import { taxOf } from '../../rules/invoicing/taxes.js';
import type { Cycle, Interval } from '../../rules/periods.js';
import { planVersionName } from '../../rules/plan-reference.js';
import { endOf, type SubscriptionFacts } from '../../rules/subscription-state.js';
import { loadTaxRates } from './find-tax-rate.js';

/** All of a subscription that decides what it owes, but its usage and what was billed. */
export interface Billing {
  readonly id: string;
  readonly customerId: string;
  readonly cycle: Cycle;
  readonly facts: Pick<SubscriptionFacts, 'start' | 'trialEnd' | 'cancelAt' | 'canceledAt'>;
  readonly holding: Holding;
  readonly terms: Terms;
  readonly tax: LineTax;
  readonly billedUntil: Date | null;
}

interface Row {
  id: string;
  customerId: string;
  start: Date;
  anchor: Date;
  timeZone: string;
  interval: Interval['unit'];
  intervalCount: number;
  trialEnd: Date | null;
  cancelAt: Date | null;
  canceledAt: Date | null;
  billedUntil: Date | null;
  owedFrom: Date | null;
  currency: string;
  country: string | null;
  taxId: string | null;
  taxStatus: string | null;
  taxRate: string | null;
  proration: 'second' | 'day' | null;
}

/**
 * Loads many in a handful of statements, by id.
 * @param sellerCountry ISO 3166; null: not said
 */
export async function loadBillings(
  db: Reader,
  ids: readonly string[],
  sellerCountry: string | null,
): Promise<Map<string, Billing>> {
  const among = [...ids];
  const rows = await db.$queryRaw<Row[]>`
    SELECT s.id, s.customer_id AS "customerId", s.start, s.anchor, s.time_zone AS "timeZone", s.interval,
      s.interval_count AS "intervalCount", s.trial_end AS "trialEnd", s.cancel_at AS "cancelAt",
      s.canceled_at AS "canceledAt", s.billed_until AS "billedUntil", s.owed_from AS "owedFrom", c.currency, c.country,
      c.tax_id AS "taxId", p.tax_status AS "taxStatus", p.tax_rate AS "taxRate", p.proration
    FROM subscription s JOIN customer c ON c.id = s.customer_id LEFT JOIN billing_profile p ON p.customer_id = c.id
    WHERE s.id = ANY(${among}::text[])`;
  const spans = await db.itemSpan.findMany({ where: { subscriptionId: { in: among } }, orderBy: { from: 'asc' } });
  const pauses = await db.pauseSpan.findMany({ where: { subscriptionId: { in: among } }, orderBy: { from: 'asc' } });
  const plans = await plansOf(db, [...new Set(spans.map(({ planKey }) => planKey))]);
  const rates = await loadTaxRates(db);
  const spansBy = Map.groupBy(spans, ({ subscriptionId }) => subscriptionId);
  const pausesBy = Map.groupBy(pauses, ({ subscriptionId }) => subscriptionId);
  const pricesIn = priceLists(plans);
  return new Map(
    rows.map((row) => {
      const { id, customerId, timeZone, currency } = row;
      const holding: Holding = {
        spans: (spansBy.get(id) ?? []).map(({ planKey, planVersion, kind, ...span }) => ({
          ...span,
          kind: kind as 'plan' | 'add_on',
          plan: planVersionName(planKey, planVersion),
        })),
        pricesOf: (plan) => pricesIn(plan, currency),
        timeZone,
        service: {
          from: latest(row.start, row.trialEnd, row.owedFrom),
          until: endOf(row),
        },
        pauses: pausesBy.get(id) ?? [],
      };
      const billing: Billing = {
        id,
        customerId,
        facts: row,
        cycle: { anchor: row.anchor, timeZone, interval: { unit: row.interval, count: row.intervalCount } },
        holding,
        terms: {
          currency,
          timeZone,
          proration: row.proration ?? 'second',
          nameOf: (plan) => plans.get(plan)?.name ?? plan,
        },
        tax: taxOf(
          { country: row.country, taxId: row.taxId, isExempt: row.taxStatus === 'exempt', rate: row.taxRate },
          rates,
          sellerCountry,
        ),
        billedUntil: row.billedUntil,
      };
      return [id, billing];
    }),
  );
}

type Plans = ReadonlyMap<string, { readonly name: string; readonly prices: readonly Price[] }>;

async function plansOf(db: Reader, keys: readonly string[]): Promise<Plans> {
  const versions = await db.planVersion.findMany({
    where: { planKey: { in: [...keys] } },
    select: { planKey: true, version: true, prices: true, plan: { select: { name: true } } },
  });
  return new Map(
    versions.map(({ planKey, version, prices, plan }) => [
      planVersionName(planKey, version),
      { name: plan.name, prices: prices as unknown as Price[] },
    ]),
  );
}

/** The prices of a version in a currency, sorted out once for all who have them. */
function priceLists(plans: Plans): (plan: string, currency: string) => readonly Price[] {
  const lists = new Map<string, readonly Price[]>();
  return (plan, currency) => {
    const key = `${plan} ${currency}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const list = plans.get(plan)?.prices.filter((price) => price.currency === currency) ?? [];
    lists.set(key, list);
    return list;
  };
}

const latest = (...instants: readonly (Date | null)[]): Date =>
  new Date(Math.max(...instants.map((at) => at?.getTime() ?? Number.NEGATIVE_INFINITY)));
