import type { Validation, ValidationScope } from '@bastionary/contracts/license-validation';
import {
  faceDocument,
  faceLicenseParams,
  faceParams,
  type ValidateBody,
  type ValidateKeyBody,
  validateBody,
  validateKeyBody,
} from '@bastionary/contracts/machine-face';
import { type LicenseRow, licenseByKey } from '@bastionary/licensing/actions/find-license';
import { getPolicy } from '@bastionary/licensing/actions/find-policy';
import { beginsWith, beginTime, validateLicense } from '@bastionary/licensing/actions/validate-license';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated, Public } from '../../../platform/access.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import type { Resource } from './documents.js';
import { FaceRoom, tell } from './face-room.js';
import { KeyGuesses } from './key-guesses.js';
import { SeenLicenses } from './seen-licenses.js';

type AccountParams = { account?: string };
type LicenseParams = AccountParams & { license: string };
type Question = { readonly scope?: ValidationScope | null; readonly nonce?: number | string | null };

/** Whether a licence is valid, and why. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class ValidationController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
    private readonly guesses: KeyGuesses,
    private readonly seen: SeenLicenses,
  ) {}

  @Post('licenses/actions/validate-key')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Is the licence with this key valid? An unknown key is NOT_FOUND' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async byKey(
    @Param({ schema: faceParams }) { account }: AccountParams,
    @Body({ schema: validateKeyBody }) { meta }: ValidateKeyBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    this.guesses.check(meta.key, request.ip);
    const license = await licenseByKey(this.db, meta.key);
    if (license === null) await this.guesses.record(meta.key, request.ip);
    return this.answer(license, meta, request, reply);
  }

  @Post('licenses/:license/actions/validate')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Is the licence valid?' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async byId(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Body({ schema: validateBody }) { meta }: ValidateBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(params.account);
    const license = await this.room.license(this.db, request, params.license);
    return this.answer(license, meta ?? {}, request, reply);
  }

  @Get('licenses/:license/actions/validate')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The same without a scope; not noted as a validation' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async quick(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(params.account);
    const license = await this.room.license(this.db, request, params.license);
    const validation = await validateLicense(this.db, license, {});
    const data = await this.room.licenseDocument(this.db, license);
    return tell(reply, { data, meta: told(validation, {}, request) });
  }

  private async answer(
    found: LicenseRow | null,
    question: Question,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object> {
    // A revoked key is as unknown as one that never was.
    let license = found?.revokedAt === null ? found : null;
    if (license !== null && beginsWith('validation', license, await getPolicy(this.db, license.policyId))) {
      const { id } = license;
      license = await this.writer.write((tx) => beginTime(tx, id, 'validation'));
    }
    const validation = await validateLicense(this.db, license, question.scope ?? {});
    let data: Resource | null = null;
    if (license !== null) {
      this.seen.add(license.id, Date.now());
      data = await this.room.licenseDocument(this.db, license);
    }
    return tell(reply, { data, meta: told(validation, question, request) });
  }
}

/** Versions up to 1.1 call the code `constant`. */
const CALLED_CONSTANT = /^1\.[01]$/;

function told(validation: Validation, { scope, nonce }: Question, request: FastifyRequest): object {
  const version = request.headers['keygen-version'];
  const name = typeof version === 'string' && CALLED_CONSTANT.test(version) ? 'constant' : 'code';
  return {
    ts: validation.at,
    valid: validation.valid,
    detail: validation.detail,
    [name]: validation.code,
    ...(scope && { scope }),
    ...(nonce !== undefined && nonce !== null && { nonce }),
    failures: validation.failures,
    warnings: validation.warnings,
    limits: validation.limits,
    seatsFree: validation.seats_free,
    expiresAt: validation.expires_at,
    graceEndsAt: validation.grace_ends_at,
    nextCheckInBy: validation.next_check_in_by,
    entitlements: validation.entitlements,
  };
}
