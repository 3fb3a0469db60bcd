import type { Span } from './periods.js';
import type { Share } from './share.js';

/**
 * How much of a period a service covered. The whole is always the nominal period, also where the service began later or
 * ended before. Shares of parts that make up the period add up to exactly 1.
 * @param period as `periodAt` gives it, not empty
 * @returns milliseconds of milliseconds
 */
export const shareByTime = (period: Span, service: Span): Share => shareOf(period, service, (at) => at.getTime());

/**
 * The same by calendar days of the contract's time zone: the day on which a service begins counts, the day on which it
 * ends does not, since it is the first of what follows. Who wants the last day counted ends at its end.
 * @returns days of days
 * @throws RangeError if the time zone is unknown
 */
export function shareByDay(period: Span, service: Span, timeZone: string): Share {
  const epoch = Temporal.PlainDate.from('1970-01-01');
  return shareOf(period, service, (at) => {
    const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
    return epoch.until(local.toPlainDate()).days;
  });
}

function shareOf(period: Span, service: Span, measure: (at: Date) => number): Share {
  const begin = measure(period.start);
  const end = measure(period.end);
  const within = (at: Date): number => Math.min(Math.max(measure(at), begin), end);
  return {
    numerator: BigInt(Math.max(within(service.end) - within(service.start), 0)),
    denominator: BigInt(end - begin),
  };
}
