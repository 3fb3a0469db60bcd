import { getInvoice } from '@bastionary/billing/actions/documents/find-invoice';
import { invoiceView } from '@bastionary/billing/actions/documents/invoice-views';
import { updateDraft, withdrawDraft } from '@bastionary/billing/actions/invoicing/change-draft';
import { composeDraft, previewDraft } from '@bastionary/billing/actions/invoicing/compose-draft';
import { createManualInvoice } from '@bastionary/billing/actions/invoicing/manual-invoice';
import { previewView } from '@bastionary/billing/actions/invoicing/preview-view';
import { invoicingSettings } from '@bastionary/billing/actions/invoicing/settings';
import {
  type ComposeInvoiceRequest,
  type CreateInvoiceRequest,
  composeInvoiceRequest,
  createInvoiceRequest,
  type Invoice,
  type InvoicePreview,
  invoice,
  invoiceParams,
  invoicePreview,
  type UpdateInvoiceRequest,
  updateInvoiceRequest,
} from '@bastionary/contracts/invoices';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, Delete, HttpCode, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { dryRun } from '../../platform/dry-run.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';

type Params = { invoice_id: string };

@ApiTags('invoices')
@Controller('api/invoices')
export class ComposeController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly writer: Writer,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @Needs('invoices:read')
  @ApiOperation({ summary: 'What an invoice for a period of a subscription would say now; nothing is written' })
  @ApiOkResponse({ standardSchema: invoicePreview })
  preview(@Body({ schema: composeInvoiceRequest }) body: ComposeInvoiceRequest): Promise<InvoicePreview> {
    const around = this.surroundings();
    return dryRun(this.writer, async (tx) => previewView(tx, await previewDraft(tx, body, around), around.now));
  }

  @Post()
  @Needs('invoices:write')
  @ApiOperation({
    summary:
      'Make a draft: for a period of a subscription (the same request again brings the same draft up to date), or of lines written by hand',
  })
  @ApiCreatedResponse({ standardSchema: invoice })
  create(
    @Body({ schema: createInvoiceRequest }) body: CreateInvoiceRequest,
    @Req() request: FastifyRequest,
  ): Promise<Invoice> {
    const around = this.surroundings();
    return this.writer.writeOnce(request, async (tx) => {
      const id =
        'lines' in body
          ? await createManualInvoice(tx, originOf(request), body, around)
          : await composeDraft(tx, originOf(request), body, around);
      return answer(tx, id, around.now);
    });
  }

  @Patch(':invoice_id')
  @Needs('invoices:write')
  @ApiOperation({ summary: 'Say when a draft goes out by itself; null holds it until somebody finalizes it' })
  @ApiOkResponse({ standardSchema: invoice })
  update(
    @Param({ schema: invoiceParams }) { invoice_id: id }: Params,
    @Body({ schema: updateInvoiceRequest }) body: UpdateInvoiceRequest,
    @Req() request: FastifyRequest,
  ): Promise<Invoice> {
    const around = this.surroundings();
    return this.writer.writeOnce(request, async (tx) => {
      await updateDraft(tx, originOf(request), id, body, around);
      return answer(tx, id, around.now);
    });
  }

  @Delete(':invoice_id')
  @HttpCode(204)
  @Needs('invoices:write')
  @ApiOperation({ summary: 'Withdraw a draft. What it asked for is owed still, and stands on the next' })
  @ApiNoContentResponse()
  async withdraw(
    @Param({ schema: invoiceParams }) { invoice_id: id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => withdrawDraft(tx, originOf(request), id, this.surroundings()));
  }

  private surroundings() {
    return { now: new Date(), followers: FOLLOWERS, invoicing: invoicingSettings(this.config) };
  }
}

const answer = async (tx: Transaction, id: string, now: Date): Promise<Invoice> =>
  invoiceView(tx, await getInvoice(tx, id), now);
