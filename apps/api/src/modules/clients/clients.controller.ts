import {
  type Client,
  type ClientListQuery,
  type ClientPage,
  type ClientWithSecret,
  type CreateClientRequest,
  client,
  clientListQuery,
  clientPage,
  clientParams,
  clientWithSecret,
  createClientRequest,
  type UpdateClientRequest,
  updateClientRequest,
} from '@bastionary/contracts/clients';
import { type RotateSecretRequest, rotateSecretRequest } from '@bastionary/contracts/credentials';
import { createClient } from '@bastionary/oauth/actions/create-client';
import { usesOf } from '@bastionary/oauth/actions/credential-uses';
import { deleteClient } from '@bastionary/oauth/actions/delete-client';
import { type ClientRow, getClient, listClients } from '@bastionary/oauth/actions/find-client';
import { issuanceOf } from '@bastionary/oauth/actions/issuance';
import { rotateSecret } from '@bastionary/oauth/actions/rotate-secret';
import { updateClient } from '@bastionary/oauth/actions/update-client';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { customerOf, originOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { KeyRing } from '../auth/key-ring.js';
import { toClient, toClientSummary } from './client-views.js';
import { ifVersion, toEtag } from './etag.js';
import { checkWithinOwn } from './within-own-permissions.js';

type Params = { client_id: string };

// What clientId in the contracts allows.
const IDS = /^[A-Za-z0-9._~-]{1,128}$/;

@ApiTags('clients')
@Controller('api/clients')
export class ClientsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly keys: KeyRing,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Register a client. The answer is the only place where its secret ever stands' })
  @ApiCreatedResponse({ standardSchema: clientWithSecret })
  create(
    @Body({ schema: createClientRequest }) body: CreateClientRequest,
    @Req() request: FastifyRequest,
  ): Promise<ClientWithSecret> {
    return this.writer.writeOnce(request, async (tx) => {
      await checkWithinOwn(tx, principalOf(request), { scopes: body.scopes });
      return createClient(tx, originOf(request), body, this.keys.peppers, new Date());
    });
  }

  @Get()
  @Needs('clients:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List clients, the newest first' })
  @ApiOkResponse({ standardSchema: clientPage })
  async list(
    @Query({ schema: clientListQuery }) query: ClientListQuery,
    @Req() request: FastifyRequest,
  ): Promise<ClientPage> {
    const now = new Date();
    const after = query.cursor === undefined ? undefined : fromCursor(query.cursor, IDS);
    const rows = await listClients(this.db, customerOf(request), {
      limit: query.limit,
      after,
      search: query.search,
      status: query.status,
      now,
    });
    const shown = rows.slice(0, query.limit);
    const issuance = await issuanceOf(
      this.db,
      shown.map(({ clientId }) => clientId),
    );
    const last = rows.length > query.limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => toClientSummary(row, issuance.get(row.clientId), now.getTime())),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.clientId }),
    };
  }

  @Get(':client_id')
  @Needs('clients:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'One client. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: client })
  async get(
    @Param({ schema: clientParams }) params: Params,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Client> {
    return this.answer(await getClient(this.db, params.client_id, customerOf(request)), reply);
  }

  @Patch(':client_id')
  @Needs('clients:write')
  @ApiOperation({ summary: 'Change name, scopes, expiry or metadata; suspend or resume' })
  @ApiOkResponse({ standardSchema: client })
  async update(
    @Param({ schema: clientParams }) params: Params,
    @Body({ schema: updateClientRequest }) body: UpdateClientRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Client> {
    const version = ifVersion(request);
    const row = await this.writer.write(async (tx) => {
      await checkWithinOwn(tx, principalOf(request), { clientIds: [params.client_id], scopes: body.scopes ?? [] });
      return updateClient(tx, originOf(request), params.client_id, body, version, new Date());
    });
    return this.answer(row, reply);
  }

  @Delete(':client_id')
  @HttpCode(204)
  @Needs('clients:write')
  @ApiOperation({ summary: 'Delete a client: its tokens are dead at once, its id is never used again' })
  @ApiNoContentResponse()
  async delete(@Param({ schema: clientParams }) params: Params, @Req() request: FastifyRequest): Promise<void> {
    await this.writer.write((tx) => deleteClient(tx, originOf(request), params.client_id, new Date()));
  }

  @Post(':client_id/rotate-secret')
  @HttpCode(200)
  @Needs('clients:write')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Replace the secret. The old one stops at once, or after overlap_seconds; tokens already issued live on',
  })
  @ApiOkResponse({ standardSchema: clientWithSecret })
  rotate(
    @Param({ schema: clientParams }) params: Params,
    @Body({ schema: rotateSecretRequest }) body: RotateSecretRequest,
    @Req() request: FastifyRequest,
  ): Promise<ClientWithSecret> {
    const terms = { peppers: this.keys.peppers, perClientMax: this.config.CREDENTIALS_PER_CLIENT_MAX };
    return this.writer.writeOnce(request, async (tx) => {
      await checkWithinOwn(tx, principalOf(request), { clientIds: [params.client_id] });
      return rotateSecret(tx, originOf(request), params.client_id, body, terms, new Date());
    });
  }

  private async answer(row: ClientRow, reply: FastifyReply): Promise<Client> {
    const { clientId, credentials } = row;
    const now = new Date();
    const ids = credentials.map(({ id }) => id);
    const [issuance, uses, held] = await Promise.all([
      issuanceOf(this.db, [clientId]),
      usesOf(this.db, ids, now),
      this.db.notBefore.findUnique({ where: { kind_subject: { kind: 'client', subject: clientId } } }),
    ]);
    reply.header('etag', toEtag(row.version));
    return toClient(row, { issuance: issuance.get(clientId), uses, notBefore: held?.at }, now.getTime());
  }
}
