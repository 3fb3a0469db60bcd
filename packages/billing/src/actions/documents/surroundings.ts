import type { Config } from '@bastionary/platform/config';
import type { Seller } from '../../rules/documents/document.js';
import type { Surroundings } from '../write-subscription.js';

/** How documents of this installation are numbered, who writes them, and when they are due. */
export interface DocumentSettings {
  readonly invoiceSeries: string;
  readonly creditNoteSeries: string;
  readonly netDays: number;
  readonly seller: Seller;
}

/** What surrounds the making of a document. */
export interface DocumentSurroundings extends Surroundings {
  readonly documents: DocumentSettings;
}

/** The settings that say so. */
export const documentSettings = (config: Config): DocumentSettings => ({
  invoiceSeries: config.INVOICE_SERIES,
  creditNoteSeries: config.CREDIT_NOTE_SERIES,
  netDays: config.INVOICE_NET_DAYS,
  seller: {
    name: config.SELLER_NAME,
    address: config.SELLER_ADDRESS,
    tax_id: config.SELLER_TAX_ID ?? null,
    email: config.SELLER_EMAIL ?? null,
    payment_details: config.SELLER_PAYMENT_DETAILS,
  },
});
