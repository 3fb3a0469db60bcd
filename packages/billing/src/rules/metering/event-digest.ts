import { hash } from 'node:crypto';
import type { ReadEvent } from './read-event.js';

/** Bytes of the digest that are kept. */
export const DIGEST_BYTES = 16;

/**
 * What an event says, in 16 bytes (hex) of SHA-256: two under one name that differ in it are a conflict. A time that was
 * left out is no time at all: sent again a minute later it is still the same event.
 */
export function eventDigest({
  type,
  time,
  subject,
  data,
}: Pick<ReadEvent, 'type' | 'time' | 'subject' | 'data'>): string {
  // Names hold no control character, so no two events read alike.
  return hash('sha256', `${type}\n${time ?? ''}\n${subject ?? ''}\n${data ?? ''}`, 'hex').slice(0, 2 * DIGEST_BYTES);
}
