import { subscriptionState } from '@bastionary/contracts/plans';
import { z } from 'zod';

export const subscriptionListSearch = z.object({
  state: subscriptionState.optional().catch(undefined),
  customer_id: z.string().max(64).optional().catch(undefined),
  plan: z.string().max(80).optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
