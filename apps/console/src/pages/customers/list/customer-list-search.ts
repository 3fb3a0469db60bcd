import { customerStatus } from '@bastionary/contracts/customers';
import { z } from 'zod';

export const customerListSearch = z.object({
  search: z.string().max(200).optional().catch(undefined),
  status: customerStatus.optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
