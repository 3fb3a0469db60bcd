import type { Reader } from '@bastionary/prisma/client';
import type { TaxRate } from '../../rules/invoicing/taxes.js';

/** Those in force; there are a few dozen at most. */
export async function loadTaxRates(db: Reader): Promise<TaxRate[]> {
  const rows = await db.taxRate.findMany({ where: { retiredAt: null }, orderBy: { key: 'asc' } });
  return rows.map((row) => ({ ...row, percent: row.percent.toFixed() }));
}
