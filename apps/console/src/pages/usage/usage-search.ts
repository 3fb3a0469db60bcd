import { z } from 'zod';

const words = (length: number) => z.string().max(length).optional().catch(undefined);

export const usageSearch = z.object({
  meter: words(64),
  customer: words(256),
  from: words(40),
  to: words(40),
  window: words(10),
  group_by: words(200),
});
export type UsageSearch = z.infer<typeof usageSearch>;

export const eventSearch = z.object({
  id: words(256),
  source: words(256),
  customer: words(256),
  type: words(128),
  result: z.enum(['accepted', 'conflict', 'rejected']).optional().catch(undefined),
  from: words(40),
  to: words(40),
  cursor: words(512),
});
