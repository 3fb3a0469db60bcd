import type { Meter, MeterFilter } from '@bastionary/contracts/meters';

type Data = Readonly<Record<string, unknown>> | null;

// As usage_number in the database reads them.
const DECIMAL = /^-?\d{1,26}(\.\d{1,40})?$/;
const TOO_LARGE = 1e26;

/** Why a meter does not count an event of its type, or null if it does. */
export function whyUncounted(meter: Pick<Meter, 'aggregation' | 'property' | 'filters'>, data: Data): string | null {
  const failed = meter.filters.find((filter) => !passes(filter, valueAt(data, filter.property)));
  if (failed !== undefined) return `its ${failed.property} does not pass the filter of the meter`;
  if (meter.property === null) return null;
  const found = valueAt(data, meter.property);
  if (found === undefined || found === null) return `it has no ${meter.property}`;
  if (meter.aggregation === 'unique' || isNumber(found)) return null;
  return `its ${meter.property} is no decimal number below 10^26`;
}

/** What stands at a path of names; of lists, the place. Never what an object has by itself. */
function valueAt(data: Data, path: string): unknown {
  let found: unknown = data;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    if (Array.isArray(found)) found = /^-?\d+$/.test(name) ? found.at(Number(name)) : undefined;
    else found = Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined;
  }
  return found;
}

const isNumber = (found: unknown): boolean =>
  typeof found === 'number'
    ? Number.isFinite(found) && Math.abs(found) < TOO_LARGE
    : typeof found === 'string' && DECIMAL.test(found);

function passes({ operator, values }: MeterFilter, found: unknown): boolean {
  const text = found === undefined || found === null ? null : typeof found === 'string' ? found : JSON.stringify(found);
  if (operator === 'in') return text !== null && values.includes(text);
  if (operator === 'not_in') return text === null || !values.includes(text);
  if (!isNumber(found)) return false;
  const [number, bound] = [Number(found), Number(values[0])];
  if (operator === 'gt') return number > bound;
  if (operator === 'gte') return number >= bound;
  return operator === 'lt' ? number < bound : number <= bound;
}
