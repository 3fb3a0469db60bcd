/** Where a credit goes, in minor units. Together they are the credit. */
export interface Destination {
  readonly toInvoice: bigint;
  readonly toRefund: bigint;
  readonly toWallet: bigint;
  /** Payments that are paid back, and how much of each. */
  readonly refunds: readonly { readonly paymentId: string; readonly amount: bigint }[];
}

/**
 * A credit lessens what is owed first. What was paid already goes into the wallet, or back the way it came as far as
 * there is a way: the oldest payment first.
 */
export function creditDestination(
  total: bigint,
  due: bigint,
  paidPart: 'wallet' | 'refund',
  payments: readonly { readonly id: string; readonly refundable: bigint }[],
): Destination {
  const toInvoice = total < due ? total : due;
  let rest = total - toInvoice;
  const refunds: { paymentId: string; amount: bigint }[] = [];
  for (const { id, refundable } of paidPart === 'refund' ? payments : []) {
    const isLast = rest < refundable;
    const amount = isLast ? rest : refundable;
    if (amount <= 0n) continue;
    refunds.push({ paymentId: id, amount });
    rest -= amount;
  }
  return { toInvoice, toRefund: total - toInvoice - rest, toWallet: rest, refunds };
}
