import type { Transaction } from '@bastionary/prisma/client';
import type { Buyer } from '../../rules/documents/document.js';

/** The customers as documents name them, and the days they have to pay null: as the setting says. */
export async function buyersOf(
  tx: Transaction,
  customerIds: readonly string[],
): Promise<Map<string, { readonly buyer: Buyer; readonly netDays: number | null }>> {
  const among = { in: [...new Set(customerIds)] };
  const rows = await tx.customer.findMany({ where: { id: among } });
  const profiles = await tx.billingProfile.findMany({
    where: { customerId: among },
    select: { customerId: true, address: true, netDays: true },
  });
  const profileOf = new Map(profiles.map((profile) => [profile.customerId, profile]));
  return new Map(
    rows.map(({ id, name, email, country, taxId }) => {
      const { address = [], netDays = null } = profileOf.get(id) ?? {};
      return [id, { buyer: { id, name, email, address, country, tax_id: taxId }, netDays }];
    }),
  );
}
