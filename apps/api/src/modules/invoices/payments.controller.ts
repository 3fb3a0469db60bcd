import { listPayments, paymentViews } from '@bastionary/billing/actions/documents/find-payment';
import { refundPayment } from '@bastionary/billing/actions/documents/refund-payment';
import { refundView } from '@bastionary/billing/actions/documents/refund-view';
import {
  type PaymentListQuery,
  type PaymentPage,
  paymentListQuery,
  paymentPage,
  paymentParams,
  type Refund,
  type RefundRequest,
  refund,
  refundRequest,
} from '@bastionary/contracts/invoices';
import { Body, Controller, Get, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf, originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { FOLLOWERS } from '../customers/followers.js';
import { datedPage } from './dated-page.js';

const IDS = /^pay_[0-9a-z]{26}$/;

@ApiTags('payments')
@Controller('api/payments')
export class PaymentsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List payments, the newest first; a customer sees its own' })
  @ApiOkResponse({ standardSchema: paymentPage })
  list(
    @Query({ schema: paymentListQuery }) query: PaymentListQuery,
    @Req() request: FastifyRequest,
  ): Promise<PaymentPage> {
    return datedPage(
      query,
      IDS,
      (after) => listPayments(this.db, customerOf(request), query, after),
      (rows) => paymentViews(this.db, rows),
    );
  }

  @Post(':payment_id/refunds')
  @Needs('payments:write')
  @ApiOperation({
    summary:
      'Pay money back. What was invoiced stays: a credit note takes that back, and can refund too. Once all that was paid for the current period of a subscription is back, it is suspended',
  })
  @ApiCreatedResponse({ standardSchema: refund })
  refund(
    @Param({ schema: paymentParams }) { payment_id: paymentId }: { payment_id: string },
    @Body({ schema: refundRequest }) { amount, reason, access }: RefundRequest,
    @Req() request: FastifyRequest,
  ): Promise<Refund> {
    const part = amount === undefined ? undefined : BigInt(amount);
    const wish = { paymentId, reason, amount: part, keepsAccess: access === 'keep' };
    const around = { now: new Date(), followers: FOLLOWERS };
    return this.writer.writeOnce(request, async (tx) =>
      refundView(await refundPayment(tx, originOf(request), wish, around)),
    );
  }
}
