import { recordFailures } from '@bastionary/oauth/actions/failures';
import { newId } from '@bastionary/platform/ids';
import { type Episode, HOUR_MS } from './chronicle.js';

interface Refusal {
  readonly hoursAgo: number;
  readonly times?: number;
  readonly client: string;
  readonly code: string;
  readonly reason: string;
}

// In the words that the token endpoint uses.
const REFUSALS: readonly Refusal[] = [
  {
    hoursAgo: 2,
    times: 4,
    client: 'legacy-importer',
    code: 'client_suspended',
    reason: 'the client is suspended',
  },
  { hoursAgo: 7, client: 'warehouse-sync', code: 'secret_wrong', reason: 'the secret matches none of the client' },
  {
    hoursAgo: 19,
    times: 3,
    client: 'trade-fair-demo',
    code: 'client_expired',
    reason: 'the client is expired',
  },
  { hoursAgo: 30, times: 2, client: 'ipe-harvest', code: 'client_suspended', reason: 'the client is suspended' },
  { hoursAgo: 52, client: 'nordlicht-erp', code: 'secret_wrong', reason: 'the secret matches none of the client' },
];

/** Refused requests of the last days, as the token endpoint would have noted them. The addresses are for documentation. */
export const refusalEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen({ tx }, now) {
      const rows = REFUSALS.flatMap(({ hoursAgo, times = 1, client, code, reason }, index) =>
        Array.from({ length: times }, (_, ago) => ({
          id: newId('flr'),
          traceId: newId('req'),
          at: new Date(now.getTime() - hoursAgo * HOUR_MS - ago * 300_000),
          endpoint: '/oauth2/token',
          clientId: client,
          scope: null,
          error: 'invalid_client',
          reasonCode: code,
          reason,
          address: `203.0.113.${10 + index}`,
        })),
      );
      await recordFailures(tx, rows);
    },
  },
];
