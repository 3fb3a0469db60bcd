import { z } from 'zod';
import { combine, featureKey, featureType, jsonValue, preview } from './entitlements.js';
import { planKey, planKind, planVersionContent, planVersionStatus } from './plans.js';
import { text } from './text.js';

const catalogueFeature = z
  .strictObject({
    key: featureKey,
    name: text(200),
    type: featureType,
    combine: combine.optional().describe('Default: any for a switch, max for a limit, latest for a value'),
    default: jsonValue.optional().describe('Default: false, 0, null'),
    description: text(1_000).nullish(),
  })
  .meta({ id: 'CatalogueFeature' });
export type CatalogueFeature = z.infer<typeof catalogueFeature>;

const cataloguePlanVersion = planVersionContent
  .extend({ version: z.int().min(1).max(999_999), status: planVersionStatus })
  .meta({ id: 'CataloguePlanVersion' });
export type CataloguePlanVersion = z.infer<typeof cataloguePlanVersion>;

const cataloguePlan = z
  .strictObject({
    key: planKey,
    name: text(200),
    kind: planKind.default('plan'),
    description: text(1_000).nullish(),
    versions: z.array(cataloguePlanVersion).min(1).max(1_000),
  })
  .meta({ id: 'CataloguePlan' });
export type CataloguePlan = z.infer<typeof cataloguePlan>;

/** The catalogue as one document: what is sold, in every version. */
export const catalogue = z
  .strictObject({ features: z.array(catalogueFeature).max(1_000), plans: z.array(cataloguePlan).max(1_000) })
  .meta({ id: 'Catalogue' });
export type Catalogue = z.infer<typeof catalogue>;

export const catalogueChange = z
  .object({
    path: z.string().describe('For example /features/seats, /plans/pro, /plans/pro/versions/2'),
    change: z.enum(['created', 'updated', 'published', 'retired']),
    from: z.record(z.string(), z.json()).optional(),
    to: z.record(z.string(), z.json()),
  })
  .meta({ id: 'CatalogueChange' });
export type CatalogueChange = z.infer<typeof catalogueChange>;

/** What differs between the catalogue and the document, and what that means for whom. */
export const catalogueOutcome = z
  .object({
    applied: z.boolean(),
    changes: z.array(catalogueChange).describe('In the order in which they are made'),
    preview,
  })
  .meta({ id: 'CatalogueOutcome' });
export type CatalogueOutcome = z.infer<typeof catalogueOutcome>;
