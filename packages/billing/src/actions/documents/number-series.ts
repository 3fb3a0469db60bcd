import type { Transaction } from '@bastionary/prisma/client';

/** Where a series stands: the last number given, and the hash of the document that has it. */
export interface SeriesHead {
  readonly last: bigint;
  readonly lastHash: string | null;
}

/** Waits for whoever else numbers documents of this series, until the end of `tx`: so no number is lost or given twice. */
export async function lockSeries(tx: Transaction, series: string): Promise<SeriesHead> {
  await tx.$executeRaw`INSERT INTO number_series (series) VALUES (${series}) ON CONFLICT DO NOTHING`;
  const [head] = await tx.$queryRaw<SeriesHead[]>`
    SELECT last, last_hash AS "lastHash" FROM number_series WHERE series = ${series} FOR UPDATE`;
  if (head === undefined) throw new Error(`the number series ${series} vanished`);
  return head;
}

/** Writes down how far the series got. */
export async function moveSeries(tx: Transaction, series: string, head: SeriesHead): Promise<void> {
  await tx.numberSeries.update({ where: { series }, data: head });
}
