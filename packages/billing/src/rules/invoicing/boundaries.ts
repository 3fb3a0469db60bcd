import type { Price } from '@bastionary/contracts/prices';
import { type Interval, periodAfter } from '../periods.js';
import { earlier, type Holding, intervalOf } from './charges.js';

/**
 * The next instant after `after` at which a period of one of its prices begins or ends, or its service does; null if there
 * is none. After the end of the service the period under way is closed once more, for events that came late.
 * @param after null: from the first paid instant, that included
 */
export function nextBoundary(holding: Holding, after: Date | null): Date | null {
  const { spans, pricesOf, timeZone, service } = holding;
  if (after === null || after < service.from) return service.from;
  const candidates = spans.flatMap(({ anchor, plan, from, until }) => {
    const prices = pricesOf(plan);
    if (prices.length === 0) return [];
    // Another rhythm begins with a boundary of its own.
    const begins = anchor > after && anchor.getTime() === from.getTime() ? [anchor] : [];
    return [
      ...begins,
      ...intervalsOf(prices).flatMap((interval) => {
        const { before, start } = periodAfter({ anchor, timeZone, interval }, after > anchor ? after : anchor);
        const end = earlier(until, service.until);
        return end === null || before < end ? [start] : [];
      }),
    ];
  });
  const end = service.until !== null && service.until > after ? [service.until] : [];
  const all = [...candidates, ...end].filter((at) => at > after).sort((one, other) => one.getTime() - other.getTime());
  return all[0] ?? null;
}

/** The rhythms of prices, each once. */
const intervalsOf = (prices: readonly Price[]): Interval[] => [
  ...new Map(prices.map((price) => [`${price.interval_count} ${price.interval}`, intervalOf(price)])).values(),
];
