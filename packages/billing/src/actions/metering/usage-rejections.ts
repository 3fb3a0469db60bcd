import type { Reader } from '@bastionary/prisma/client';
import type { Ask } from './record-events.js';

/** An event that was not accepted, as far as it could be read. */
export interface UsageRejectionRow {
  readonly result: 'conflict' | 'rejected';
  readonly reason: string;
  readonly customerId: string | null;
  readonly source: string | null;
  readonly id: string | null;
  readonly type: string | null;
  readonly subject: string | null;
  /** Milliseconds */
  readonly time: number | null;
  readonly sentBy: string;
}

const RECORD = `
  INSERT INTO usage_rejection (seq, result, reason, customer_id, source, id, type, subject, time, sent_by)
  SELECT seq, result, reason, customer_id, source, id, type, subject, to_timestamp(time / 1000), sent_by
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[])
    WITH ORDINALITY AS rejection (result, reason, customer_id, source, id, type, subject, time, sent_by, seq)`;

/** Keeps why events were not accepted. */
export async function recordRejections(ask: Ask, rejections: readonly UsageRejectionRow[]): Promise<void> {
  if (rejections.length === 0) return;
  await ask('record_rejections', RECORD, [
    rejections.map(({ result }) => result),
    rejections.map(({ reason }) => reason),
    rejections.map(({ customerId }) => customerId),
    rejections.map(({ source }) => source),
    rejections.map(({ id }) => id),
    rejections.map(({ type }) => type),
    rejections.map(({ subject }) => subject),
    rejections.map(({ time }) => time),
    rejections.map(({ sentBy }) => sentBy),
  ]);
}

/** Forgets what came before an instant, and all but the newest `keep`. Returns how many. */
export async function purgeRejections(db: Reader, before: Date, keep: number): Promise<number> {
  return db.$executeRaw`
    DELETE FROM usage_rejection
    WHERE recorded_at < ${before}
      OR (xid, seq) <= (SELECT xid, seq FROM usage_rejection ORDER BY xid DESC, seq DESC OFFSET ${keep} LIMIT 1)`;
}
