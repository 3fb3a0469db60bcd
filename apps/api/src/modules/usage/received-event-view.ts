import type { ReceivedEventRow } from '@bastionary/billing/actions/metering/received-events';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { ReceivedEvent } from '@bastionary/contracts/usage';
import { invalidCursor } from '../../platform/invalid-cursor.js';

/** @param uncounted why an accepted one is not counted, if it is not */
export const toReceivedEvent = (row: ReceivedEventRow, uncounted: string | null): ReceivedEvent => ({
  result: row.result,
  reason: row.reason ?? uncounted,
  id: row.id,
  source: row.source,
  type: row.type,
  subject: row.subject,
  customer_id: row.customerId,
  client_id: row.clientId,
  time: toInstantOrNull(row.time),
  recorded_at: toInstant(row.recordedAt),
  sent_by: row.sentBy,
  data: row.data,
});

/** The opaque `next_cursor` after an event. */
export const toEventCursor = ({ xid, seq }: ReceivedEventRow): string =>
  Buffer.from(`${xid} ${seq}`).toString('base64url');

/** @throws AppError invalid_request if the text is no cursor of this list */
export function fromEventCursor(cursor: string): { xid: bigint; seq: number } {
  const [, xid, seq] = /^(\d{1,18}) (\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (xid === undefined || seq === undefined) throw invalidCursor();
  return { xid: BigInt(xid), seq: Number(seq) };
}
