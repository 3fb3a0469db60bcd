import { z } from 'zod';

export const CLIENT_TABS = [
  'overview',
  'credentials',
  'authentication',
  'tokens',
  'limits',
  'permissions',
  'failures',
  'activity',
] as const;
export type ClientTab = (typeof CLIENT_TABS)[number];

export const clientDetailSearch = z.object({ tab: z.enum(CLIENT_TABS).optional().catch(undefined) });
