import type { Reader } from '@bastionary/prisma/client';
import type { Compared } from '../../rules/invoicing/anomalies.js';
import type { Billed } from '../../rules/invoicing/difference.js';
import type { Reopened } from '../../rules/invoicing/draft.js';
import { Exact } from '../../rules/rating/money.js';

/** A line of a document that counts, and what of the document matters for others. */
export interface BilledLine {
  subscriptionId: string;
  invoiceId: string;
  number: string | null;
  isDraft: boolean;
  total: bigint;
  documentStart: Date;
  key: string;
  plan: string;
  price: string;
  description: string;
  quantity: string;
  periodStart: Date;
  periodEnd: Date;
  serviceStart: Date;
  serviceEnd: Date;
  amount: bigint;
  discount: bigint;
  taxRate: string | null;
  taxName: string | null;
  taxInclusive: boolean;
  isMetered: boolean;
}

/** A charge that a void invoice asked for and that is to be billed again. */
export interface ReopenedLine extends Reopened {
  subscriptionId: string;
}

/** What is to be billed again, until a document that is no draft has done so. A minimum is that of its charge. */
export const loadReopened = (db: Reader, subscriptionIds: readonly string[]): Promise<ReopenedLine[]> =>
  db.$queryRaw<ReopenedLine[]>`
    SELECT DISTINCT l.subscription_id AS "subscriptionId", regexp_replace(l.charge_key, '\\|minimum$', '') AS key,
      l.period_end AS "periodEnd"
    FROM invoice v JOIN invoice_line l ON l.invoice_id = v.id
    WHERE v.subscription_id = ANY(${[...subscriptionIds]}::text[]) AND v.status = 'void' AND v.rebill
      AND l.charge_key IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM invoice_line b JOIN invoice i ON i.id = b.invoice_id
        WHERE b.subscription_id = l.subscription_id AND b.charge_key = l.charge_key AND i.finalized_at > v.voided_at
          AND NOT (i.status = 'void' AND i.rebill))`;

/**
 * What subscriptions were billed, of periods that end after `since` and of what is reopened. What a void invoice asked for is
 * waived and so counts, unless it is to be billed again.
 * @param except drafts that are not asked about
 */
export async function loadBilledLines(
  db: Reader,
  subscriptionIds: readonly string[],
  since: Date,
  reopened: readonly Reopened[],
  except: readonly string[],
): Promise<Map<string, BilledLine[]>> {
  const again = reopened.flatMap(({ key }) => [key, `${key}|minimum`]);
  const lines = await db.$queryRaw<BilledLine[]>`
    SELECT l.subscription_id AS "subscriptionId", i.id AS "invoiceId", i.number, i.status = 'draft' AS "isDraft", i.total,
      i.period_start AS "documentStart", l.charge_key AS key, l.plan, l.price, l.description, l.quantity::text AS quantity,
      l.period_start AS "periodStart", l.period_end AS "periodEnd", l.service_start AS "serviceStart",
      l.service_end AS "serviceEnd", l.amount, l.discount, l.tax_rate::text AS "taxRate", l.tax_name AS "taxName",
      l.tax_inclusive AS "taxInclusive", l.explanation ? 'usage' AS "isMetered"
    FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
    WHERE l.subscription_id = ANY(${[...subscriptionIds]}::text[]) AND l.charge_key IS NOT NULL
      AND (l.period_end > ${since} OR l.charge_key = ANY(${again}::text[]))
      AND NOT (i.status = 'void' AND i.rebill) AND i.id <> ALL(${[...except]}::text[])
    ORDER BY i.created_at, i.id, l.position`;
  return Map.groupBy(lines, ({ subscriptionId }) => subscriptionId);
}

/** The lines of each charge as one. */
export function toBilled(lines: readonly BilledLine[]): Billed[] {
  return [...Map.groupBy(lines, ({ key }) => key).values()].flatMap((group): Billed[] => {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return [];
    return [
      {
        key: first.key,
        plan: first.plan,
        price: first.price,
        description: first.description,
        quantity: first.isMetered
          ? group.reduce((sum, { quantity }) => sum.plus(quantity), new Exact(0)).toFixed()
          : last.quantity,
        period: { start: first.periodStart, end: first.periodEnd },
        service: {
          start: first.serviceStart,
          end: group.reduce((end, { serviceEnd }) => (serviceEnd > end ? serviceEnd : end), first.serviceEnd),
        },
        amount: group.reduce((sum, { amount }) => sum + amount, 0n),
        discount: group.reduce((sum, { discount }) => sum + discount, 0n),
        tax: {
          name: first.taxName,
          rate: first.taxRate === null ? null : new Exact(first.taxRate).toFixed(),
          inclusive: first.taxInclusive,
        },
        invoice: last.number,
      },
    ];
  });
}

/** The last document before an instant, to compare a draft with. */
export function documentBefore(lines: readonly BilledLine[], before: Date): Compared | null {
  const earlier = lines.filter(({ isDraft, documentStart }) => !isDraft && documentStart < before);
  const last = earlier.reduce<BilledLine | null>(
    (latest, line) => (latest === null || line.documentStart >= latest.documentStart ? line : latest),
    null,
  );
  if (last === null) return null;
  const used = earlier
    .filter(({ invoiceId, isMetered }) => invoiceId === last.invoiceId && isMetered)
    .map(({ price, quantity }) => [price, new Exact(quantity).toFixed()] as const);
  return { total: last.total, used: new Map(used) };
}
