import type { Config } from '@bastionary/platform/config';
import type { DraftRules } from '../../rules/invoicing/draft.js';
import type { Surroundings } from '../write-subscription.js';

/** How this installation bills. */
export interface InvoicingSettings extends DraftRules {
  /** How long a draft waits for late events before it goes out by itself. */
  readonly graceHours: number;
  /** Closed periods that ended longer ago are not corrected by themselves. */
  readonly lateDays: number;
  /** ISO 3166; null: not said. */
  readonly sellerCountry: string | null;
}

/** What surrounds the making of a draft. */
export interface InvoicingSurroundings extends Surroundings {
  readonly invoicing: InvoicingSettings;
}

/** The settings that say so. */
export const invoicingSettings = (config: Config): InvoicingSettings => ({
  taxRounding: config.TAX_ROUNDING,
  anomalyPercent: config.INVOICE_ANOMALY_PERCENT,
  graceHours: config.INVOICE_GRACE_HOURS,
  lateDays: config.LATE_USAGE_DAYS,
  sellerCountry: config.SELLER_COUNTRY ?? null,
});
