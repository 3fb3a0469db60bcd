import { listPayments, paymentViews } from '@bastionary/billing/actions/documents/find-payment';
import { type PaymentListQuery, type PaymentPage, paymentListQuery, paymentPage } from '@bastionary/contracts/invoices';
import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { datedPage } from './dated-page.js';

const IDS = /^pay_[0-9a-z]{26}$/;

@ApiTags('payments')
@Controller('api/payments')
export class PaymentsController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

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
}
