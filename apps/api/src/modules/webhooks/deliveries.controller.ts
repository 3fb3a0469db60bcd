import {
  type ReplayRequest,
  type ReplayResult,
  replayRequest,
  replayResult,
  type WebhookDelivery,
  type WebhookDeliveryDetail,
  type WebhookDeliveryPage,
  type WebhookDeliveryQuery,
  webhookDelivery,
  webhookDeliveryDetail,
  webhookDeliveryPage,
  webhookDeliveryParams,
  webhookDeliveryQuery,
  webhookParams,
} from '@bastionary/contracts/webhooks';
import { attemptsOf, getDelivery, listDeliveries } from '@bastionary/webhooks/actions/deliveries';
import { getEndpoint } from '@bastionary/webhooks/actions/endpoints';
import { replay, sendTestEvent } from '@bastionary/webhooks/actions/replay';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { toDelivery, toDeliveryDetail } from './webhook-views.js';

@ApiTags('webhooks')
@Controller('api/webhooks/:webhook_id')
export class DeliveriesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get('deliveries')
  @Needs('webhooks:read')
  @ApiOperation({ summary: 'What was sent, what came back, what comes next; the newest first' })
  @ApiOkResponse({ standardSchema: webhookDeliveryPage })
  async list(
    @Param({ schema: webhookParams }) params: { webhook_id: string },
    @Query({ schema: webhookDeliveryQuery }) query: WebhookDeliveryQuery,
  ): Promise<WebhookDeliveryPage> {
    const { limit, cursor, status, event_type: eventType, event_id: eventId, key } = query;
    const before = cursor === undefined ? undefined : fromCursor(cursor);
    await getEndpoint(this.db, params.webhook_id);
    const filter = { limit, before, status, eventType, eventId, key };
    const rows = await listDeliveries(this.db, params.webhook_id, filter);
    const shown = rows.slice(0, limit);
    const ids = shown.map(({ id }) => id);
    const attempts = await attemptsOf(this.db, ids);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => toDelivery(row, attempts.get(row.id) ?? [])),
      next_cursor: last === undefined ? null : String(last.seq),
    };
  }

  @Get('deliveries/:delivery_id')
  @Needs('webhooks:read')
  @ApiOperation({ summary: 'One delivery with its payload and every attempt' })
  @ApiOkResponse({ standardSchema: webhookDeliveryDetail })
  async get(
    @Param({ schema: webhookDeliveryParams }) params: { webhook_id: string; delivery_id: string },
  ): Promise<WebhookDeliveryDetail> {
    const { webhook_id: endpointId, delivery_id: id } = params;
    await getEndpoint(this.db, endpointId);
    const row = await getDelivery(this.db, endpointId, id);
    const attempts = await attemptsOf(this.db, [id]);
    return toDeliveryDetail(row, attempts.get(id) ?? []);
  }

  @Post('test')
  @Needs('webhooks:write')
  @ApiOperation({ summary: 'Send a webhook.test to this endpoint; the answer names the delivery to look at' })
  @ApiCreatedResponse({ standardSchema: webhookDelivery })
  test(
    @Param({ schema: webhookParams }) params: { webhook_id: string },
    @Req() request: FastifyRequest,
  ): Promise<WebhookDelivery> {
    return this.writer.writeOnce(request, async (tx) => {
      const id = await sendTestEvent(tx, originOf(request), params.webhook_id);
      return toDelivery(await getDelivery(tx, params.webhook_id, id), []);
    });
  }

  @Post('replay')
  @HttpCode(200)
  @Needs('webhooks:write')
  @ApiOperation({
    summary:
      'Send one delivery again, or what happened from (included) to (excluded), or the dead letters of that time',
  })
  @ApiOkResponse({ standardSchema: replayResult })
  replay(
    @Param({ schema: webhookParams }) params: { webhook_id: string },
    @Body({ schema: replayRequest }) body: ReplayRequest,
    @Req() request: FastifyRequest,
  ): Promise<ReplayResult> {
    return this.writer.writeOnce(request, async (tx) => ({
      deliveries: await replay(tx, originOf(request), params.webhook_id, body, this.config.WEBHOOK_REPLAY_MAX),
    }));
  }
}

function fromCursor(cursor: string): bigint {
  if (!/^\d{1,18}$/.test(cursor)) throw invalidCursor();
  return BigInt(cursor);
}
