import {
  createCredit,
  listCredits,
  listWalletEntries,
  listWallets,
  toCredit,
  toWalletEntry,
  voidCredit,
} from '@bastionary/billing/actions/invoicing/credits';
import { customerParams } from '@bastionary/contracts/customers';
import { pageQuery } from '@bastionary/contracts/page';
import {
  type CreateCreditRequest,
  type Credit,
  type CreditPage,
  createCreditRequest,
  credit,
  creditPage,
  creditParams,
  type WalletEntryPage,
  type WalletListQuery,
  type WalletPage,
  walletEntryPage,
  walletListQuery,
  walletPage,
} from '@bastionary/contracts/wallets';
import { getCustomer } from '@bastionary/entitlements/actions/find-customer';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

type Params = { customer_id: string };
type PageQuery = { limit: number; cursor?: string | undefined };

const listQuery = z.strictObject(pageQuery);
const CREDITS = /^wcr_[0-9a-z]{26}$/;
const ENTRIES = /^wen_[0-9a-z]{26}$/;
const WALLETS = /^cus_[0-9a-z]{26} [A-Z]{3}$/;

@ApiTags('wallets')
@Controller('api')
export class WalletsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post('customers/:customer_id/credits')
  @Needs('billing:write')
  @ApiOperation({ summary: 'Give a customer prepaid money: its next invoices take it when they are finalized' })
  @ApiCreatedResponse({ standardSchema: credit })
  create(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Body({ schema: createCreditRequest }) body: CreateCreditRequest,
    @Req() request: FastifyRequest,
  ): Promise<Credit> {
    return this.writer.writeOnce(request, (tx) => createCredit(tx, originOf(request), id, body, new Date()));
  }

  @Get('customers/:customer_id/credits')
  @Needs('invoices:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'The prepaid money of a customer, the newest first' })
  @ApiOkResponse({ standardSchema: creditPage })
  async credits(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Query({ schema: listQuery }) { limit, cursor }: PageQuery,
  ): Promise<CreditPage> {
    await getCustomer(this.db, id);
    const after = cursor === undefined ? undefined : fromCursor(cursor, CREDITS);
    const rows = await listCredits(this.db, id, limit, after);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(toCredit),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Get('customers/:customer_id/wallet-entries')
  @Needs('invoices:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'What happened to the wallet of a customer, the newest first' })
  @ApiOkResponse({ standardSchema: walletEntryPage })
  async entries(
    @Param({ schema: customerParams }) { customer_id: id }: Params,
    @Query({ schema: listQuery }) { limit, cursor }: PageQuery,
  ): Promise<WalletEntryPage> {
    await getCustomer(this.db, id);
    const after = cursor === undefined ? undefined : fromCursor(cursor, ENTRIES);
    const rows = await listWalletEntries(this.db, id, limit, after);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { data: shown.map(toWalletEntry), next_cursor: last === undefined ? null : toCursor(last) };
  }

  @Post('customers/:customer_id/credits/:credit_id/void')
  @HttpCode(200)
  @Needs('billing:write')
  @ApiOperation({ summary: 'Take back what is left of a credit' })
  @ApiOkResponse({ standardSchema: credit })
  void(
    @Param({ schema: creditParams }) { customer_id: id, credit_id: creditId }: Params & { credit_id: string },
    @Req() request: FastifyRequest,
  ): Promise<Credit> {
    return this.writer.writeOnce(request, (tx) => voidCredit(tx, originOf(request), id, creditId, new Date()));
  }

  @Get('wallets')
  @Needs('billing:read')
  @ApiOperation({ summary: 'The wallets in which there is something, by customer and currency' })
  @ApiOkResponse({ standardSchema: walletPage })
  async wallets(@Query({ schema: walletListQuery }) query: WalletListQuery): Promise<WalletPage> {
    const { limit, cursor, currency } = query;
    const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
    if (after !== undefined && !WALLETS.test(after)) throw invalidCursor();
    const wallets = await listWallets(this.db, null, { limit, after, currency }, new Date());
    const shown = wallets.slice(0, limit);
    const last = wallets.length > limit ? shown.at(-1) : undefined;
    const place = last && Buffer.from(`${last.customer_id} ${last.currency}`).toString('base64url');
    return { data: shown, next_cursor: place ?? null };
  }
}
