import { invoicePdf, keepPdfHash } from '@bastionary/billing/actions/documents/document-pdf';
import { getInvoice } from '@bastionary/billing/actions/documents/find-invoice';
import { invoiceTimeline } from '@bastionary/billing/actions/documents/invoice-timeline';
import { invoiceHeadViews, invoiceView } from '@bastionary/billing/actions/documents/invoice-views';
import { listInvoices } from '@bastionary/billing/actions/documents/list-invoices';
import { verifyInvoice } from '@bastionary/billing/actions/documents/verify-documents';
import {
  type DocumentVerification,
  documentVerification,
  type Invoice,
  type InvoiceEvents,
  type InvoiceListQuery,
  type InvoicePage,
  invoice,
  invoiceEvents,
  invoiceListQuery,
  invoicePage,
  invoiceParams,
} from '@bastionary/contracts/invoices';
import { Controller, Get, Inject, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { asInstallation } from '../../platform/request-customer.js';
import { datedPage } from './dated-page.js';
import { pdfAnswer } from './pdf-answer.js';

type Params = { invoice_id: string };

const IDS = /^inv_[0-9a-z]{26}$/;

@ApiTags('invoices')
@Controller('api/invoices')
export class InvoiceReadsController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List invoices, the newest first; a customer sees its own that are finalized' })
  @ApiOkResponse({ standardSchema: invoicePage })
  list(
    @Query({ schema: invoiceListQuery }) query: InvoiceListQuery,
    @Req() request: FastifyRequest,
  ): Promise<InvoicePage> {
    const now = new Date();
    return datedPage(
      query,
      IDS,
      (after) => listInvoices(this.db, customerOf(request), query, after, now),
      (rows) => invoiceHeadViews(this.db, rows, now),
    );
  }

  @Get(':invoice_id')
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'One invoice, its lines and why each amount is what it is' })
  @ApiOkResponse({ standardSchema: invoice })
  async get(@Param({ schema: invoiceParams }) params: Params, @Req() request: FastifyRequest): Promise<Invoice> {
    return invoiceView(this.db, await getInvoice(this.db, params.invoice_id, customerOf(request)), new Date());
  }

  @Get(':invoice_id/events')
  @Needs('invoices:read')
  @ApiOperation({ summary: 'Everything that happened to an invoice, in order' })
  @ApiOkResponse({ standardSchema: invoiceEvents })
  events(@Param({ schema: invoiceParams }) params: Params): Promise<InvoiceEvents> {
    return invoiceTimeline(this.db, params.invoice_id);
  }

  @Get(':invoice_id/verification')
  @Needs('invoices:read')
  @ApiOperation({ summary: 'Whether an invoice is what was finalized: bytes, lines, place in its series, books' })
  @ApiOkResponse({ standardSchema: documentVerification })
  verify(@Param({ schema: invoiceParams }) params: Params): Promise<DocumentVerification> {
    return verifyInvoice(this.db, params.invoice_id);
  }

  @Get(':invoice_id/pdf')
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'A finalized invoice as a PDF' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async pdf(
    @Param({ schema: invoiceParams }) { invoice_id: id }: Params,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const keep = (hash: string) => asInstallation(() => keepPdfHash(this.db, id, hash));
    return pdfAnswer(await invoicePdf(this.db, id, customerOf(request), keep), reply);
  }
}
