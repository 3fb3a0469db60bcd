import { Module } from '@nestjs/common';
import { BillingTermsController } from './billing-terms.controller.js';
import { ComposeController } from './compose.controller.js';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({
  controllers: [
    BillingTermsController,
    ComposeController,
    InvoiceActsController,
    InvoiceReadsController,
    PaymentsController,
  ],
})
export class DocumentsModule {}
