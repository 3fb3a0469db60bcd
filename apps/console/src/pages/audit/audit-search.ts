import { z } from 'zod';

const filter = z.string().max(200).optional().catch(undefined);

export const auditSearch = z.object({
  actor: filter,
  action: filter,
  target: filter,
  cursor: z.string().max(512).optional().catch(undefined),
});
