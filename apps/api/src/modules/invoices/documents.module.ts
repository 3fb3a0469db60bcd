import { Module } from '@nestjs/common';
import { InvoiceActsController } from './invoice-acts.controller.js';
import { InvoiceReadsController } from './invoice-reads.controller.js';
import { PaymentsController } from './payments.controller.js';

@Module({ controllers: [InvoiceActsController, InvoiceReadsController, PaymentsController] })
export class DocumentsModule {}
