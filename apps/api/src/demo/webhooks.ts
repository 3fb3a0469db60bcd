import { newId } from '@bastionary/platform/ids';
import { createEndpoint } from '@bastionary/webhooks/actions/change-endpoint';
import { type Episode, ORIGIN, type World } from './chronicle.js';

const SHOWN = 24;
const EVERY_NTH_DEAD = 8;
const ANSWERED_AFTER_MS = 184;

/**
 * Endpoints that are disabled, so that nothing is ever sent to them, and a log of deliveries as if the newest events had
 * been. Its times are of the present, since events are dated by the database.
 */
export const webhookEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen(world, now) {
      const { tx, config, keys } = world;
      const terms = { allowPrivate: [], endpointsMax: config.WEBHOOK_ENDPOINTS_MAX };
      const add = (path: string, description: string, event_types: string[]) => {
        const request = { url: `https://hooks.example/${path}`, description, event_types, enabled: false };
        return createEndpoint(tx, ORIGIN, request, terms, keys, now);
      };
      const crm = await add('crm', 'Customers and subscriptions into the CRM', ['customer.*', 'subscription.*']);
      const provisioning = await add('provisioning', 'Provisioning', ['client.*', 'entitlements.changed']);
      await logDeliveries(world, crm.row.id, 'subscription.', now);
      await logDeliveries(world, provisioning.row.id, 'client.', now);
    },
  },
];

async function logDeliveries({ tx }: World, endpointId: string, family: string, now: Date): Promise<void> {
  const newest = await tx.outboxEvent.findMany({
    where: { type: { startsWith: family } },
    orderBy: { seq: 'desc' },
    take: SHOWN,
  });
  const rows = newest.reverse().map((event, index) => ({
    event,
    id: newId('whd'),
    isDead: index % EVERY_NTH_DEAD === EVERY_NTH_DEAD - 1,
    tookMs: ANSWERED_AFTER_MS + ((index * 53) % 140),
  }));
  await tx.webhookDelivery.createMany({
    data: rows.map(({ id, event, isDead }) => ({
      id,
      endpointId,
      eventId: event.id,
      key: event.key,
      status: isDead ? 'dead' : 'delivered',
      attempts: 1,
      createdAt: now,
    })),
  });
  await tx.webhookAttempt.createMany({
    data: rows.map(({ id, isDead, tookMs }) => ({
      deliveryId: id,
      number: 1,
      at: now,
      durationMs: tookMs,
      responseStatus: isDead ? 410 : 204,
      responseBody: Buffer.from(isDead ? 'gone' : ''),
      error: isDead ? 'answered 410' : null,
    })),
  });
}
