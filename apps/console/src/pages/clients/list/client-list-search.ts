import { clientStatus } from '@bastionary/contracts/clients';
import { z } from 'zod';

export const clientListSearch = z.object({
  search: z.string().max(200).optional().catch(undefined),
  status: clientStatus.optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
