import type { Transaction } from '@bastionary/prisma/client';
import type { Buyer } from '../../rules/documents/document.js';

/** The customers as documents name them, and the days they have to pay if that is not as the setting says. */
export async function buyersOf(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<Map<string, Buyer & { readonly netDays?: number }>> {
  const rows = await tx.customer.findMany({ where: { id: { in: [...customerIds] } } });
  return new Map(
    rows.map(({ id, name, email, country, taxId }) => [id, { id, name, email, address: [], country, tax_id: taxId }]),
  );
}
