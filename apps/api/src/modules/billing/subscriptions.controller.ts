import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import {
  getSubscription,
  listSubscriptions,
  type SubscriptionRow,
} from '@bastionary/billing/actions/find-subscription';
import { type Effects, previewChange } from '@bastionary/billing/actions/preview-change';
import { toSubscription } from '@bastionary/billing/actions/subscription-rows';
import { updateSubscription } from '@bastionary/billing/actions/update-subscription';
import { withdrawChange } from '@bastionary/billing/actions/withdraw-change';
import { dryRunQuery, type Preview } from '@bastionary/contracts/entitlements';
import {
  type CreateSubscriptionRequest,
  createSubscriptionRequest,
  type Subscription,
  type SubscriptionListQuery,
  type SubscriptionPage,
  scheduledChangeParams,
  subscription,
  subscriptionListQuery,
  subscriptionOrPreview,
  subscriptionPage,
  subscriptionParams,
  type UpdateSubscriptionRequest,
  updateSubscriptionRequest,
} from '@bastionary/contracts/plans';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { InsufficientScope } from '../../platform/bearer-error.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { dryRun } from '../../platform/dry-run.js';
import { customerOf, originOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { FOLLOWERS } from '../customers/followers.js';

type Params = { subscription_id: string };
type DryRun = { dry_run: boolean };

const IDS = /^sub_[0-9a-z]{26}$/;

@ApiTags('subscriptions')
@Controller('api/subscriptions')
export class SubscriptionsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('subscriptions:write')
  @ApiOperation({
    summary: 'Put a customer on a plan, from now or another instant; with dry_run=true, what he would gain or lose',
  })
  @ApiCreatedResponse({ standardSchema: subscriptionOrPreview })
  async create(
    @Query({ schema: dryRunQuery }) { dry_run }: DryRun,
    @Body({ schema: createSubscriptionRequest }) body: CreateSubscriptionRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription | Preview> {
    if (body.coupon !== undefined && !principalOf(request).permissions.has('billing:write')) {
      throw new InsufficientScope('billing:write');
    }
    const create = (tx: Transaction) => createSubscription(tx, originOf(request), body, surroundings());
    if (dry_run) {
      reply.status(200);
      return dryRun(this.writer, (tx) => this.preview(tx, body.customer_id, async () => (await create(tx)).effective));
    }
    const made = await this.writer.writeOnce(request, async (tx) => told((await create(tx)).row));
    return answer(made, reply);
  }

  @Get()
  @Needs('subscriptions:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List subscriptions, the newest first' })
  @ApiOkResponse({ standardSchema: subscriptionPage })
  async list(
    @Query({ schema: subscriptionListQuery }) query: SubscriptionListQuery,
    @Req() request: FastifyRequest,
  ): Promise<SubscriptionPage> {
    const now = new Date();
    const after = query.cursor === undefined ? undefined : fromCursor(query.cursor, IDS);
    const { limit, customer_id: customerId, plan, state } = query;
    const rows = await listSubscriptions(this.db, customerOf(request), { limit, after, customerId, plan, state, now });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => toSubscription(row, now)),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Get(':subscription_id')
  @Needs('subscriptions:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'One subscription. Its ETag goes into If-Match of a change' })
  @ApiOkResponse({ standardSchema: subscription })
  async get(
    @Param({ schema: subscriptionParams }) params: Params,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription> {
    return answer(told(await getSubscription(this.db, params.subscription_id, customerOf(request))), reply);
  }

  @Patch(':subscription_id')
  @Needs('subscriptions:write')
  @ApiOperation({
    summary:
      'Change plan, quantity or add-ons, cancel, pause or suspend it, note that a payment is due, or take that back: now, at the end of the period or at an instant; with dry_run=true, what the customer would gain or lose',
  })
  @ApiOkResponse({ standardSchema: subscriptionOrPreview })
  async update(
    @Param({ schema: subscriptionParams }) params: Params,
    @Query({ schema: dryRunQuery }) { dry_run }: DryRun,
    @Body({ schema: updateSubscriptionRequest }) body: UpdateSubscriptionRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription | Preview> {
    const id = params.subscription_id;
    const version = ifVersion(request);
    const around = { ...surroundings(), graceSeconds: this.config.PAST_DUE_GRACE_DAYS * 86_400 };
    const update = (tx: Transaction) => updateSubscription(tx, originOf(request), id, body, version, around);
    if (dry_run) {
      const { customerId } = await getSubscription(this.db, id);
      return dryRun(this.writer, (tx) => this.preview(tx, customerId, async () => (await update(tx)).effective));
    }
    return answer(await this.writer.writeOnce(request, async (tx) => told((await update(tx)).row)), reply);
  }

  @Delete(':subscription_id/scheduled/:change_id')
  @Needs('subscriptions:write')
  @ApiOperation({ summary: 'Take back a change that has not come' })
  @ApiOkResponse({ standardSchema: subscription })
  async withdraw(
    @Param({ schema: scheduledChangeParams }) params: Params & { change_id: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Subscription> {
    const version = ifVersion(request);
    const { subscription_id: id, change_id: changeId } = params;
    const row = await this.writer.write((tx) =>
      withdrawChange(tx, originOf(request), id, changeId, version, surroundings()),
    );
    return answer(told(row), reply);
  }

  private preview(tx: Transaction, customerId: string, change: () => Promise<Date>): Promise<Preview> {
    const effects = async (): Promise<Effects> => new Map([[customerId, await change()]]);
    return previewChange(tx, [customerId], effects, this.config.PREVIEW_CUSTOMERS_MAX);
  }
}

const surroundings = () => ({ now: new Date(), followers: FOLLOWERS });

/** What is kept for a retry: the answer, and the version for its ETag. */
interface Told {
  readonly version: number;
  readonly body: Subscription;
}

const told = (row: SubscriptionRow): Told => ({ version: row.version, body: toSubscription(row, new Date()) });

function answer({ version, body }: Told, reply: FastifyReply): Subscription {
  reply.header('etag', toEtag(version));
  return body;
}
