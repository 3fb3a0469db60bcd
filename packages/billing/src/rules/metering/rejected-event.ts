import { EVENT_NAMES } from '@bastionary/contracts/usage';
import { isInstant } from './instant-text.js';

/** What can be kept of an event that was none: each field as far as it is a text, cut and without what no text may have. */
export interface RejectedEvent {
  readonly id: string | null;
  readonly source: string | null;
  readonly type: string | null;
  readonly subject: string | null;
  /** Milliseconds */
  readonly time: number | null;
}

const NOTHING: RejectedEvent = { id: null, source: null, type: null, subject: null, time: null };

export function rejectedEvent(value: unknown): RejectedEvent {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { id, source, type, subject, time } = value as Record<string, unknown>;
  return {
    id: kept(id, EVENT_NAMES.id),
    source: kept(source, EVENT_NAMES.source),
    type: kept(type, EVENT_NAMES.type),
    subject: kept(subject, EVENT_NAMES.subject),
    time: typeof time === 'string' && isInstant(time) ? Date.parse(time) : null,
  };
}

/** A text of a sender that can be told and stored; null if there is none. */
export const kept = (text: unknown, longest: number): string | null =>
  typeof text === 'string'
    ? text
        .slice(0, longest)
        .toWellFormed()
        .replace(/\p{Cc}/gu, '\ufffd')
    : null;
