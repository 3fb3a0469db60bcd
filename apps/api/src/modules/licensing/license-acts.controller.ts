import type { LicenseScheme } from '@bastionary/contracts/license-policies';
import {
  type ValidateLicenseRequest,
  type Validation,
  validateLicenseRequest,
  validation,
} from '@bastionary/contracts/license-validation';
import {
  type CountUsesRequest,
  countUsesRequest,
  type License,
  type LicenseActRequest,
  license,
  licenseActRequest,
  licenseParams,
} from '@bastionary/contracts/licenses';
import { decrementUses, incrementUses, resetUses } from '@bastionary/licensing/actions/count-uses';
import { getLicense, type LicenseRow } from '@bastionary/licensing/actions/find-license';
import { getPolicy } from '@bastionary/licensing/actions/find-policy';
import { keyAlgorithmOf } from '@bastionary/licensing/actions/license-key';
import { reissueLicense } from '@bastionary/licensing/actions/reissue-license';
import { renewLicense } from '@bastionary/licensing/actions/renew-license';
import { revokeLicense } from '@bastionary/licensing/actions/revoke-license';
import { reinstateLicense, suspendLicense } from '@bastionary/licensing/actions/suspend-license';
import { validateLicense } from '@bastionary/licensing/actions/validate-license';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database, ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';
import { LicenseAnswers, withEtag } from './license-answers.js';
import { LicenseKeyRing } from './license-key-ring.js';

type Params = { license_id: string };

@ApiTags('licenses')
@Controller('api/licenses/:license_id')
export class LicenseActsController {
  // Whoever counts at the same licence waits for the same row: better here than each with a connection of its own.
  private readonly turns = new Turns();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: LicenseKeyRing,
    private readonly answers: LicenseAnswers,
  ) {}

  @Post('suspend')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Suspend a licence: it is not valid, and keeps its seats' })
  @ApiOkResponse({ standardSchema: license })
  suspend(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) { reason }: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.act(request, reply, (tx) =>
      suspendLicense(tx, originOf(request), license_id, { by: 'operator', reason, now: new Date() }),
    );
  }

  @Post('reinstate')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Take the suspension of an operator back' })
  @ApiOkResponse({ standardSchema: license })
  reinstate(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) { reason }: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.act(request, reply, (tx) =>
      reinstateLicense(tx, originOf(request), license_id, { by: 'operator', reason, now: new Date() }),
    );
  }

  @Post('renew')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Extend a licence by the duration of its policy; each request once more' })
  @ApiOkResponse({ standardSchema: license })
  renew(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) { reason }: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.act(request, reply, (tx) => renewLicense(tx, originOf(request), license_id, reason, new Date()));
  }

  @Post('revoke')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'End a licence for ever; its key goes onto the revocation list' })
  @ApiOkResponse({ standardSchema: license })
  revoke(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) { reason }: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.act(request, reply, (tx) => revokeLicense(tx, originOf(request), license_id, reason, new Date()));
  }

  @Post('reissue')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Give a licence whose key leaked another one; the old key goes onto the revocation list' })
  @ApiOkResponse({ standardSchema: license })
  async reissue(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) { reason }: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    const { policyId } = await getLicense(this.db, license_id);
    const { scheme } = await getPolicy(this.db, policyId);
    const signing = await this.ring.with(scheme === null ? 'ed25519' : keyAlgorithmOf(scheme as LicenseScheme));
    const { encryptionKeys } = this;
    return this.act(request, reply, (tx) =>
      reissueLicense(tx, originOf(request), license_id, reason, { now: new Date(), encryptionKeys, signing }),
    );
  }

  @Post('validate')
  @HttpCode(200)
  @Needs('licenses:read')
  @ApiOperation({ summary: 'What a program with this licence would be told now, and why. Changes nothing' })
  @ApiOkResponse({ standardSchema: validation })
  async validate(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: validateLicenseRequest }) { scope = {} }: ValidateLicenseRequest,
  ): Promise<Validation> {
    return validateLicense(this.db, await getLicense(this.db, license_id), scope);
  }

  @Post('uses/increment')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Count uses, as long as there are some left' })
  @ApiOkResponse({ standardSchema: license })
  increment(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: countUsesRequest }) { amount }: CountUsesRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.turns.take(license_id, () => this.act(request, reply, (tx) => incrementUses(tx, license_id, amount)));
  }

  @Post('uses/decrement')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Take uses back' })
  @ApiOkResponse({ standardSchema: license })
  decrement(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: countUsesRequest }) { amount }: CountUsesRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.turns.take(license_id, () => this.act(request, reply, (tx) => decrementUses(tx, license_id, amount)));
  }

  @Post('uses/reset')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Begin to count uses anew' })
  @ApiOkResponse({ standardSchema: license })
  reset(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: licenseActRequest }) _body: LicenseActRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    return this.turns.take(license_id, () => this.act(request, reply, (tx) => resetUses(tx, license_id)));
  }

  private async act(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (tx: Transaction) => Promise<LicenseRow>,
  ): Promise<License> {
    const told = await this.writer.writeOnce(request, async (tx) => this.answers.told(tx, await work(tx)));
    return withEtag(told, reply);
  }
}
