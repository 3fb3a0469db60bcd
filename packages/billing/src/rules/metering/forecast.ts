import type { Aggregation } from '@bastionary/contracts/meters';
import type { Forecast } from '@bastionary/contracts/usage-queries';
import { Decimal } from 'decimal.js';
import type { Span } from '../periods.js';

const Estimate = Decimal.clone({ precision: 40 });
const HOUR_MS = 3_600_000;
const HOURS_OF_A_WEEK = 168;
/** How far back the hours of the week are looked at. */
export const PROFILE_HOURS = 4 * HOURS_OF_A_WEEK;

export interface ForecastFacts {
  readonly aggregation: Aggregation;
  readonly period: Span;
  readonly now: Date;
  /** Of the period, decimal. */
  readonly soFar: string;
  /** Usage of each of the last `PROFILE_HOURS` whole hours, the oldest first; decimal. */
  readonly hours: readonly string[];
}

/**
 * What usage will be at the end of a period. Counts and sums go on as the same hours of the week were on average in four
 * weeks, if there was usage in the first of them; else, and for unique values, as fast as in the period until now. What is
 * largest or newest stays.
 */
export function forecastOf(facts: ForecastFacts): Pick<Forecast, 'forecast' | 'method'> {
  const { aggregation, soFar } = facts;
  if (aggregation === 'max' || aggregation === 'latest') return { forecast: soFar, method: 'held' };
  const isKnown = facts.hours.slice(0, HOURS_OF_A_WEEK).some((used) => used !== '0');
  if (aggregation === 'unique' || facts.hours.length < PROFILE_HOURS || !isKnown) {
    return { forecast: told(linear(facts)), method: 'linear' };
  }
  return { forecast: told(weekly(facts)), method: 'weekly' };
}

function linear({ soFar, period, now }: ForecastFacts): Decimal {
  const elapsed = Math.min(now.getTime(), period.end.getTime()) - period.start.getTime();
  if (elapsed <= 0) return new Estimate(soFar);
  return new Estimate(soFar).times(period.end.getTime() - period.start.getTime()).div(elapsed);
}

function weekly({ soFar, period, now, hours }: ForecastFacts): Decimal {
  const end = period.end.getTime();
  // The hours of the profile end here, so the hour that is under way now is the first of it again.
  const current = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  const profile = Array.from({ length: HOURS_OF_A_WEEK }, (_, hour) => meanOf(hours, hour));
  let sum = new Estimate(soFar);
  for (let start = current, hour = 0; start < end; start += HOUR_MS, hour++) {
    const left = Math.min(end, start + HOUR_MS) - Math.max(start, now.getTime());
    const usual = profile[hour % HOURS_OF_A_WEEK];
    if (usual !== undefined) sum = sum.plus(usual.times(left).div(HOUR_MS));
  }
  return sum;
}

function meanOf(hours: readonly string[], hour: number): Decimal {
  const same = hours.filter((_, place) => place % HOURS_OF_A_WEEK === hour);
  return same.reduce((sum, used) => sum.plus(used), new Estimate(0)).div(same.length);
}

// An estimate claims no more than three places.
const told = (estimate: Decimal): string => estimate.toDecimalPlaces(3).toFixed();
