import type { UnbilledUsageRows } from '@bastionary/contracts/finance-money';
import { toInstant } from '@bastionary/contracts/text';
import { type Reader, sql } from '@bastionary/prisma/client';
import { billingPeriod } from '../../rules/invoicing/billing-period.js';
import { loadBillings } from '../invoicing/billing-facts.js';
import { composeDrafts } from '../invoicing/compose-drafts.js';
import type { InvoicingSettings } from '../invoicing/settings.js';
import { type Raw, type RowList, whoOf } from './row-list.js';

const CHUNK = 500;

type Row = UnbilledUsageRows['data'][number];
type Found = Omit<Row, 'customer_name' | 'period'> & { readonly start: string; readonly end: string };

/**
 * Metered charges of the running periods as a draft made now would hold them, and those of closed periods that still stand on
 * drafts; the largest first. Composed as invoices are, in bulk, and nothing is written.
 */
export async function unbilledUsage(
  db: Reader,
  currency: string,
  now: Date,
  settings: InvoicingSettings,
  customerId?: string,
): Promise<RowList<Row>> {
  const rows = [
    ...(await running(db, currency, now, settings, customerId)),
    ...(await onDrafts(db, currency, now, customerId)),
  ].map((row, index) => ({ ...row, position: index }));
  return {
    rows: sql`
      SELECT r.*, c.name AS customer_name, r.amount AS sort_key, lpad(r.position::text, 10, '0') AS sort_id
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS r(customer_id text, subscription_id text, plan text, price text,
        meter text, start timestamptz, "end" timestamptz, quantity text, amount bigint, position int)
      JOIN customer c ON c.id = r.customer_id`,
    toRow: (raw: Raw) => ({
      ...whoOf(raw),
      subscription_id: raw.subscription_id,
      plan: raw.plan,
      price: raw.price,
      meter: raw.meter,
      period: { start: toInstant(raw.start), end: toInstant(raw.end) },
      quantity: raw.quantity,
      amount: String(raw.amount),
    }),
  };
}

async function running(
  db: Reader,
  currency: string,
  now: Date,
  settings: InvoicingSettings,
  customerId?: string,
): Promise<Found[]> {
  const ids = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT s.id FROM subscription s JOIN customer c ON c.id = s.customer_id
      JOIN subscription_item i ON i.subscription_id = s.id
      JOIN plan_version v ON v.plan_key = i.plan_key AND v.version = i.plan_version
      JOIN jsonb_array_elements(v.prices) p ON p ? 'meter' AND p->>'currency' = c.currency
    WHERE c.currency = ${currency} AND s.start <= ${now} AND (s.canceled_at IS NULL OR s.canceled_at > ${now})
      AND (s.cancel_at IS NULL OR s.cancel_at > ${now})
      AND (${customerId ?? null}::text IS NULL OR s.customer_id = ${customerId ?? null})
    ORDER BY s.id`;
  const found: Found[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const chunk = ids.slice(from, from + CHUNK).map(({ id }) => id);
    const billings = [...(await loadBillings(db, chunk, settings.sellerCountry)).values()];
    const wanted = billings.flatMap((billing) => {
      const period = billingPeriod(billing.facts, billing.cycle, 'current', now);
      if (period === null) return [];
      return [
        { billing, reach: { kind: 'period' as const, period, now }, period, invoiceId: null, sparesDrafts: false },
      ];
    });
    for (const { wanted: of, lines } of await composeDrafts(db, wanted, now, settings)) {
      for (const { explanation, amount, plan, price, quantity, period } of lines) {
        if (explanation.usage === undefined || plan === null || price === null || period === null) continue;
        found.push({
          customer_id: of.billing.customerId,
          subscription_id: of.billing.id,
          plan,
          price,
          meter: explanation.usage.meter,
          start: toInstant(period.start),
          end: toInstant(period.end),
          quantity,
          amount: String(amount),
        });
      }
    }
  }
  return found;
}

/** What a draft in its grace holds of a period that is over. */
const onDrafts = (db: Reader, currency: string, now: Date, customerId?: string): Promise<Found[]> =>
  db.$queryRaw<Found[]>`
    SELECT i.customer_id, l.subscription_id, l.plan, l.price, l.explanation->'usage'->>'meter' AS meter,
      l.period_start::text AS start, l.period_end::text AS "end", l.quantity::text AS quantity, l.amount::text AS amount
    FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
    WHERE i.status = 'draft' AND i.currency = ${currency} AND l.explanation ? 'usage' AND l.period_end <= ${now}
      AND l.subscription_id IS NOT NULL AND l.plan IS NOT NULL AND l.price IS NOT NULL
      AND (${customerId ?? null}::text IS NULL OR i.customer_id = ${customerId ?? null})`;
