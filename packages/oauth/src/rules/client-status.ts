import type { ClientStatus } from '@bastionary/contracts/clients';

export interface Lifecycle {
  readonly status: string;
  readonly expiry: Date | null;
}

/**
 * What a client is at an instant. Its expiry takes effect by itself, whether or not the worker has marked it.
 * A deleted client is none.
 */
export function statusAt(client: Lifecycle, now: number): ClientStatus | 'deleted' {
  if (client.status === 'deleted') return 'deleted';
  if (client.expiry !== null && client.expiry.getTime() <= now) return 'expired';
  return client.status === 'suspended' ? 'suspended' : 'active';
}
