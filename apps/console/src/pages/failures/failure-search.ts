import { z } from 'zod';

export const failureSearch = z.object({
  client_id: z.string().max(128).optional().catch(undefined),
  trace_id: z.string().max(64).optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
