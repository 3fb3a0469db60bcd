import { askingPool, keptDigests, type UsageEventRow } from '@bastionary/billing/actions/metering/record-events';
import { recordRejections, type UsageRejectionRow } from '@bastionary/billing/actions/metering/usage-rejections';
import { eventDigest } from '@bastionary/billing/rules/metering/event-digest';
import { type ReadEvent, readEvent } from '@bastionary/billing/rules/metering/read-event';
import { rejectedEvent } from '@bastionary/billing/rules/metering/rejected-event';
import type { UsageReceipt } from '@bastionary/contracts/usage';
import { Inject, Injectable } from '@nestjs/common';
import { Metrics } from '../../platform/metrics.js';
import { CONFIG, type Config, POOL, type Pool } from '../../platform/providers.js';
import { EventRecorder } from './event-recorder.js';
import { type UsageSubject, UsageSubjects } from './usage-subjects.js';

/** Who sends events. */
export interface Sender {
  /** As it stands in audit records. */
  readonly actor: string;
  /** The customer whose usage alone it may send; null: anybody's. */
  readonly customerId: string | null;
}

type Result = UsageReceipt['results'][number];

/** An event whose form is right. */
interface Candidate {
  readonly index: number;
  readonly event: ReadEvent;
  readonly digest: string;
  readonly subject: string | null;
}

export const CONFLICT = 'another event with this source and id was accepted before, and stays';
const NO_SUBJECT =
  'subject: is missing; it says whose usage it is: id or external id of a customer, or a client_id of it';
export const UNKNOWN_SUBJECT = 'subject: is no id or external id of a customer, nor a client_id of one';

/** Takes usage events: what has the right form and belongs to somebody is recorded, once; of the rest it is kept why not. */
@Injectable()
export class EventIntake {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(POOL) private readonly pool: Pool,
    private readonly subjects: UsageSubjects,
    private readonly recorder: EventRecorder,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param now milliseconds
   * @returns once everything in it is committed
   */
  async receive(values: readonly unknown[], isCloudEvent: boolean, sender: Sender, now: number): Promise<UsageReceipt> {
    const results: Result[] = Array(values.length);
    const candidates = this.read(values, isCloudEvent, sender, now, results);
    const meant = await this.subjects.find(new Set(candidates.flatMap(({ subject }) => subject ?? [])));
    const isTheirs = ({ subject }: Candidate): boolean => {
      const found = subject === null ? undefined : meant.get(subject);
      return found !== undefined && (sender.customerId === null || found.customerId === sender.customerId);
    };
    const placed = candidates.filter(isTheirs);
    const rows = placed.map((candidate) =>
      toRow(candidate, meant.get(candidate.subject as string) as UsageSubject, sender, now),
    );
    const [recorded] = await Promise.all([
      this.recorder.record(rows),
      this.judgeUnplaced(
        placed.length === candidates.length ? [] : candidates.filter((one) => !isTheirs(one)),
        sender,
        results,
      ),
    ]);
    placed.forEach(({ index, event: { id } }, at) => {
      results[index] = toResult(id, recorded[at] as 'accepted');
    });
    await this.keepRefused(values, results, sender, meant);
    return this.receipt(results);
  }

  private read(
    values: readonly unknown[],
    isCloudEvent: boolean,
    sender: Sender,
    now: number,
    results: Result[],
  ): Candidate[] {
    const { USAGE_FUTURE_SECONDS, USAGE_DATA_BYTES_MAX: dataBytesMax, USAGE_DATA_DEPTH_MAX: depthMax } = this.config;
    const limits = { now, futureMs: USAGE_FUTURE_SECONDS * 1_000, dataBytesMax, depthMax, isCloudEvent };
    const candidates: Candidate[] = [];
    values.forEach((value, index) => {
      const reading = readEvent(value, limits);
      if (!reading.ok) {
        results[index] = { id: reading.id, result: 'rejected', reason: reading.reason };
        return;
      }
      const { event } = reading;
      const subject = event.subject ?? sender.customerId;
      candidates.push({ index, event, subject, digest: eventDigest({ ...event, subject }) });
    });
    return candidates;
  }

  // Its subject may have had this name when the event was first accepted: then it is a duplicate still.
  private async judgeUnplaced(candidates: readonly Candidate[], sender: Sender, results: Result[]): Promise<void> {
    const names = candidates.map(({ event: { source, id } }) => ({ owner: sender.customerId ?? '', source, id }));
    const kept = await keptDigests(askingPool(this.pool), names);
    candidates.forEach(({ index, digest, subject, event: { id } }, at) => {
      const reason = subject === null ? NO_SUBJECT : UNKNOWN_SUBJECT;
      if (kept[at] === undefined) results[index] = { id, result: 'rejected', reason };
      else results[index] = toResult(id, kept[at] === digest ? 'duplicate' : 'conflict');
    });
  }

  private keepRefused(
    values: readonly unknown[],
    results: readonly Result[],
    sender: Sender,
    meant: ReadonlyMap<string, UsageSubject>,
  ): Promise<void> {
    const rows = results.flatMap(({ result, reason }, index): UsageRejectionRow[] => {
      if (result === 'accepted' || result === 'duplicate') return [];
      const told = rejectedEvent(values[index]);
      const customerId = sender.customerId ?? meant.get(told.subject ?? '')?.customerId ?? null;
      return [{ ...told, result, reason: reason ?? '', customerId, sentBy: sender.actor }];
    });
    return recordRejections(askingPool(this.pool), rows);
  }

  private receipt(results: Result[]): UsageReceipt {
    const counts = { accepted: 0, duplicate: 0, conflict: 0, rejected: 0 };
    for (const { result } of results) counts[result]++;
    for (const result of RESULTS) if (counts[result] > 0) this.metrics.usageEvents.inc({ result }, counts[result]);
    return { ...counts, results };
  }
}

const RESULTS = ['accepted', 'duplicate', 'conflict', 'rejected'] as const;

const toResult = (id: string, result: 'accepted' | 'duplicate' | 'conflict'): Result =>
  result === 'conflict' ? { id, result, reason: CONFLICT } : { id, result };

const toRow = (
  { event, digest, subject }: Candidate,
  { customerId, clientId }: UsageSubject,
  sender: Sender,
  now: number,
): UsageEventRow => ({
  owner: sender.customerId ?? '',
  source: event.source,
  id: event.id,
  digest,
  customerId,
  type: event.type,
  time: event.time ?? now,
  subject: subject === customerId ? null : subject,
  clientId,
  sentBy: sender.actor,
  data: event.data,
});
