import { Module } from '@nestjs/common';
import { BillingRunsController } from './billing-runs.controller.js';
import { BillingTermsController } from './billing-terms.controller.js';
import { ComposeController } from './compose.controller.js';
import { CreditNotesController } from './credit-notes.controller.js';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { NumberSeriesController } from './number-series.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({
  controllers: [
    BillingRunsController,
    BillingTermsController,
    ComposeController,
    CreditNotesController,
    InvoiceActsController,
    InvoiceReadsController,
    NumberSeriesController,
    PaymentsController,
  ],
})
export class DocumentsModule {}
