import {
  type CreateWebhookRequest,
  createWebhookRequest,
  type RotateSigningSecretRequest,
  rotateSigningSecretRequest,
  type UpdateWebhookRequest,
  updateWebhookRequest,
  type Webhook,
  type WebhookList,
  type WebhookWithSecret,
  webhook,
  webhookList,
  webhookParams,
  webhookWithSecret,
} from '@bastionary/contracts/webhooks';
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointTerms,
  rotateSigningSecret,
  updateEndpoint,
} from '@bastionary/webhooks/actions/change-endpoint';
import { backlogOf, type EndpointRow, getEndpoint, listEndpoints } from '@bastionary/webhooks/actions/endpoints';
import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import {
  CONFIG,
  type Config,
  DATABASE,
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
} from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { toWebhook } from './webhook-views.js';

type Params = { webhook_id: string };

@ApiTags('webhooks')
@Controller('api/webhooks')
export class WebhooksController {
  private readonly terms: EndpointTerms;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    private readonly writer: Writer,
  ) {
    this.terms = { allowPrivate: config.WEBHOOK_ALLOW_PRIVATE, endpointsMax: config.WEBHOOK_ENDPOINTS_MAX };
  }

  @Post()
  @Needs('webhooks:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Register an endpoint. The answer is the only place where its signing secret ever stands' })
  @ApiCreatedResponse({ standardSchema: webhookWithSecret })
  create(
    @Body({ schema: createWebhookRequest }) body: CreateWebhookRequest,
    @Req() request: FastifyRequest,
  ): Promise<WebhookWithSecret> {
    return this.writer.writeOnce(request, async (tx) => {
      const now = new Date();
      const { row, secret } = await createEndpoint(tx, originOf(request), body, this.terms, this.keys, now);
      return { ...toWebhook(row, undefined, now.getTime()), signing_secret: secret };
    });
  }

  @Get()
  @Needs('webhooks:read')
  @ApiOperation({ summary: 'List endpoints, the oldest first; there are few' })
  @ApiOkResponse({ standardSchema: webhookList })
  async list(): Promise<WebhookList> {
    const rows = await listEndpoints(this.db);
    const ids = rows.map(({ id }) => id);
    const backlog = await backlogOf(this.db, ids);
    const now = Date.now();
    return { data: rows.map((row) => toWebhook(row, backlog.get(row.id), now)) };
  }

  @Get(':webhook_id')
  @Needs('webhooks:read')
  @ApiOperation({ summary: 'One endpoint. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: webhook })
  async get(
    @Param({ schema: webhookParams }) params: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Webhook> {
    return this.answer(await getEndpoint(this.db, params.webhook_id), reply);
  }

  @Patch(':webhook_id')
  @Needs('webhooks:write')
  @ApiOperation({ summary: 'Change the URL, the types or the description; disable or enable' })
  @ApiOkResponse({ standardSchema: webhook })
  async update(
    @Param({ schema: webhookParams }) params: Params,
    @Body({ schema: updateWebhookRequest }) body: UpdateWebhookRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Webhook> {
    const version = ifVersion(request);
    const row = await this.writer.write((tx) =>
      updateEndpoint(tx, originOf(request), params.webhook_id, body, version, this.terms, new Date()),
    );
    return this.answer(row, reply);
  }

  @Delete(':webhook_id')
  @HttpCode(204)
  @Needs('webhooks:write')
  @ApiOperation({ summary: 'Remove an endpoint: no delivery to it begins any more, its log and secrets go' })
  @ApiNoContentResponse()
  async delete(@Param({ schema: webhookParams }) params: Params, @Req() request: FastifyRequest): Promise<void> {
    const version = ifVersion(request);
    await this.writer.write((tx) => deleteEndpoint(tx, originOf(request), params.webhook_id, version, new Date()));
  }

  @Post(':webhook_id/rotate-secret')
  @HttpCode(200)
  @Needs('webhooks:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'A new signing secret. For overlap_seconds deliveries are signed with the old one as well',
  })
  @ApiOkResponse({ standardSchema: webhookWithSecret })
  rotate(
    @Param({ schema: webhookParams }) params: Params,
    @Body({ schema: rotateSigningSecretRequest }) body: RotateSigningSecretRequest,
    @Req() request: FastifyRequest,
  ): Promise<WebhookWithSecret> {
    return this.writer.writeOnce(request, async (tx) => {
      const now = new Date();
      const { webhook_id: id } = params;
      const { row, secret } = await rotateSigningSecret(
        tx,
        originOf(request),
        id,
        body.overlap_seconds,
        this.keys,
        now,
      );
      const backlog = await backlogOf(tx, [id]);
      return { ...toWebhook(row, backlog.get(id), now.getTime()), signing_secret: secret };
    });
  }

  private async answer(row: EndpointRow, reply: FastifyReply): Promise<Webhook> {
    const backlog = await backlogOf(this.db, [row.id]);
    reply.header('etag', toEtag(row.version));
    return toWebhook(row, backlog.get(row.id), Date.now());
  }
}
