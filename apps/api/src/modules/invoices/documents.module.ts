import { Module } from '@nestjs/common';
import { ComposeController } from './compose.controller.js';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({ controllers: [ComposeController, InvoiceActsController, InvoiceReadsController, PaymentsController] })
export class DocumentsModule {}
