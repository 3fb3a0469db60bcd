import type { EventType } from '@bastionary/contracts/events';

/** An event about a client, in the order of all about it. `data` never holds a secret, nor a hint of one. */
export const clientEvent = (type: EventType, clientId: string, data: Record<string, unknown> = {}) => ({
  type,
  key: `client:${clientId}`,
  clientId,
  data: { client_id: clientId, ...data },
});
