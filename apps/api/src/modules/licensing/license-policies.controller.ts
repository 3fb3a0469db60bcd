import {
  type CreateLicensePolicyRequest,
  createLicensePolicyRequest,
  type LicensePolicy,
  type LicensePolicyPage,
  licensePolicy,
  licensePolicyListQuery,
  licensePolicyPage,
  licensePolicyParams,
  type UpdateLicensePolicyRequest,
  updateLicensePolicyRequest,
} from '@bastionary/contracts/license-policies';
import { createPolicy } from '@bastionary/licensing/actions/create-policy';
import { getPolicy, listPolicies, type PolicyRow, toPolicies } from '@bastionary/licensing/actions/find-policy';
import { updatePolicy } from '@bastionary/licensing/actions/update-policy';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Get, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';

type Params = { policy_id: string };
type ListQuery = { limit: number; cursor?: string; search?: string };

const IDS = /^pol_[0-9a-z]{26}$/;

@ApiTags('license policies')
@Controller('api/license-policies')
export class LicensePoliciesController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('license_policies:write')
  @ApiOperation({ summary: 'Make a licence policy: what the licences under it have in common' })
  @ApiCreatedResponse({ standardSchema: licensePolicy })
  create(
    @Body({ schema: createLicensePolicyRequest }) body: CreateLicensePolicyRequest,
    @Req() request: FastifyRequest,
  ): Promise<LicensePolicy> {
    return this.writer.writeOnce(request, async (tx) =>
      toPolicy(tx, await createPolicy(tx, originOf(request), body, new Date())),
    );
  }

  @Get()
  @Needs('licenses:read')
  @ApiOperation({ summary: 'List licence policies, the newest first' })
  @ApiOkResponse({ standardSchema: licensePolicyPage })
  async list(@Query({ schema: licensePolicyListQuery }) query: ListQuery): Promise<LicensePolicyPage> {
    const { limit, cursor, search } = query;
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const rows = await listPolicies(this.db, { limit, after, search });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: await toPolicies(this.db, shown),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Get(':policy_id')
  @Needs('licenses:read')
  @ApiOperation({ summary: 'One licence policy. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: licensePolicy })
  async get(
    @Param({ schema: licensePolicyParams }) { policy_id }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LicensePolicy> {
    const row = await getPolicy(this.db, policy_id);
    reply.header('etag', toEtag(row.version));
    return toPolicy(this.db, row);
  }

  @Patch(':policy_id')
  @Needs('license_policies:write')
  @ApiOperation({ summary: 'Change a licence policy, and with it all licences under it' })
  @ApiOkResponse({ standardSchema: licensePolicy })
  async update(
    @Param({ schema: licensePolicyParams }) { policy_id }: Params,
    @Body({ schema: updateLicensePolicyRequest }) body: UpdateLicensePolicyRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LicensePolicy> {
    const version = ifVersion(request);
    const row = await this.writer.write((tx) =>
      updatePolicy(tx, originOf(request), policy_id, body, version, new Date()),
    );
    reply.header('etag', toEtag(row.version));
    return toPolicy(this.db, row);
  }
}

async function toPolicy(db: Reader, row: PolicyRow): Promise<LicensePolicy> {
  const [policy] = await toPolicies(db, [row]);
  return policy as LicensePolicy;
}
