import type { Reader } from '@bastionary/prisma/client';

/** What the customers of some rows are called, by id. */
export async function customerNames(
  db: Reader,
  rows: readonly { readonly customerId: string }[],
): Promise<Map<string, string>> {
  const customers = await db.customer.findMany({
    where: { id: { in: [...new Set(rows.map(({ customerId }) => customerId))] } },
    select: { id: true, name: true },
  });
  return new Map(customers.map(({ id, name }) => [id, name]));
}
