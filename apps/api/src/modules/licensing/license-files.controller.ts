import {
  type CheckOutRequest,
  checkOutRequest,
  type LicenseFile,
  licenseFile,
  licenseParams,
  machineParams,
} from '@bastionary/contracts/licenses';
import { checkOut } from '@bastionary/licensing/actions/check-out';
import { getMachine } from '@bastionary/licensing/actions/find-machine';
import { KEY_FOR } from '@bastionary/licensing/rules/formats/algorithms';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { CONFIG, type Config, ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { fileDocument } from './license-document.js';
import { LicenseKeyRing } from './license-key-ring.js';
import { SignedRevocations } from './signed-revocations.js';

type Params = { license_id: string };

@ApiTags('licenses')
@Controller('api/licenses/:license_id')
export class LicenseFilesController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: LicenseKeyRing,
    private readonly revocations: SignedRevocations,
  ) {}

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
    return this.checkOut(request, license_id, undefined, body);
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
    return this.checkOut(request, license_id, machine_id, body);
  }

  private async checkOut(
    request: FastifyRequest,
    licenseId: string,
    machineId: string | undefined,
    body: CheckOutRequest,
  ): Promise<LicenseFile> {
    const { encryptionKeys } = this;
    const signing = await this.ring.with(KEY_FOR[body.algorithm ?? 'ed25519']);
    const revocations = await this.revocations.newest();
    const place = { account: signing.account, encryptionKeys };
    return this.writer.writeOnce(request, async (tx: Transaction) => {
      const machine = machineId === undefined ? undefined : await getMachine(tx, licenseId, machineId);
      return checkOut(tx, licenseId, body, {
        now: new Date(),
        encryptionKeys,
        signing,
        revocations,
        defaultTtl: this.config.LICENSE_FILE_TTL_SECONDS,
        document: (within, row) => fileDocument(within, row, machine, body, place),
        ...(machine && { machine }),
      });
    });
  }
}
