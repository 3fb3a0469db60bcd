import {
  addVersion,
  createPlan,
  editDraft,
  publishVersion,
  retireVersion,
  updatePlan,
} from '@bastionary/billing/actions/change-plans';
import {
  getPlan,
  listPlans,
  liveSubscriptions,
  type PlanRow,
  toPlan,
  toPlanVersion,
  versionOf,
} from '@bastionary/billing/actions/plans';
import { contentDigest } from '@bastionary/billing/rules/content-digest';
import { dryRunQuery, type Preview } from '@bastionary/contracts/entitlements';
import {
  type CreatePlanRequest,
  type CreatePlanVersionRequest,
  createPlanRequest,
  createPlanVersionRequest,
  type MigratePlanRequest,
  migratePlanRequest,
  type Plan,
  type PlanList,
  type PlanMigration,
  type PlanVersion,
  type PlanVersionContent,
  plan,
  planList,
  planMigrationOrPreview,
  planParams,
  planVersion,
  planVersionContent,
  planVersionParams,
  type UpdatePlanRequest,
  updatePlanRequest,
} from '@bastionary/contracts/plans';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifDigest, toDigestEtag } from '../clients/etag.js';
import { PlanMigrations } from './plan-migrations.js';

type Params = { key: string };
type VersionParams = { key: string; version: number };

@ApiTags('plans')
@Controller('api/plans')
export class PlansController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly migrations: PlanMigrations,
  ) {}

  @Post()
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Create a plan or add-on with its version 1: a draft, or published at once' })
  @ApiCreatedResponse({ standardSchema: plan })
  create(@Body({ schema: createPlanRequest }) body: CreatePlanRequest, @Req() request: FastifyRequest): Promise<Plan> {
    return this.writer.writeOnce(request, async (tx) =>
      toPlan(await createPlan(tx, originOf(request), body, new Date()), new Map()),
    );
  }

  @Get()
  @Needs('catalogue:read')
  @ApiOperation({ summary: 'The plans and add-ons with all their versions, by key' })
  @ApiOkResponse({ standardSchema: planList })
  async list(): Promise<PlanList> {
    const rows = await listPlans(this.db);
    const keys = rows.map(({ key }) => key);
    const live = await liveSubscriptions(this.db, keys, new Date());
    return { data: rows.map((row) => toPlan(row, live)) };
  }

  @Get(':key')
  @Needs('catalogue:read')
  @ApiOperation({ summary: 'One plan with all its versions' })
  @ApiOkResponse({ standardSchema: plan })
  async get(@Param({ schema: planParams }) { key }: Params): Promise<Plan> {
    return answer(this.db, await getPlan(this.db, key));
  }

  @Patch(':key')
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Change name or description. What a plan gives and costs changes by a new version' })
  @ApiOkResponse({ standardSchema: plan })
  update(
    @Param({ schema: planParams }) { key }: Params,
    @Body({ schema: updatePlanRequest }) body: UpdatePlanRequest,
    @Req() request: FastifyRequest,
  ): Promise<Plan> {
    return this.writer.write(async (tx) => answer(tx, await updatePlan(tx, originOf(request), key, body, new Date())));
  }

  @Post(':key/versions')
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Add a version. Existing subscriptions stay on theirs until they are migrated' })
  @ApiCreatedResponse({ standardSchema: planVersion })
  addVersion(
    @Param({ schema: planParams }) { key }: Params,
    @Body({ schema: createPlanVersionRequest }) { publish, ...content }: CreatePlanVersionRequest,
    @Req() request: FastifyRequest,
  ): Promise<PlanVersion> {
    return this.writer.writeOnce(request, async (tx) => {
      const row = await addVersion(tx, originOf(request), key, content, publish, new Date());
      return answerVersion(tx, row, row.versions[0]?.version ?? 0);
    });
  }

  @Get(':key/versions/:version')
  @Needs('catalogue:read')
  @ApiOperation({ summary: 'One version of a plan. The ETag of a draft goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: planVersion })
  async getVersion(
    @Param({ schema: planVersionParams }) { key, version }: VersionParams,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanVersion> {
    return tagged(await answerVersion(this.db, await getPlan(this.db, key), version), reply);
  }

  @Put(':key/versions/:version')
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Replace what a draft grants and costs' })
  @ApiOkResponse({ standardSchema: planVersion })
  async editDraft(
    @Param({ schema: planVersionParams }) { key, version }: VersionParams,
    @Body({ schema: planVersionContent }) body: PlanVersionContent,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanVersion> {
    const digest = ifDigest(request);
    const edited = await this.writer.write(async (tx) =>
      answerVersion(tx, await editDraft(tx, originOf(request), key, version, body, digest), version),
    );
    return tagged(edited, reply);
  }

  @Post(':key/versions/:version/publish')
  @HttpCode(200)
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Publish a draft: it never changes again' })
  @ApiOkResponse({ standardSchema: planVersion })
  publish(
    @Param({ schema: planVersionParams }) { key, version }: VersionParams,
    @Req() request: FastifyRequest,
  ): Promise<PlanVersion> {
    return this.writer.write(async (tx) =>
      answerVersion(tx, await publishVersion(tx, originOf(request), key, version, new Date()), version),
    );
  }

  @Post(':key/versions/:version/retire')
  @HttpCode(200)
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Retire a version: it takes no new subscription, and those on it stay' })
  @ApiOkResponse({ standardSchema: planVersion })
  retire(
    @Param({ schema: planVersionParams }) { key, version }: VersionParams,
    @Req() request: FastifyRequest,
  ): Promise<PlanVersion> {
    return this.writer.write(async (tx) =>
      answerVersion(tx, await retireVersion(tx, originOf(request), key, version, new Date()), version),
    );
  }

  @Post(':key/migrate')
  @HttpCode(200)
  @Needs('subscriptions:write')
  @ApiOperation({
    summary:
      'Move subscriptions to another version of the plan; with dry_run=true, what they would gain or lose, also on a draft',
  })
  @ApiOkResponse({ standardSchema: planMigrationOrPreview })
  migrate(
    @Param({ schema: planParams }) { key }: Params,
    @Query({ schema: dryRunQuery }) { dry_run }: { dry_run: boolean },
    @Body({ schema: migratePlanRequest }) body: MigratePlanRequest,
    @Req() request: FastifyRequest,
  ): Promise<PlanMigration | Preview> {
    return dry_run ? this.migrations.preview(request, key, body) : this.migrations.run(request, key, body);
  }
}

/** What a version grants and costs is what an edit of it may not overlook. */
function tagged(version: PlanVersion, reply: FastifyReply): PlanVersion {
  reply.header('etag', toDigestEtag(contentDigest(version)));
  return version;
}

async function answer(db: Reader, row: PlanRow): Promise<Plan> {
  return toPlan(row, await liveSubscriptions(db, [row.key], new Date()));
}

async function answerVersion(db: Reader, row: PlanRow, version: number): Promise<PlanVersion> {
  return toPlanVersion(versionOf(row, version), await liveSubscriptions(db, [row.key], new Date()));
}
