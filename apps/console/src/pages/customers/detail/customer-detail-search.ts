import { z } from 'zod';

export const CUSTOMER_TABS = [
  'overview',
  'entitlements',
  'licenses',
  'invoices',
  'wallet',
  'usage',
  'billing',
  'details',
  'activity',
] as const;
export type CustomerTab = (typeof CUSTOMER_TABS)[number];

export const customerDetailSearch = z.object({
  tab: z.enum(CUSTOMER_TABS).optional().catch(undefined),
  /** The past instant whose entitlements are shown. */
  at: z.iso.datetime({ offset: true }).optional().catch(undefined),
});
