import { z } from 'zod';

export const policyListSearch = z.object({
  search: z.string().max(200).optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
