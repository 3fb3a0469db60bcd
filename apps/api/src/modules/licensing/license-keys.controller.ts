import {
  type LicenseKeySet,
  licenseKeySet,
  type RotateLicenseKeyRequest,
  rotateLicenseKeyRequest,
} from '@bastionary/contracts/license-keys';
import { rotateLicenseKey } from '@bastionary/licensing/actions/publish-key-set';
import { loadLicenseKeys, makeLicenseKey } from '@bastionary/licensing/actions/signing-keys';
import { Body, Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, StepUp } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { LicenseKeyRing } from './license-key-ring.js';

@ApiTags('license keys')
@Controller('api/license-keys')
export class LicenseKeysController {
  constructor(
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: LicenseKeyRing,
  ) {}

  @Get()
  @Needs('licenses:read')
  @ApiOperation({ summary: 'The keys that sign licences, as they are published' })
  @ApiOkResponse({ standardSchema: licenseKeySet })
  list(): LicenseKeySet {
    return this.ring.current.published;
  }

  @Post('rotate')
  @HttpCode(200)
  @Needs('license_keys:write')
  @StepUp()
  @ApiOperation({
    summary: 'Let another key sign from now on',
    description:
      'What the old key signed still counts, unless it is compromised: then only what it signed before that instant.',
  })
  @ApiOkResponse({ standardSchema: licenseKeySet })
  async rotate(
    @Body({ schema: rotateLicenseKeyRequest }) { algorithm, compromised_from }: RotateLicenseKeyRequest,
    @Req() request: FastifyRequest,
  ): Promise<LicenseKeySet> {
    const { encryptionKeys } = this;
    // Before the transaction: that of RSA takes a while.
    const key = await makeLicenseKey(algorithm);
    const compromisedFrom = compromised_from === undefined ? null : new Date(compromised_from);
    const set = await this.writer.writeOnce(request, async (tx) => {
      const change = { origin: originOf(request), encryptionKeys, now: new Date() };
      await rotateLicenseKey(tx, { algorithm, compromisedFrom, key }, change);
      return (await loadLicenseKeys(tx, encryptionKeys)).published;
    });
    await this.ring.settled();
    return set;
  }
}
