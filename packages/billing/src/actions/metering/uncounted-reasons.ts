import type { Reader } from '@bastionary/prisma/client';
import { whyUncounted } from '../../rules/metering/uncounted.js';
import { toMeter } from './find-meter.js';
import type { ReceivedEventRow } from './received-events.js';

/**
 * Of accepted events, why they are not counted: by the meters that do not, or by any, since none is of their type. Null for
 * those that every meter of their type counts, and for those that were not accepted.
 */
export async function uncountedReasons(db: Reader, rows: readonly ReceivedEventRow[]): Promise<(string | null)[]> {
  const types = rows.flatMap(({ type }) => type ?? []);
  const meters = await db.meter.findMany({ where: { eventType: { in: types } }, orderBy: { key: 'asc' } });
  return rows.map(({ result, type, data }) => {
    if (result !== 'accepted') return null;
    const own = meters.filter(({ eventType }) => eventType === type).map(toMeter);
    if (own.length === 0) return 'no meter counts events of this type';
    const reasons = own.flatMap((meter) => {
      const why = whyUncounted(meter, data);
      return why === null ? [] : [`not counted by ${meter.key}: ${why}`];
    });
    return reasons.length === 0 ? null : reasons.join('; ');
  });
}
