import type { Aggregation } from '@bastionary/contracts/meters';
import { toInstant } from '@bastionary/contracts/text';
import type { Forecast, ForecastQuery } from '@bastionary/contracts/usage-queries';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { forecastOf, PROFILE_HOURS } from '../../rules/metering/forecast.js';
import { billingRhythms, billingWindow } from './billing-window.js';
import { getMeter } from './find-meter.js';
import { customerOfQuery } from './query-usage.js';
import { readUsage } from './read-usage.js';

const HOUR_MS = 3_600_000;

/**
 * What usage of a customer will be at the end of its billing period.
 * @param own the only customer whose it may be; null: anybody's
 * @throws AppError not_found, invalid_request (no customer)
 */
export async function forecastUsage(
  db: Reader,
  own: string | null,
  query: ForecastQuery,
  now: Date,
): Promise<Forecast> {
  const { key: meter, aggregation } = await getMeter(db, query.meter);
  const customer = await customerOfQuery(db, own, query.customer);
  if (customer === null) {
    const message = 'must name a customer: each has a billing period of its own';
    throw new AppError('invalid_request', `customer ${message}.`, {
      faults: [{ path: '?customer', code: 'invalid', message }],
    });
  }
  const rhythm = (await billingRhythms(db, [customer.id], now)).get(customer.id);
  const period = billingWindow(rhythm ?? { timeZone: customer.timeZone, cycle: null }, now);
  const wholeHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: PROFILE_HOURS }, (_, hour) => wholeHour - (PROFILE_HOURS - hour) * HOUR_MS);
  const ask = { meter, customerId: customer.id };
  const [soFar, ...profile] = await readUsage(db, [
    { ...ask, from: period.start, to: period.end },
    ...hours.map((start) => ({ ...ask, from: new Date(start), to: new Date(start + HOUR_MS) })),
  ]);
  const so_far = soFar?.value ?? '0';
  const facts = { aggregation: aggregation as Aggregation, period, now, soFar: so_far };
  return {
    meter,
    customer_id: customer.id,
    start: toInstant(period.start),
    end: toInstant(period.end),
    so_far,
    ...forecastOf({ ...facts, hours: profile.map(({ value }) => value) }),
  };
}
