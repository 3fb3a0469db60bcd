import type { Pool, Transaction } from '@bastionary/prisma/client';
import { distinctEvents, type NamedEvent, resultsOf } from '../../rules/metering/distinct-events.js';

/** An event to be recorded. No text has a control character; JSON escapes those that it holds. */
export interface UsageEventRow extends NamedEvent {
  readonly customerId: string;
  readonly type: string;
  /** Milliseconds */
  readonly time: number;
  /** As it was sent, where that is not the customer's id. */
  readonly subject: string | null;
  readonly clientId: string | null;
  /** client:…, operator:… or bastionary */
  readonly sentBy: string;
  /** JSON */
  readonly data: string | null;
}

/** Runs a statement: a pool or a transaction. */
export type Ask = <Row extends object>(name: string, statement: string, values: readonly unknown[]) => Promise<Row[]>;

/** Each statement is a transaction of its own. */
export const askingPool =
  (pool: Pool): Ask =>
  async (name, text, values) =>
    (await pool.query({ name, text, values: [...values] })).rows as never;

export const askingTransaction =
  (tx: Transaction): Ask =>
  (_name, text, values) =>
    tx.$queryRawUnsafe(text, ...values);

// Columns come as lines of one text each, which costs a fraction of arrays on this side. Were a line break in a name, its
// column would be longer than the others, and the statement fail: nothing is written of what has no id.
// Claiming the name and writing the event is one statement: there is no moment at which only one of them is done.
const RECORD = `
  WITH incoming AS MATERIALIZED (
    -- One empty line is none at all: the owner is then the installation.
    SELECT coalesce(owner, '') AS owner, source, id, digest, customer_id, type, time, subject, client_id, sent_by, data, seq
    FROM ROWS FROM (
      unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n'), string_to_array($3, E'\\n'), string_to_array($4, E'\\n'),
        string_to_array($5, E'\\n'), string_to_array($6, E'\\n'), string_to_array($7, E'\\n')::float8[],
        string_to_array($8, E'\\n', ''), string_to_array($9, E'\\n', ''), string_to_array($10, E'\\n')),
      jsonb_array_elements($11::jsonb)
    ) WITH ORDINALITY AS event (owner, source, id, digest, customer_id, type, time, subject, client_id, sent_by, data, seq)
  ), claimed AS (
    INSERT INTO usage_event_key (owner, source, id, digest, customer_id, time)
    SELECT owner, source, id, decode(digest, 'hex'), customer_id, to_timestamp(time / 1000) FROM incoming
    ON CONFLICT DO NOTHING RETURNING owner, source, id
  ), written AS (
    INSERT INTO usage_event (customer_id, type, time, seq, source, id, subject, client_id, sent_by, data)
    SELECT customer_id, type, to_timestamp(time / 1000), seq, source, id, subject, client_id, sent_by, nullif(data, 'null')
    FROM incoming JOIN claimed USING (owner, source, id) RETURNING seq
  )
  SELECT string_agg(seq::text, ',') AS written FROM written`;

const KEPT = `
  SELECT seq::int, encode(kept.digest, 'hex') AS digest
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS event (owner, source, id, seq)
  JOIN usage_event_key kept USING (owner, source, id)`;

/**
 * Records events, each name once and for ever. What became of each, in the order given; once this answers, it is committed
 * (or part of the transaction that asks).
 */
export async function recordEvents(
  ask: Ask,
  given: readonly UsageEventRow[],
): Promise<('accepted' | 'duplicate' | 'conflict')[]> {
  if (given.length === 0) return [];
  const distinct = distinctEvents(given);
  const { events } = distinct;
  const column = (of: (event: UsageEventRow) => string | number | null) =>
    events.map((event) => of(event) ?? '').join('\n');
  const [answer] = await ask<{ written: string | null }>('record_events', RECORD, [
    column(({ owner }) => owner),
    column(({ source }) => source),
    column(({ id }) => id),
    column(({ digest }) => digest),
    column(({ customerId }) => customerId),
    column(({ type }) => type),
    column(({ time }) => time),
    column(({ subject }) => subject),
    column(({ clientId }) => clientId),
    column(({ sentBy }) => sentBy),
    `[${events.map(({ data }) => data ?? 'null').join(',')}]`,
  ]);
  const written = new Set((answer?.written ?? '').split(',').map((seq) => Number(seq) - 1));
  const others = events.flatMap((_event, place) => (written.has(place) ? [] : [place]));
  const kept = await keptDigests(
    ask,
    others.map((place) => events[place] as UsageEventRow),
  );
  const digests: (string | null)[] = events.map(() => null);
  others.forEach((place, index) => {
    const digest = kept[index];
    if (digest === undefined) throw new Error('an event was neither written nor there before');
    digests[place] = digest;
  });
  return resultsOf(given, distinct, digests);
}

/** Of each name: the digest of the event that has it, undefined if none has. */
export async function keptDigests(
  ask: Ask,
  names: readonly Pick<NamedEvent, 'owner' | 'source' | 'id'>[],
): Promise<(string | undefined)[]> {
  const digests: (string | undefined)[] = names.map(() => undefined);
  if (names.length === 0) return digests;
  const rows = await ask<{ seq: number; digest: string }>('kept_digests', KEPT, [
    names.map(({ owner }) => owner),
    names.map(({ source }) => source),
    names.map(({ id }) => id),
  ]);
  for (const { seq, digest } of rows) digests[seq - 1] = digest;
  return digests;
}
