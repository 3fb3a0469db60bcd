import { finalizeInvoice } from '@bastionary/billing/actions/documents/finalize-invoice';
import { creditNoteViews } from '@bastionary/billing/actions/documents/find-credit-note';
import { paymentViews } from '@bastionary/billing/actions/documents/find-payment';
import { invoiceView } from '@bastionary/billing/actions/documents/invoice-views';
import { issueCreditNote } from '@bastionary/billing/actions/documents/issue-credit-note';
import { recordPayment } from '@bastionary/billing/actions/documents/record-payment';
import { documentSettings } from '@bastionary/billing/actions/documents/surroundings';
import { markUncollectible, voidInvoice } from '@bastionary/billing/actions/documents/void-invoice';
import {
  type CreditNote,
  type CreditNoteRequest,
  creditNote,
  creditNoteRequest,
  type Invoice,
  invoice,
  invoiceParams,
  type Payment,
  payment,
  type RecordPaymentRequest,
  recordPaymentRequest,
  type VoidInvoiceRequest,
  voidInvoiceRequest,
} from '@bastionary/contracts/invoices';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';

type Params = { invoice_id: string };

@ApiTags('invoices')
@Controller('api/invoices/:invoice_id')
export class InvoiceActsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly writer: Writer,
  ) {}

  @Post('finalize')
  @HttpCode(200)
  @Needs('invoices:write')
  @ApiOperation({ summary: 'Make a draft final: it gets its number, is due, and never changes any more' })
  @ApiOkResponse({ standardSchema: invoice })
  finalize(@Param({ schema: invoiceParams }) params: Params, @Req() request: FastifyRequest): Promise<Invoice> {
    return this.writer.writeOnce(request, async (tx) => {
      const around = this.surroundings();
      const row = await finalizeInvoice(tx, originOf(request), params.invoice_id, around);
      return invoiceView(tx, row, around.now);
    });
  }

  @Post('payments')
  @Needs('payments:write')
  @ApiOperation({
    summary:
      'Record money that came in for an invoice, in part or in full; what nobody owes goes into the wallet. The same reference again is the same payment: 200',
  })
  @ApiCreatedResponse({ standardSchema: payment })
  async pay(
    @Param({ schema: invoiceParams }) params: Params,
    @Body({ schema: recordPaymentRequest }) body: RecordPaymentRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Payment> {
    const around = surroundings();
    const receipt = {
      invoiceId: params.invoice_id,
      amount: BigInt(body.amount),
      provider: 'manual' as const,
      reference: body.reference,
      receivedAt: body.received_at === undefined ? around.now : new Date(body.received_at),
    };
    const { view, isNew } = await this.writer.writeOnce(request, async (tx) => {
      const recorded = await recordPayment(tx, originOf(request), receipt, around);
      const [view] = await paymentViews(tx, [recorded.payment]);
      return { view: view as Payment, isNew: recorded.isNew };
    });
    reply.status(isNew ? 201 : 200);
    return view;
  }

  @Post('void')
  @HttpCode(200)
  @Needs('invoices:write')
  @ApiOperation({ summary: 'Declare void what nobody paid: it keeps its number; with rebill it is owed again' })
  @ApiOkResponse({ standardSchema: invoice })
  void(
    @Param({ schema: invoiceParams }) params: Params,
    @Body({ schema: voidInvoiceRequest }) body: VoidInvoiceRequest,
    @Req() request: FastifyRequest,
  ): Promise<Invoice> {
    return this.writer.writeOnce(request, async (tx) => {
      const around = surroundings();
      const row = await voidInvoice(tx, originOf(request), params.invoice_id, body, around);
      return invoiceView(tx, row, around.now);
    });
  }

  @Post('uncollectible')
  @HttpCode(200)
  @Needs('invoices:write')
  @ApiOperation({ summary: 'Write off what is owed; it can still be paid' })
  @ApiOkResponse({ standardSchema: invoice })
  writeOff(@Param({ schema: invoiceParams }) params: Params, @Req() request: FastifyRequest): Promise<Invoice> {
    return this.writer.writeOnce(request, async (tx) => {
      const around = surroundings();
      const row = await markUncollectible(tx, originOf(request), params.invoice_id, around);
      return invoiceView(tx, row, around.now);
    });
  }

  @Post('credit-notes')
  @Needs('invoices:write')
  @ApiOperation({
    summary:
      'Take back a finalized invoice or a part of it: what is owed gets less, what was paid goes into the wallet or back',
  })
  @ApiCreatedResponse({ standardSchema: creditNote })
  credit(
    @Param({ schema: invoiceParams }) params: Params,
    @Body({ schema: creditNoteRequest }) body: CreditNoteRequest,
    @Req() request: FastifyRequest,
  ): Promise<CreditNote> {
    return this.writer.writeOnce(request, async (tx) => {
      const row = await issueCreditNote(tx, originOf(request), params.invoice_id, body, this.surroundings());
      const [view] = await creditNoteViews(tx, [row]);
      return view as CreditNote;
    });
  }

  private readonly surroundings = () => ({ ...surroundings(), ...documentSettings(this.config) });
}

const surroundings = () => ({ now: new Date(), followers: FOLLOWERS });
