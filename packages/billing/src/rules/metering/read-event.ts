import { EVENT_NAMES } from '@bastionary/contracts/usage';
import { isPlainObject, readData } from './event-data.js';
import { isInstant } from './instant-text.js';
import { kept } from './rejected-event.js';

/** What an event may be, besides its form. */
export interface EventLimits {
  /** Milliseconds */
  readonly now: number;
  readonly futureMs: number;
  /** Largest `data`, as JSON in UTF-8. */
  readonly dataBytesMax: number;
  readonly depthMax: number;
  /** Whether it was sent as a CloudEvent; otherwise one that has a `specversion` is. */
  readonly isCloudEvent: boolean;
}

/** An event of the right form. */
export interface ReadEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string | null;
  /** Milliseconds; null: when it arrives. */
  readonly time: number | null;
  /** JSON with the names in order, so that the same content is the same text. */
  readonly data: string | null;
}

export type Reading =
  | { readonly ok: true; readonly event: ReadEvent }
  /** `id` is what it was called, if it had a name at all. */
  | { readonly ok: false; readonly id: string | null; readonly reason: string };

/** Types and sources that begin like this are the platform's own. */
const RESERVED = 'bastionary';
const PLAIN = new Set(['id', 'source', 'type', 'time', 'subject', 'data']);
const EXTENSION = /^[a-z0-9]+$/;
const JSON_MEDIA_TYPE = /^[^;,/\s]+\/(?:[^;,\s]+\+)?json *(?:;.*)?$/i;
/** Before 1970 nobody metered anything: such a time is a clock that was never set. */
const EARLIEST = 0;

/**
 * Reads one event, plain or a CloudEvent 1.0 (CloudEvents §3; JSON format §2, §3), by hand: it is done for every event.
 * It takes what the schemas `plainEvent` and `cloudEvent` take, and nothing beyond the limits.
 */
export function readEvent(value: unknown, limits: EventLimits): Reading {
  if (!isPlainObject(value)) return refused(null, 'an event must be an object');
  const id = kept(value.id, EVENT_NAMES.id);
  const fault = faultOf(value, limits);
  if (fault !== null) return refused(id, fault);
  const read = readData(value.data, limits);
  if (!read.ok) return refused(id, read.reason);
  const { source, type, subject, time } = value as unknown as Form;
  return {
    ok: true,
    event: {
      id: value.id as string,
      source,
      type,
      subject: subject ?? null,
      time: time == null ? null : Date.parse(time),
      data: read.text,
    },
  };
}

const refused = (id: string | null, reason: string): Reading => ({ ok: false, id, reason });

type Fields = Readonly<Record<string, unknown>>;
interface Form {
  readonly source: string;
  readonly type: string;
  readonly subject?: string | null;
  readonly time?: string | null;
}

// Null is the same as leaving it out (CloudEvents JSON format §2.2).
const isLeftOut = (value: unknown): boolean => value === undefined || value === null;

function faultOf(value: Fields, limits: EventLimits): string | null {
  return (
    nameFault(value.id, 'id', EVENT_NAMES.id) ??
    nameFault(value.source, 'source', EVENT_NAMES.source) ??
    nameFault(value.type, 'type', EVENT_NAMES.type) ??
    (isLeftOut(value.subject) ? null : nameFault(value.subject, 'subject', EVENT_NAMES.subject)) ??
    reservedFault(value as unknown as Form) ??
    (isLeftOut(value.time) ? null : timeFault(value.time, limits)) ??
    (value.specversion === undefined && !limits.isCloudEvent ? plainFault(value) : cloudFault(value))
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function nameFault(value: unknown, field: string, longest: number): string | null {
  if (typeof value !== 'string') return value === undefined ? `${field}: is missing` : `${field}: must be a text`;
  if (value === '') return `${field}: must not be empty`;
  if (value.length > longest) return `${field}: must be at most ${longest} characters`;
  if (CONTROL.test(value) || !value.isWellFormed()) {
    return `${field}: must be well-formed Unicode without control characters`;
  }
  return null;
}

const reservedFault = ({ source, type }: Form): string | null =>
  isReserved(type)
    ? `type: ${RESERVED}.… is for what the platform measures itself`
    : isReserved(source)
      ? `source: ${RESERVED} is the platform itself`
      : null;
const isReserved = (name: string): boolean => name === RESERVED || name.startsWith(`${RESERVED}.`);

function timeFault(value: unknown, { now, futureMs }: EventLimits): string | null {
  if (typeof value !== 'string' || !isInstant(value)) {
    return 'time: must be an RFC 3339 time with an offset, for example 2027-12-31T23:59:59Z';
  }
  const at = Date.parse(value);
  if (at < EARLIEST) return 'time: lies before 1970';
  if (at > now + futureMs) return `time: lies more than ${futureMs / 1_000} s ahead of our clock`;
  return null;
}

function plainFault(value: Fields): string | null {
  for (const name of Object.keys(value)) {
    if (!PLAIN.has(name)) return `${told(name)}: is not known here; a CloudEvent says "specversion": "1.0"`;
  }
  return null;
}

function cloudFault(value: Fields): string | null {
  if (value.specversion !== '1.0') return 'specversion: must be "1.0"';
  for (const [name, held] of Object.entries(value)) {
    if (PLAIN.has(name) || name === 'specversion' || held === null) continue;
    if (name === 'data_base64') return 'data_base64: binary data cannot be measured; send JSON as data';
    if (name === 'datacontenttype') {
      if (typeof held !== 'string' || !JSON_MEDIA_TYPE.test(held)) return 'datacontenttype: must be application/json';
    } else if (name === 'dataschema') {
      if (typeof held !== 'string' || held === '') return 'dataschema: must be a URI';
    } else if (!EXTENSION.test(name)) {
      return `${told(name)}: an extension attribute has a name of a-z and 0-9 only`;
    } else if (typeof held === 'object' && held !== null) {
      return `${told(name)}: an extension attribute is a text, a number or a boolean`;
    }
  }
  return null;
}

const told = (name: string): string => kept(name, 64) ?? '';
