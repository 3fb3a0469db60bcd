import type { Config } from '@bastionary/platform/config';
import type { Seller } from '../../rules/documents/document.js';
import { type InvoicingSurroundings, invoicingSettings } from '../invoicing/settings.js';

/** How documents of this installation are numbered, who writes them, and when they are due. */
export interface DocumentSettings {
  readonly invoiceSeries: string;
  readonly creditNoteSeries: string;
  readonly netDays: number;
  readonly seller: Seller;
}

/** What surrounds the making of a document. */
export interface DocumentSurroundings extends InvoicingSurroundings {
  readonly documents: DocumentSettings;
}

/** The settings that say so, and how drafts are made. */
export const documentSettings = (config: Config): Pick<DocumentSurroundings, 'documents' | 'invoicing'> => ({
  invoicing: invoicingSettings(config),
  documents: {
    invoiceSeries: config.INVOICE_SERIES,
    creditNoteSeries: config.CREDIT_NOTE_SERIES,
    netDays: config.INVOICE_NET_DAYS,
    seller: {
      name: config.SELLER_NAME,
      address: config.SELLER_ADDRESS,
      country: config.SELLER_COUNTRY ?? null,
      tax_id: config.SELLER_TAX_ID ?? null,
      email: config.SELLER_EMAIL ?? null,
      payment_details: config.SELLER_PAYMENT_DETAILS,
    },
  },
});
