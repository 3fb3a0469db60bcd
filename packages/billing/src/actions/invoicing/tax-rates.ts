import type { CreateTaxRateRequest, TaxRate } from '@bastionary/contracts/billing-terms';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';

/** All rates, those in force first. */
export async function listTaxRates(db: Reader): Promise<TaxRate[]> {
  const rows = await db.taxRate.findMany({
    orderBy: [{ retiredAt: { sort: 'desc', nulls: 'first' } }, { country: 'asc' }, { key: 'asc' }],
  });
  return rows.map(toTaxRate);
}

/**
 * Puts a rate in force; another for the same country is retired first. Drafts take it up when they are looked at again.
 * @throws AppError duplicate_tax_rate (the key, or there is a rate for the country)
 */
export async function createTaxRate(
  tx: Transaction,
  origin: Origin,
  { reverse_charge: reverseCharge, country = null, ...request }: CreateTaxRateRequest,
  now: Date,
): Promise<TaxRate> {
  const { count } = await tx.taxRate.createMany({
    data: { ...request, country, reverseCharge, createdAt: now },
    skipDuplicates: true,
  });
  if (count === 0) {
    const other = await tx.taxRate.findFirst({ where: { country, retiredAt: null } });
    const message =
      other === null || other.key === request.key
        ? `There is a tax rate ${request.key} already, or was one.`
        : `There is a rate for ${country ?? 'all other countries'} already: retire ${other.key} first.`;
    throw new AppError('duplicate_tax_rate', message);
  }
  const row = await tx.taxRate.findUniqueOrThrow({ where: { key: request.key } });
  await note(tx, origin, 'tax_rate.created', toTaxRate(row));
  return toTaxRate(row);
}

/**
 * Takes a rate out of force. Documents that are final keep it; customers it was given by name get that of their country.
 * @throws AppError not_found
 */
export async function retireTaxRate(tx: Transaction, origin: Origin, key: string, now: Date): Promise<TaxRate> {
  const row = await tx.taxRate.findUnique({ where: { key } });
  if (row === null) throw new AppError('not_found', `There is no tax rate ${key}.`);
  if (row.retiredAt !== null) return toTaxRate(row);
  const retired = await tx.taxRate.update({ where: { key }, data: { retiredAt: now } });
  await note(tx, origin, 'tax_rate.retired', toTaxRate(retired));
  return toTaxRate(retired);
}

type Row = NonNullable<Awaited<ReturnType<Reader['taxRate']['findUnique']>>>;

const toTaxRate = (row: Row): TaxRate => ({
  key: row.key,
  name: row.name,
  country: row.country,
  percent: row.percent.toFixed(),
  inclusive: row.inclusive,
  reverse_charge: row.reverseCharge,
  created_at: toInstant(row.createdAt),
  retired_at: toInstantOrNull(row.retiredAt),
});

async function note(
  tx: Transaction,
  origin: Origin,
  type: 'tax_rate.created' | 'tax_rate.retired',
  { key, name, country, percent, inclusive, reverse_charge }: TaxRate,
): Promise<void> {
  const detail = { name, country, percent, inclusive, reverse_charge };
  await appendAudit(tx, origin, { action: type, target: `tax_rate:${key}`, detail });
  await appendEvent(tx, { type, key: `tax_rate:${key}`, data: { tax_rate: key, ...detail } });
}
