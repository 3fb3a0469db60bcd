import type { LicenseScheme } from '@bastionary/contracts/license-policies';
import {
  type CreateLicenseRequest,
  createLicenseRequest,
  type License,
  type LicenseListQuery,
  type LicensePage,
  type LookUpLicenseRequest,
  license,
  licenseListQuery,
  licensePage,
  licenseParams,
  lookUpLicenseRequest,
  type UpdateLicenseRequest,
  updateLicenseRequest,
} from '@bastionary/contracts/licenses';
import { createLicense } from '@bastionary/licensing/actions/create-license';
import { getLicense, licenseByKey, listLicenses } from '@bastionary/licensing/actions/find-license';
import { getPolicy } from '@bastionary/licensing/actions/find-policy';
import { keyAlgorithmOf } from '@bastionary/licensing/actions/license-key';
import { updateLicense } from '@bastionary/licensing/actions/update-license';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { customerOf, originOf } from '../../platform/principal.js';
import { DATABASE, type Database, ENCRYPTION_KEYS, type KeyEncryptionKeys } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion } from '../clients/etag.js';
import { LicenseAnswers, withEtag } from './license-answers.js';
import { LicenseKeyRing } from './license-key-ring.js';

type Params = { license_id: string };

const IDS = /^lic_[0-9a-z]{26}$/;

@ApiTags('licenses')
@Controller('api/licenses')
export class LicensesController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly encryptionKeys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly ring: LicenseKeyRing,
    private readonly answers: LicenseAnswers,
  ) {}

  @Post()
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Issue a licence; its key is in the answer' })
  @ApiCreatedResponse({ standardSchema: license })
  async create(
    @Body({ schema: createLicenseRequest }) body: CreateLicenseRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    const { scheme } = await getPolicy(this.db, body.policy);
    // The key that signs may have to be made first, which takes longer than a transaction should.
    const signing = await this.ring.with(scheme === null ? 'ed25519' : keyAlgorithmOf(scheme as LicenseScheme));
    const { encryptionKeys } = this;
    const told = await this.writer.writeOnce(request, async (tx) => {
      const around = { now: new Date(), encryptionKeys, signing };
      return this.answers.told(tx, await createLicense(tx, originOf(request), body, around));
    });
    return withEtag(told, reply);
  }

  @Get()
  @Needs('licenses:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List licences, the newest first' })
  @ApiOkResponse({ standardSchema: licensePage })
  async list(
    @Query({ schema: licenseListQuery }) query: LicenseListQuery,
    @Req() request: FastifyRequest,
  ): Promise<LicensePage> {
    const { limit, cursor, customer_id: customerId, policy, status, search } = query;
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const filter = { limit, after, customerId, policy, status, search, now: new Date() };
    const rows = await listLicenses(this.db, customerOf(request), filter);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: await this.answers.many(this.db, shown),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Post('look-up')
  @HttpCode(200)
  @Needs('licenses:read')
  @ApiOperation({ summary: 'The licence that has a key. In the body, because addresses are logged' })
  @ApiOkResponse({ standardSchema: license })
  async lookUp(
    @Body({ schema: lookUpLicenseRequest }) { key }: LookUpLicenseRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    const row = await licenseByKey(this.db, key);
    if (row === null) throw new AppError('not_found', 'No licence has this key.');
    return withEtag(await this.answers.told(this.db, row), reply);
  }

  @Get(':license_id')
  @Needs('licenses:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'One licence. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: license })
  async get(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    const row = await getLicense(this.db, license_id, customerOf(request));
    return withEtag(await this.answers.told(this.db, row), reply);
  }

  @Patch(':license_id')
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Change a licence, or transfer it to another policy' })
  @ApiOkResponse({ standardSchema: license })
  async update(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: updateLicenseRequest }) body: UpdateLicenseRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<License> {
    const version = ifVersion(request);
    const told = await this.writer.write(async (tx) =>
      this.answers.told(tx, await updateLicense(tx, originOf(request), license_id, body, version, new Date())),
    );
    return withEtag(told, reply);
  }
}
