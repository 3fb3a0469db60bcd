import {
  createLicenseTokenRequest,
  type LicenseToken,
  licenseParams,
  licenseToken,
  licenseTokenList,
  licenseTokenParams,
} from '@bastionary/contracts/licenses';
import { getLicense } from '@bastionary/licensing/actions/find-license';
import {
  createLicenseToken,
  deleteLicenseToken,
  listLicenseTokens,
} from '@bastionary/licensing/actions/license-tokens';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

type Params = { license_id: string };

@ApiTags('licenses')
@Controller('api/licenses/:license_id/tokens')
export class LicenseTokensController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Make a token by which a program acts for a licence; it is shown once' })
  @ApiCreatedResponse({ standardSchema: licenseToken })
  create(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: createLicenseTokenRequest }) { expires_at }: { expires_at?: string | null },
    @Req() request: FastifyRequest,
  ): Promise<LicenseToken> {
    const expiresAt = expires_at ? new Date(expires_at) : null;
    return this.writer.writeOnce(request, (tx) =>
      createLicenseToken(tx, originOf(request), license_id, expiresAt, new Date()),
    );
  }

  @Get()
  @Needs('licenses:read')
  @ApiOperation({ summary: 'The tokens of a licence, the newest first' })
  @ApiOkResponse({ standardSchema: licenseTokenList })
  async list(@Param({ schema: licenseParams }) { license_id }: Params): Promise<{ data: LicenseToken[] }> {
    await getLicense(this.db, license_id);
    return { data: await listLicenseTokens(this.db, license_id) };
  }

  @Delete(':license_token_id')
  @HttpCode(204)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Withdraw a token' })
  @ApiNoContentResponse()
  async delete(
    @Param({ schema: licenseTokenParams }) { license_id, license_token_id }: Params & { license_token_id: string },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => deleteLicenseToken(tx, originOf(request), license_id, license_token_id));
  }
}
