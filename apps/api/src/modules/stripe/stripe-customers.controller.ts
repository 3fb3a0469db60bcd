import { startCheckout } from '@bastionary/billing/actions/stripe/start-checkout';
import { startPortal } from '@bastionary/billing/actions/stripe/start-portal';
import { customerParams } from '@bastionary/contracts/customers';
import {
  type BillingPortalRequest,
  billingPortalRequest,
  type CheckoutRequest,
  type CollectionAttempt,
  type CustomerStripe,
  checkoutRequest,
  type StripePage,
  stripePage,
  stripeStatus,
} from '@bastionary/contracts/stripe';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { getCustomer } from '@bastionary/entitlements/actions/find-customer';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Desk } from './desk.js';

type Params = { customer_id: string };

@ApiTags('stripe')
@Controller('api/customers')
export class StripeCustomersController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly desk: Desk,
  ) {}

  @Get(':customer_id/stripe')
  @Needs('billing:read')
  @ApiOperation({ summary: 'How a customer pays through Stripe, and what was tried of late' })
  @ApiOkResponse({ standardSchema: stripeStatus })
  async status(@Param({ schema: customerParams }) { customer_id: customerId }: Params): Promise<CustomerStripe> {
    await getCustomer(this.db, customerId);
    const [linked, attempts] = await Promise.all([
      this.db.stripeCustomer.findUnique({ where: { customerId } }),
      this.db.stripeAttempt.findMany({ where: { customerId }, orderBy: { id: 'desc' }, take: 50 }),
    ]);
    const method = (linked?.card ?? null) as Exclude<CustomerStripe['customer'], null>['payment_method'];
    return {
      connected: this.desk.isOpen,
      customer: linked && { stripe_id: linked.stripeId, payment_method: method },
      attempts: attempts.map(toAttempt),
    };
  }

  @Post(':customer_id/checkout')
  @Needs('billing:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open a page of Stripe for a payment method, or to pay an invoice and leave one' })
  @ApiOkResponse({ standardSchema: stripePage })
  checkout(
    @Param({ schema: customerParams }) params: Params,
    @Body({ schema: checkoutRequest }) body: CheckoutRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<StripePage> {
    if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new AppError('invalid_idempotency_key', 'Idempotency-Key takes 1 to 255 visible ASCII characters, once.');
    }
    return this.desk.ask((desk) => startCheckout(desk, originOf(request), params.customer_id, body, key ?? null));
  }

  @Post(':customer_id/billing-portal')
  @Needs('billing:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Open Stripe’s billing portal for a customer: payment methods' })
  @ApiOkResponse({ standardSchema: stripePage })
  portal(
    @Param({ schema: customerParams }) params: Params,
    @Body({ schema: billingPortalRequest }) body: BillingPortalRequest,
    @Req() request: FastifyRequest,
  ): Promise<StripePage> {
    return this.desk.ask((desk) => startPortal(desk, originOf(request), params.customer_id, body));
  }
}

type AttemptRow = Awaited<ReturnType<Database['stripeAttempt']['findMany']>>[number];

const toAttempt = (row: AttemptRow): CollectionAttempt => ({
  id: row.id,
  invoice_id: row.invoiceId,
  customer_id: row.customerId,
  number: row.number,
  kind: row.kind as CollectionAttempt['kind'],
  currency: row.currency,
  amount: String(row.amount),
  state: row.state as CollectionAttempt['state'],
  payment_intent: row.paymentIntent,
  failure_code: row.failureCode,
  failure_message: row.failureMessage,
  tries: row.tries,
  next_try_at: toInstantOrNull(row.nextTryAt),
  created_at: toInstant(row.createdAt),
  updated_at: toInstant(row.updatedAt),
});
