import { Module } from '@nestjs/common';
import { ComposeController } from './compose.controller.js';
import { CreditNotesController } from './credit-notes.controller.js';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({
  controllers: [
    ComposeController,
    CreditNotesController,
    InvoiceActsController,
    InvoiceReadsController,
    PaymentsController,
  ],
})
export class DocumentsModule {}
