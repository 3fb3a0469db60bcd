import { licenseStatus } from '@bastionary/contracts/licenses';
import { z } from 'zod';

export const licenseListSearch = z.object({
  search: z.string().max(200).optional().catch(undefined),
  status: licenseStatus.optional().catch(undefined),
  policy: z.string().max(64).optional().catch(undefined),
  customer_id: z.string().max(64).optional().catch(undefined),
  /** Whether the dialog that issues one is open. */
  issue: z.literal('yes').optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});

export const LICENSE_TABS = ['overview', 'machines', 'entitlements', 'access', 'files', 'activity'] as const;
export type LicenseTab = (typeof LICENSE_TABS)[number];

export const licenseDetailSearch = z.object({
  tab: z.enum(LICENSE_TABS).optional().catch(undefined),
  cursor: z.string().max(512).optional().catch(undefined),
});
