import {
  type ClientKey,
  type ClientKeyList,
  type CreateClientKeyRequest,
  clientKey,
  clientKeyList,
  clientKeyParams,
  createClientKeyRequest,
  environmentParams,
} from '@bastionary/contracts/environments';
import { createClientKey, listClientKeys, revokeClientKey } from '@bastionary/flags/actions/client-keys';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { toClientKey } from './flag-views.js';

type Params = { environment: string };

@ApiTags('environments')
@Controller('api/environments/:environment/client-keys')
export class ClientKeysController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('flags:read')
  @ApiOperation({ summary: 'Public keys of an environment, for browsers and phones' })
  @ApiOkResponse({ standardSchema: clientKeyList })
  async list(@Param({ schema: environmentParams }) { environment }: Params): Promise<ClientKeyList> {
    return { data: (await listClientKeys(this.db, environment)).map(toClientKey) };
  }

  @Post()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Make a public key: whoever has it gets values of public flags, and nothing else' })
  @ApiCreatedResponse({ standardSchema: clientKey })
  create(
    @Param({ schema: environmentParams }) { environment }: Params,
    @Body({ schema: createClientKeyRequest }) body: CreateClientKeyRequest,
    @Req() request: FastifyRequest,
  ): Promise<ClientKey> {
    return this.writer.writeOnce(request, async (tx) =>
      toClientKey(await createClientKey(tx, originOf(request), environment, body, new Date())),
    );
  }

  @Delete(':key_id')
  @HttpCode(204)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Revoke a public key' })
  @ApiNoContentResponse()
  async revoke(
    @Param({ schema: clientKeyParams }) { environment, key_id }: Params & { key_id: string },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => revokeClientKey(tx, originOf(request), environment, key_id, new Date()));
  }
}
