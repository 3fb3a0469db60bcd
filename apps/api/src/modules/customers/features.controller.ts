import {
  type CreateFeatureRequest,
  createFeatureRequest,
  type Feature,
  type FeatureList,
  feature,
  featureList,
  featureParams,
  type UpdateFeatureRequest,
  updateFeatureRequest,
} from '@bastionary/contracts/entitlements';
import { createFeature, deleteFeature, updateFeature } from '@bastionary/entitlements/actions/change-features';
import { type FeatureRow, getFeature, listFeatures, toFeature } from '@bastionary/entitlements/actions/find-feature';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { FEATURE_CLAIMS } from './feature-claims.js';
import { FOLLOWERS } from './followers.js';

/** A change that reaches every customer takes about a second per 5,000 of them; it may take this long. */
const EVERYBODY_MS = 120_000;

type Params = { key: string };

@ApiTags('features')
@Controller('api/features')
export class FeaturesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Add a feature. Every customer has it at once, with its default' })
  @ApiCreatedResponse({ standardSchema: feature })
  create(
    @Body({ schema: createFeatureRequest }) body: CreateFeatureRequest,
    @Req() request: FastifyRequest,
  ): Promise<Feature> {
    const surroundings = aroundEverybody(request);
    const { FEATURES_MAX } = this.config;
    return this.writer.writeOnce(
      request,
      async (tx) => toFeature(await createFeature(tx, originOf(request), body, FEATURES_MAX, surroundings)),
      EVERYBODY_MS,
    );
  }

  @Get()
  @Needs('catalogue:read')
  @OpenToCustomers('nobody')
  @ApiOperation({ summary: 'The features, by key' })
  @ApiOkResponse({ standardSchema: featureList })
  async list(): Promise<FeatureList> {
    return { data: (await listFeatures(this.db)).map(toFeature) };
  }

  @Get(':key')
  @Needs('catalogue:read')
  @OpenToCustomers('nobody')
  @ApiOperation({ summary: 'One feature. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: feature })
  async get(
    @Param({ schema: featureParams }) { key }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Feature> {
    return answer(await getFeature(this.db, key), reply);
  }

  @Patch(':key')
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Change name, description or default. A new default reaches every customer at once' })
  @ApiOkResponse({ standardSchema: feature })
  async update(
    @Param({ schema: featureParams }) { key }: Params,
    @Body({ schema: updateFeatureRequest }) body: UpdateFeatureRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Feature> {
    const version = ifVersion(request);
    const surroundings = aroundEverybody(request);
    const row = await this.writer.write(
      (tx) => updateFeature(tx, originOf(request), key, body, version, surroundings),
      EVERYBODY_MS,
    );
    return answer(row, reply);
  }

  @Delete(':key')
  @HttpCode(204)
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Delete a feature that no plan, scope, override or reservation uses' })
  @ApiNoContentResponse()
  async delete(@Param({ schema: featureParams }) { key }: Params, @Req() request: FastifyRequest): Promise<void> {
    const surroundings = aroundEverybody(request);
    await this.writer.write(
      (tx) => deleteFeature(tx, originOf(request), key, FEATURE_CLAIMS, surroundings),
      EVERYBODY_MS,
    );
  }
}

function aroundEverybody(request: FastifyRequest) {
  // Longer than other requests may be silent.
  request.raw.socket.setTimeout(EVERYBODY_MS);
  return { now: new Date(), followers: FOLLOWERS };
}

function answer(row: FeatureRow, reply: FastifyReply): Feature {
  reply.header('etag', toEtag(row.version));
  return toFeature(row);
}
