import {
  type CheckOutRequest,
  checkOutRequest,
  type LicenseFile,
  licenseFile,
  licenseParams,
  machineParams,
} from '@bastionary/contracts/licenses';
import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { LicenseFiles } from './license-files.js';

type Params = { license_id: string };

@ApiTags('licenses')
@Controller('api/licenses/:license_id')
export class LicenseFilesController {
  constructor(private readonly files: LicenseFiles) {}

  @Post('check-out')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'A signed file by which a program knows without a network what the licence gives' })
  @ApiOkResponse({ standardSchema: licenseFile })
  license(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: checkOutRequest }) body: CheckOutRequest,
    @Req() request: FastifyRequest,
  ): Promise<LicenseFile> {
    return this.files.checkOut(request, license_id, undefined, body);
  }

  @Post('machines/:machine_id/check-out')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'The same for one machine of the licence' })
  @ApiOkResponse({ standardSchema: licenseFile })
  machine(
    @Param({ schema: machineParams }) { license_id, machine_id }: Params & { machine_id: string },
    @Body({ schema: checkOutRequest }) body: CheckOutRequest,
    @Req() request: FastifyRequest,
  ): Promise<LicenseFile> {
    return this.files.checkOut(request, license_id, machine_id, body);
  }
}
