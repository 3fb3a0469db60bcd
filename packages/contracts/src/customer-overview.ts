import { z } from 'zod';
import { customer } from './customers.js';
import { entitlements } from './entitlements.js';
import { subscriptionState } from './plans.js';

const newest = <Item extends z.ZodType>(item: Item) => z.object({ total: z.int(), data: z.array(item) });

/** Everything about one customer on one page; of clients and subscriptions the newest 100. */
export const customerOverview = z
  .object({
    customer,
    entitlements,
    clients: newest(z.object({ client_id: z.string(), name: z.string(), status: z.string(), created_at: z.string() })),
    subscriptions: newest(
      z.object({
        id: z.string(),
        state: subscriptionState,
        plans: z.array(z.string()).describe('key@version'),
        start: z.string(),
        trial_end: z.string().nullable(),
        cancel_at: z.string().nullable(),
        canceled_at: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'CustomerOverview' });
export type CustomerOverview = z.infer<typeof customerOverview>;
