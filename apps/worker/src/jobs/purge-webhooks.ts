import { purgeEvents, purgeRemovedEndpoints } from '@bastionary/webhooks/actions/purge';
import type { Job } from './job.js';

const DAY_MS = 86_400_000;

/** Forgets events and their deliveries after WEBHOOK_KEEP_DAYS, and what is left of removed endpoints. */
export const purgeWebhooksJob: Job = {
  name: 'purge-webhooks',
  async run(tx, now, { config }) {
    const events = await purgeEvents(tx, new Date(now.getTime() - config.WEBHOOK_KEEP_DAYS * DAY_MS));
    const removed = await purgeRemovedEndpoints(tx);
    return events + removed > 0 ? { events, removed } : undefined;
  },
};
