import { deliveryStatus } from '@bastionary/contracts/webhooks';
import { z } from 'zod';

export const webhookSearch = z.object({
  status: deliveryStatus.optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
