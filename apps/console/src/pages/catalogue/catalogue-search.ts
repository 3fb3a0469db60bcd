import { z } from 'zod';

export const CATALOGUE_TABS = ['plans', 'features', 'comparison', 'document'] as const;
export type CatalogueTab = (typeof CATALOGUE_TABS)[number];

export const catalogueSearch = z.object({
  tab: z.enum(CATALOGUE_TABS).optional().catch(undefined),
  /** Of the comparison: every published version instead of the newest. */
  versions: z.literal('all').optional().catch(undefined),
});

const version = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .optional()
  .catch(undefined);

/** Which version is shown, and which one it is compared with. */
export const planSearch = z.object({ version, against: version });
