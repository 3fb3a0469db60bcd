import { Module } from '@nestjs/common';
import { CreditNotesController } from './credit-notes.controller.js';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({ controllers: [CreditNotesController, InvoiceActsController, InvoiceReadsController, PaymentsController] })
export class DocumentsModule {}
