import type { Price } from '@bastionary/contracts/prices';
import type { FieldFault } from '@bastionary/contracts/problem';

/**
 * What is wrong with the meters that prices name.
 * @param meters by key: whether it is archived
 * @param path of the prices, for example `/prices`
 */
export const meterFaults = (
  prices: readonly Price[],
  meters: ReadonlyMap<string, boolean>,
  path: string,
): FieldFault[] =>
  prices.flatMap(({ meter }, index): FieldFault | [] => {
    if (meter === undefined) return [];
    const at = `${path}/${index}/meter`;
    const isArchived = meters.get(meter);
    if (isArchived === undefined) {
      return { path: at, code: 'unknown_meter', message: `is no meter: create ${meter} before publishing its price` };
    }
    return isArchived ? { path: at, code: 'archived_meter', message: 'is archived, and takes no new price' } : [];
  });
