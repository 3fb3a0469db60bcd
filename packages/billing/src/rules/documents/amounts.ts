/** What an invoice came to and what became of it since, in minor units. */
export interface InvoiceAmounts {
  readonly status: string;
  readonly total: bigint;
  readonly creditsApplied: bigint;
  readonly amountPaid: bigint;
  readonly amountCredited: bigint;
}

/** What is still owed for an invoice: nothing of a void one, nor of one that gives more than it takes. */
export function amountDue({ status, total, creditsApplied, amountPaid, amountCredited }: InvoiceAmounts): bigint {
  const due = total - creditsApplied - amountPaid - amountCredited;
  return status === 'void' || due < 0n ? 0n : due;
}

/** Whether it should have been paid by now. */
export const isOverdue = ({ status, dueAt }: { status: string; dueAt: Date | null }, now: Date): boolean =>
  status === 'open' && dueAt !== null && dueAt <= now;

export interface LineAmounts {
  readonly amount: bigint;
  readonly discount: bigint;
  readonly tax: bigint;
  readonly taxInclusive: boolean;
}

/** What a line comes to with its tax. */
export const grossOf = ({ amount, discount, tax, taxInclusive }: LineAmounts): bigint =>
  amount - discount + (taxInclusive ? 0n : tax);

/** The same without. */
export const netOf = (line: LineAmounts): bigint => grossOf(line) - line.tax;

const sumOf = <Item>(items: readonly Item[], amount: (item: Item) => bigint): bigint =>
  items.reduce((sum, item) => sum + amount(item), 0n);

/** What printed lines come to: `total` is their sum, by definition. */
export const sumsOf = (lines: readonly LineAmounts[]) => ({
  subtotal: sumOf(lines, ({ amount }) => amount),
  discount: sumOf(lines, ({ discount }) => discount),
  tax: sumOf(lines, ({ tax }) => tax),
  total: sumOf(lines, grossOf),
});

export interface TaxedLine extends LineAmounts {
  readonly taxName: string | null;
  /** Percent, as a decimal string */
  readonly taxRate: string | null;
}

/** The lines by what taxes them, in the order in which that first appears. */
export function taxSummary(lines: readonly TaxedLine[]) {
  const groups = Map.groupBy(lines, ({ taxName, taxRate, taxInclusive }) =>
    JSON.stringify([taxName, taxRate, taxInclusive]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || (first.taxName === null && first.taxRate === null)) return [];
    const { taxName: name, taxRate: rate, taxInclusive: inclusive } = first;
    return [{ name, rate, net: sumOf(group, netOf), tax: sumOf(group, ({ tax }) => tax), inclusive }];
  });
}
