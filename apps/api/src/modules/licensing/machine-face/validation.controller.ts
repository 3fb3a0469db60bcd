import {
  faceDocument,
  faceLicenseParams,
  faceParams,
  type ValidateBody,
  type ValidateKeyBody,
  validateBody,
  validateKeyBody,
} from '@bastionary/contracts/machine-face';
import type { LicenseRow } from '@bastionary/licensing/actions/find-license';
import { beginsWith, beginTime, validateLicense } from '@bastionary/licensing/actions/validate-license';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated, Public } from '../../../platform/access.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { KnownPolicies } from '../known-policies.js';
import { FaceRoom, tell } from './face-room.js';
import { KeyGuesses } from './key-guesses.js';
import { KeyValidations } from './key-validations.js';
import { SeenLicenses } from './seen-licenses.js';
import { type Question, validationDocument } from './validation-document.js';

type AccountParams = { account?: string };
type LicenseParams = AccountParams & { license: string };

/** Whether a licence is valid, and why. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class ValidationController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
    private readonly policies: KnownPolicies,
    private readonly validations: KeyValidations,
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
    const validated = await this.validations.validate(meta.key, meta.scope ?? {}, this.room.place);
    if (validated === null) await this.guesses.record(meta.key, request.ip);
    const told = validated ?? { validation: await validateLicense(this.db, null, {}), data: null };
    return tell(reply, validationDocument(told, meta, request.headers));
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
    let license = await this.room.license(this.db, request, params.license);
    if (license.revokedAt === null) {
      const { id } = license;
      const { policy } = await this.policies.find(license.policyId);
      if (beginsWith('validation', license, policy)) {
        license = await this.writer.write((tx) => beginTime(tx, id, 'validation'));
      }
      this.seen.add(id, Date.now());
    }
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
    return this.answer(license, {}, request, reply);
  }

  private async answer(license: LicenseRow, question: Question, request: FastifyRequest, reply: FastifyReply) {
    const validation = await validateLicense(this.db, license, question.scope ?? {});
    const data = license.revokedAt === null ? await this.room.licenseDocument(this.db, license) : null;
    return tell(reply, validationDocument({ validation, data }, question, request.headers));
  }
}
