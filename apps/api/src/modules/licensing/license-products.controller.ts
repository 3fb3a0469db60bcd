import {
  type CreateLicenseProductRequest,
  createLicenseProductRequest,
  type LicenseProduct,
  licenseProduct,
  licenseProductList,
  licenseProductParams,
  type PublishReleaseRequest,
  publishReleaseRequest,
  type Release,
  release,
  releaseList,
} from '@bastionary/contracts/licenses';
import { createProduct } from '@bastionary/licensing/actions/create-product';
import { listProducts, listReleases, toProduct } from '@bastionary/licensing/actions/find-product';
import { publishRelease } from '@bastionary/licensing/actions/publish-release';
import { Body, Controller, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

type Params = { product_id: string };

@ApiTags('license policies')
@Controller('api/license-products')
export class LicenseProductsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('license_policies:write')
  @ApiOperation({ summary: 'Name a program that is licensed, besides the one called default' })
  @ApiCreatedResponse({ standardSchema: licenseProduct })
  create(
    @Body({ schema: createLicenseProductRequest }) body: CreateLicenseProductRequest,
    @Req() request: FastifyRequest,
  ): Promise<LicenseProduct> {
    return this.writer.writeOnce(request, async (tx) =>
      toProduct(await createProduct(tx, originOf(request), body, new Date())),
    );
  }

  @Get()
  @Needs('licenses:read')
  @ApiOperation({ summary: 'The programs that are licensed, by code' })
  @ApiOkResponse({ standardSchema: licenseProductList })
  async list(): Promise<{ data: LicenseProduct[] }> {
    return { data: (await listProducts(this.db)).map(toProduct) };
  }

  @Post(':product_id/releases')
  @Needs('license_policies:write')
  @ApiOperation({ summary: 'Say that a version is out: what version and checksum scopes are held against' })
  @ApiCreatedResponse({ standardSchema: release })
  publish(
    @Param({ schema: licenseProductParams }) { product_id }: Params,
    @Body({ schema: publishReleaseRequest }) body: PublishReleaseRequest,
    @Req() request: FastifyRequest,
  ): Promise<Release> {
    return this.writer.writeOnce(request, (tx) => publishRelease(tx, originOf(request), product_id, body, new Date()));
  }

  @Get(':product_id/releases')
  @Needs('licenses:read')
  @ApiOperation({ summary: 'The versions of a program, the newest first' })
  @ApiOkResponse({ standardSchema: releaseList })
  async releases(@Param({ schema: licenseProductParams }) { product_id }: Params): Promise<{ data: Release[] }> {
    return { data: await listReleases(this.db, product_id) };
  }
}
