import { toInstant } from '@bastionary/contracts/text';
import type { Usage, UsageQuery } from '@bastionary/contracts/usage-queries';
import { noSuchCustomer } from '@bastionary/entitlements/actions/facts';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { windowAt, windowsOf } from '../../rules/metering/windows.js';
import type { Span } from '../../rules/periods.js';
import { getMeter, type MeterRow } from './find-meter.js';
import { type HowToRead, type Reading, readUsage } from './read-usage.js';

const CUSTOMER = 'customer';

/**
 * Usage of a meter over time, by window and group.
 * @param own the only customer whose it may be; null: anybody's
 * @param most windows of an answer
 * @throws AppError not_found (the meter, the customer), invalid_request (a time, too many windows, an unknown dimension)
 */
export async function queryUsage(
  db: Reader,
  own: string | null,
  query: UsageQuery,
  most: number,
  now: Date,
): Promise<Usage> {
  const meter = await getMeter(db, query.meter);
  const customer = await customerOfQuery(db, own, query.customer);
  const timeZone = query.time_zone ?? customer?.timeZone ?? 'UTC';
  const span = spanOf(query, timeZone, now);
  const windows = query.window === undefined ? [span] : windowsOf(span, query.window, timeZone, most);
  if (windows === null) {
    throw wrong('window', `makes more than ${most} values of this time: ask for a shorter time or longer windows`);
  }
  const names = query.group_by ?? [];
  const how = howOf(meter, names, query);
  const ask = { meter: meter.key, customerId: customer?.id ?? null };
  const over = (spans: readonly Span[], as: HowToRead) =>
    readUsage(
      db,
      spans.map(({ start, end }) => ({ ...ask, from: start, to: end })),
      as,
    );
  const [total] = await over([span], { recordedBy: how.recordedBy });
  // In the order of most usage, over the whole time.
  const groups = names.length === 0 ? [] : (await over([span], how)).filter(({ events }) => events > 0n);
  const rank = new Map(groups.slice(0, query.limit).map((group, place) => [nameOf(group), place]));
  const readings = names.length === 0 && windows.length === 1 ? [total] : await over(windows, how);
  const rows = readings
    .filter((reading) => reading !== undefined)
    .filter((reading) => names.length === 0 || (reading.events > 0n && rank.has(nameOf(reading))))
    .sort((a, b) => a.place - b.place || (rank.get(nameOf(a)) ?? 0) - (rank.get(nameOf(b)) ?? 0));
  return {
    meter: meter.key,
    customer_id: ask.customerId,
    from: toInstant(span.start),
    to: toInstant(span.end),
    time_zone: timeZone,
    total: total?.value ?? '0',
    events: String(total?.events ?? 0n),
    data: rows.map((reading) => ({
      ...toWindow(windows[reading.place] ?? span),
      ...(names.length > 0 && { group: groupOf(reading, names) }),
      value: reading.value,
      events: String(reading.events),
    })),
    groups_left_out: Math.max(0, groups.length - query.limit),
  };
}

/** The customer that an id or external id names. @throws AppError not_found, also if it is not the own one */
export async function customerOfQuery(db: Reader, own: string | null, name: string | undefined) {
  const wanted = name ?? own;
  if (wanted === null) return null;
  const found = await db.customer.findMany({
    where: { OR: [{ id: wanted }, { externalId: wanted }], ...(own !== null && { id: own }) },
    select: { id: true, timeZone: true },
  });
  // An id is nobody's external id by accident; if it were, the id counts.
  const customer = found.find(({ id }) => id === wanted) ?? found[0];
  if (customer === undefined) throw noSuchCustomer(wanted);
  return customer;
}

function spanOf({ from, to }: UsageQuery, timeZone: string, now: Date): Span {
  const end = to === undefined ? now : new Date(to);
  const start = from === undefined ? windowAt(new Date(end.getTime() - 1), 'month', timeZone).start : new Date(from);
  if (start >= end) throw wrong('to', 'must be after from');
  return { start, end };
}

function howOf(meter: MeterRow, names: readonly string[], { as_of }: UsageQuery): HowToRead {
  const dimensions = names.filter((name) => name !== CUSTOMER).map((name) => meter.groupBy.indexOf(name));
  if (dimensions.includes(-1)) {
    const known = [...meter.groupBy, CUSTOMER].join(', ');
    throw wrong('group_by', `must be among the dimensions of the meter ${meter.key}: ${known}`);
  }
  return {
    dimensions,
    byCustomer: names.includes(CUSTOMER),
    recordedBy: as_of === undefined ? undefined : new Date(as_of),
  };
}

const nameOf = ({ customerId, group }: Reading): string => JSON.stringify([customerId, group]);

function groupOf({ customerId, group }: Reading, names: readonly string[]): Record<string, string | null> {
  const values = [...group];
  return Object.fromEntries(names.map((name) => [name, name === CUSTOMER ? customerId : (values.shift() ?? null)]));
}

const toWindow = ({ start, end }: Span) => ({ start: toInstant(start), end: toInstant(end) });

const wrong = (name: string, message: string): AppError =>
  new AppError('invalid_request', `${name} ${message}.`, { faults: [{ path: `?${name}`, code: 'invalid', message }] });
