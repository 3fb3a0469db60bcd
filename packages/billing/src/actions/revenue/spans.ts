import type { Reader } from '@bastionary/prisma/client';
import { startOf } from '../../rules/revenue/waterfall.js';

/** What a question of finance is about. */
export interface Scope {
  readonly currency: string;
  readonly from: Date;
  /** Exclusive, and never after now: what is only arranged is no number yet. */
  readonly to: Date;
}

/** The span that was asked for: by default the month until now, in UTC. */
export function spanOf(query: { readonly from?: string; readonly to?: string }, now: Date): Omit<Scope, 'currency'> {
  const asked = query.to === undefined ? now : new Date(query.to);
  const to = asked > now ? now : asked;
  const from = query.from === undefined ? startOf(new Date(to.getTime() - 1), 'month') : new Date(query.from);
  return { from: new Date(Math.min(from.getTime(), to.getTime())), to };
}

/** The span of equal length before. */
export const spanBefore = ({ currency, from, to }: Scope): Scope => ({
  currency,
  from: new Date(2 * from.getTime() - to.getTime()),
  to: from,
});

/** The currencies of customers, that of most first. */
export async function currenciesOf(db: Reader): Promise<string[]> {
  const rows = await db.$queryRaw<{ currency: string }[]>`
    SELECT currency FROM customer GROUP BY currency ORDER BY count(*) DESC, currency`;
  return rows.map(({ currency }) => currency);
}
