import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';

/** One event that an endpoint is to get. */
export interface Wanted {
  readonly endpointId: string;
  readonly eventId: string;
  readonly key: string;
}

/** Makes deliveries, in this order behind what their lanes hold already. @returns their ids, in the same order */
export async function enqueue(tx: Transaction, wanted: readonly Wanted[], replay: boolean): Promise<string[]> {
  const ids = wanted.map(() => newId('whd'));
  if (wanted.length === 0) return ids;
  const endpointIds = wanted.map(({ endpointId }) => endpointId);
  const keys = wanted.map(({ key }) => key);
  await tx.$executeRaw`
    INSERT INTO webhook_delivery (id, endpoint_id, event_id, key, replay, created_at)
    SELECT id, endpoint_id, event_id, key, ${replay}, clock_timestamp()
    FROM unnest(${ids}::text[], ${endpointIds}::text[], ${wanted.map(({ eventId }) => eventId)}::text[], ${keys}::text[])
      WITH ORDINALITY AS made (id, endpoint_id, event_id, key, place)
    ORDER BY place`;
  // DO UPDATE, not DO NOTHING: a lane that is just being emptied is waited for, and made again if it went. In one order
  // everywhere, so that two never wait for each other.
  await tx.$executeRaw`
    INSERT INTO webhook_lane AS lane (endpoint_id, key, due_at)
    SELECT endpoint_id, key, clock_timestamp()
    FROM unnest(${endpointIds}::text[], ${keys}::text[]) AS made (endpoint_id, key)
    GROUP BY endpoint_id, key ORDER BY endpoint_id, key
    ON CONFLICT (endpoint_id, key) DO UPDATE SET due_at = lane.due_at`;
  return ids;
}
