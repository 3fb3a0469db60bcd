import { expireClients } from '@bastionary/oauth/actions/expire-clients';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

/** Marks clients past their expiry. Two runs at once: the second finds the rows locked, then marked, and does nothing. */
export const expireClientsJob: Job = {
  name: 'expire-clients',
  async run(tx, now) {
    const clients = await expireClients(tx, systemOrigin('worker'), now);
    return clients.length > 0 ? { clients } : undefined;
  },
};
