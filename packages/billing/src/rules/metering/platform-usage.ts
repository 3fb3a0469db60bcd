import { eventDigest } from './event-digest.js';

/** What the platform did for a client of a customer, counted over a minute or less. */
export interface PlatformUse {
  readonly type: 'bastionary.token.issued' | 'bastionary.api.call';
  readonly customerId: string;
  readonly clientId: string;
  /** Milliseconds of the beginning of the minute. */
  readonly minute: number;
  readonly count: number;
  /** What was called, by the permission it takes. */
  readonly permission?: string;
  /** The batch that it was counted in: written again, it is the same event. */
  readonly batch: string;
}

/** Who sends the platform's own events, and their source. */
export const PLATFORM = 'bastionary';

/** The usage event of it. */
export function platformEvent({ type, customerId, clientId, minute, count, permission, batch }: PlatformUse) {
  const data = JSON.stringify({ count, ...(permission !== undefined && { permission }) });
  const event = { type, subject: clientId, time: minute, data };
  return {
    ...event,
    owner: '',
    source: PLATFORM,
    id: [batch, minute / 60_000, clientId, ...(permission === undefined ? [] : [permission])].join(' '),
    digest: eventDigest(event),
    customerId,
    clientId,
    sentBy: PLATFORM,
  };
}
