import { type CustomerOverview, customerOverview } from '@bastionary/contracts/customer-overview';
import {
  type CreateCustomerRequest,
  type Customer,
  type CustomerListQuery,
  type CustomerPage,
  createCustomerRequest,
  customer,
  customerListQuery,
  customerPage,
  customerParams,
  type UpdateCustomerRequest,
  updateCustomerRequest,
} from '@bastionary/contracts/customers';
import { createCustomer } from '@bastionary/entitlements/actions/create-customer';
import {
  type CustomerRow,
  getCustomer,
  listCustomers,
  toCustomer,
} from '@bastionary/entitlements/actions/find-customer';
import { updateCustomer } from '@bastionary/entitlements/actions/update-customer';
import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { customerOf, originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { CurrentEntitlements } from './current-entitlements.js';
import { clientsOf, subscriptionsOf } from './customer-overview.js';
import { FOLLOWERS } from './followers.js';

type Params = { customer_id: string };

const IDS = /^cus_[0-9a-z]{26}$/;

@ApiTags('customers')
@Controller('api/customers')
export class CustomersController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly current: CurrentEntitlements,
  ) {}

  @Post()
  @Needs('customers:write')
  @ApiOperation({ summary: 'Register a customer' })
  @ApiCreatedResponse({ standardSchema: customer })
  create(
    @Body({ schema: createCustomerRequest }) body: CreateCustomerRequest,
    @Req() request: FastifyRequest,
  ): Promise<Customer> {
    return this.writer.writeOnce(request, async (tx) =>
      toCustomer(await createCustomer(tx, originOf(request), body, { now: new Date(), followers: FOLLOWERS })),
    );
  }

  @Get()
  @Needs('customers:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List customers, the newest first' })
  @ApiOkResponse({ standardSchema: customerPage })
  async list(
    @Query({ schema: customerListQuery }) query: CustomerListQuery,
    @Req() request: FastifyRequest,
  ): Promise<CustomerPage> {
    const { limit, cursor, search, status } = query;
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const rows = await listCustomers(this.db, customerOf(request), { limit, after, search, status });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(toCustomer),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Get(':customer_id')
  @Needs('customers:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'One customer. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: customer })
  async get(
    @Param({ schema: customerParams }) params: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    return answer(await getCustomer(this.db, params.customer_id), reply);
  }

  @Patch(':customer_id')
  @Needs('customers:write')
  @ApiOperation({ summary: 'Change a customer; suspend or resume' })
  @ApiOkResponse({ standardSchema: customer })
  async update(
    @Param({ schema: customerParams }) params: Params,
    @Body({ schema: updateCustomerRequest }) body: UpdateCustomerRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Customer> {
    const version = ifVersion(request);
    const surroundings = { now: new Date(), followers: FOLLOWERS };
    const row = await this.writer.write((tx) =>
      updateCustomer(tx, originOf(request), params.customer_id, body, version, surroundings),
    );
    return answer(row, reply);
  }

  @Get(':customer_id/overview')
  @Needs('customers:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'Everything about one customer: clients, subscriptions, entitlements' })
  @ApiOkResponse({ standardSchema: customerOverview })
  async overview(@Param({ schema: customerParams }) { customer_id }: Params): Promise<CustomerOverview> {
    const row = await getCustomer(this.db, customer_id);
    const [entitlements, clients, subscriptions] = await Promise.all([
      this.current.now(customer_id),
      clientsOf(this.db, customer_id),
      subscriptionsOf(this.db, customer_id, new Date()),
    ]);
    return { customer: toCustomer(row), entitlements, clients, subscriptions };
  }
}

function answer(row: CustomerRow, reply: FastifyReply): Customer {
  reply.header('etag', toEtag(row.version));
  return toCustomer(row);
}
