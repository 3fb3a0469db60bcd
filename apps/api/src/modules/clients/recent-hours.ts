import { toInstant } from '@bastionary/contracts/text';
import { issuedPerHour } from '@bastionary/oauth/actions/issuance';
import type { Database } from '../../platform/providers.js';

const HOUR_MS = 3_600_000;

/** Tokens issued in each of the last `hours` hours, this one included, of one client or of all. Hours without any are there too. */
export async function recentHours(db: Database, clientId: string | null, hours: number, now: number) {
  const thisHour = now - (now % HOUR_MS);
  const first = thisHour - (hours - 1) * HOUR_MS;
  const rows = await issuedPerHour(db, new Date(first), clientId);
  const issued = new Map(rows.map((row) => [row.hour.getTime(), row.issued]));
  return Array.from({ length: hours }, (_, index) => {
    const hour = first + index * HOUR_MS;
    return { hour: toInstant(new Date(hour)), issued: String(issued.get(hour) ?? 0n) };
  });
}
