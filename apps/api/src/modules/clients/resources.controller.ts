import {
  type CreateResourceRequest,
  createResourceRequest,
  type Resource,
  type ResourceList,
  resource,
  resourceList,
  resourceParams,
  type UpdateResourceRequest,
  updateResourceRequest,
} from '@bastionary/contracts/resources';
import { createResource, deleteResource, updateResource } from '@bastionary/oauth/actions/change-resources';
import { getResource, listResources, type ResourceRow, toResource } from '@bastionary/oauth/actions/resources';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ScopeCatalogue } from '../auth/scope-catalogue.js';
import { ifVersion, toEtag } from './etag.js';

type Params = { resource_id: string };

@ApiTags('resources')
@Controller('api/resources')
export class ResourcesController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'The protected APIs and the scopes they own' })
  @ApiOkResponse({ standardSchema: resourceList })
  async list(): Promise<ResourceList> {
    return { data: (await listResources(this.db)).map(toResource) };
  }

  @Post()
  @Needs('resources:write')
  @ApiOperation({ summary: 'Register a protected API and its scopes' })
  @ApiCreatedResponse({ standardSchema: resource })
  async create(
    @Body({ schema: createResourceRequest }) body: CreateResourceRequest,
    @Req() request: FastifyRequest,
  ): Promise<Resource> {
    const made = await this.writer.writeOnce(request, async (tx) =>
      toResource(await createResource(tx, originOf(request), body, new Date())),
    );
    await this.catalogue.settled();
    return made;
  }

  @Get(':resource_id')
  @Needs('clients:read')
  @ApiOperation({ summary: 'One resource. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: resource })
  async get(
    @Param({ schema: resourceParams }) params: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Resource> {
    return answer(await getResource(this.db, params.resource_id), reply);
  }

  @Patch(':resource_id')
  @Needs('resources:write')
  @ApiOperation({ summary: 'Change the name, the scopes (the whole list) or what tokens for it are like' })
  @ApiOkResponse({ standardSchema: resource })
  async update(
    @Param({ schema: resourceParams }) params: Params,
    @Body({ schema: updateResourceRequest }) body: UpdateResourceRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Resource> {
    const version = ifVersion(request);
    const row = await this.writer.write((tx) =>
      updateResource(tx, originOf(request), params.resource_id, body, version, new Date()),
    );
    await this.catalogue.settled();
    return answer(row, reply);
  }

  @Delete(':resource_id')
  @HttpCode(204)
  @Needs('resources:write')
  @ApiOperation({ summary: 'Delete a resource that no client uses; tokens once issued for it are dead' })
  @ApiNoContentResponse()
  async delete(@Param({ schema: resourceParams }) params: Params, @Req() request: FastifyRequest): Promise<void> {
    const version = ifVersion(request);
    await this.writer.write((tx) => deleteResource(tx, originOf(request), params.resource_id, version, new Date()));
    await this.catalogue.settled();
  }
}

function answer(row: ResourceRow, reply: FastifyReply): Resource {
  reply.header('etag', toEtag(row.version));
  return toResource(row);
}
