import { getBillingProfile, updateBillingProfile } from '@bastionary/billing/actions/invoicing/billing-profile';
import { createCoupon, listCoupons, retireCoupon } from '@bastionary/billing/actions/invoicing/coupons';
import { giveCoupon, removeCoupon } from '@bastionary/billing/actions/invoicing/customer-coupons';
import { createTaxRate, listTaxRates, retireTaxRate } from '@bastionary/billing/actions/invoicing/tax-rates';
import {
  type BillingProfile,
  billingProfile,
  type Coupon,
  type CouponList,
  type CreateCouponRequest,
  type CreateTaxRateRequest,
  type CustomerCoupon,
  coupon,
  couponList,
  couponParams,
  createCouponRequest,
  createTaxRateRequest,
  customerCoupon,
  customerCouponParams,
  type GiveCouponRequest,
  giveCouponRequest,
  type TaxRate,
  type TaxRateList,
  taxRate,
  taxRateList,
  taxRateParams,
  type UpdateBillingProfileRequest,
  updateBillingProfileRequest,
} from '@bastionary/contracts/billing-terms';
import { customerParams } from '@bastionary/contracts/customers';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';

type Params = { customer_id: string };
type KeyParams = { key: string };

@ApiTags('billing terms')
@Controller('api')
export class BillingTermsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get('customers/:customer_id/billing')
  @Needs('billing:read')
  @ApiOperation({ summary: 'How a customer is billed, with its coupons. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: billingProfile })
  async profile(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingProfile> {
    return tagged(await getBillingProfile(this.db, id), reply);
  }

  @Patch('customers/:customer_id/billing')
  @Needs('billing:write')
  @ApiOperation({ summary: 'Change how a customer is billed, from the next document on' })
  @ApiOkResponse({ standardSchema: billingProfile })
  async update(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Body({ schema: updateBillingProfileRequest }) body: UpdateBillingProfileRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillingProfile> {
    const version = ifVersion(request);
    const changed = await this.writer.writeOnce(request, (tx) =>
      updateBillingProfile(tx, originOf(request), id, body, version, new Date()),
    );
    return tagged(changed, reply);
  }

  @Post('customers/:customer_id/coupons')
  @Needs('billing:write')
  @ApiOperation({
    summary: 'Give a customer a coupon, for all its subscriptions or one; several are taken off in order',
  })
  @ApiCreatedResponse({ standardSchema: customerCoupon })
  give(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Body({ schema: giveCouponRequest }) body: GiveCouponRequest,
    @Req() request: FastifyRequest,
  ): Promise<CustomerCoupon> {
    return this.writer.writeOnce(request, (tx) => giveCoupon(tx, originOf(request), id, body, new Date()));
  }

  @Delete('customers/:customer_id/coupons/:coupon_id')
  @HttpCode(204)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Take a coupon back, from the next document on' })
  @ApiNoContentResponse()
  remove(
    @Param({ schema: customerCouponParams }) { customer_id: id, coupon_id: couponId }: Params & { coupon_id: string },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.writer.write((tx) => removeCoupon(tx, originOf(request), id, couponId, new Date()));
  }

  @Get('coupons')
  @Needs('billing:read')
  @ApiOperation({ summary: 'All coupons, those that are still given first' })
  @ApiOkResponse({ standardSchema: couponList })
  async coupons(): Promise<CouponList> {
    return { data: await listCoupons(this.db) };
  }

  @Post('coupons')
  @Needs('billing:write')
  @ApiOperation({ summary: 'Make a coupon: percent or an amount, once, for some periods, or for ever' })
  @ApiCreatedResponse({ standardSchema: coupon })
  createCoupon(
    @Body({ schema: createCouponRequest }) body: CreateCouponRequest,
    @Req() request: FastifyRequest,
  ): Promise<Coupon> {
    return this.writer.writeOnce(request, (tx) => createCoupon(tx, originOf(request), body, new Date()));
  }

  @Post('coupons/:key/retire')
  @HttpCode(200)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Give a coupon to nobody any more; who has it keeps it' })
  @ApiOkResponse({ standardSchema: coupon })
  retireCoupon(@Param({ schema: couponParams }) { key }: KeyParams, @Req() request: FastifyRequest): Promise<Coupon> {
    return this.writer.writeOnce(request, (tx) => retireCoupon(tx, originOf(request), key, new Date()));
  }

  @Get('tax-rates')
  @Needs('billing:read')
  @ApiOperation({ summary: 'All tax rates, those in force first' })
  @ApiOkResponse({ standardSchema: taxRateList })
  async taxRates(): Promise<TaxRateList> {
    return { data: await listTaxRates(this.db) };
  }

  @Post('tax-rates')
  @Needs('billing:write')
  @ApiOperation({ summary: 'Put a tax rate in force: of a country, or of all that have none of their own' })
  @ApiCreatedResponse({ standardSchema: taxRate })
  createTaxRate(
    @Body({ schema: createTaxRateRequest }) body: CreateTaxRateRequest,
    @Req() request: FastifyRequest,
  ): Promise<TaxRate> {
    return this.writer.writeOnce(request, (tx) => createTaxRate(tx, originOf(request), body, new Date()));
  }

  @Post('tax-rates/:key/retire')
  @HttpCode(200)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Take a tax rate out of force; documents that are final keep it' })
  @ApiOkResponse({ standardSchema: taxRate })
  retireTaxRate(
    @Param({ schema: taxRateParams }) { key }: KeyParams,
    @Req() request: FastifyRequest,
  ): Promise<TaxRate> {
    return this.writer.writeOnce(request, (tx) => retireTaxRate(tx, originOf(request), key, new Date()));
  }
}

function tagged({ view, version }: { view: BillingProfile; version: number }, reply: FastifyReply): BillingProfile {
  reply.header('etag', toEtag(version));
  return view;
}
