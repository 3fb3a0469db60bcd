import { customerParams, entitlementsQuery } from '@bastionary/contracts/customers';
import {
  dryRunQuery,
  type Entitlements,
  type EntitlementsHistory,
  entitlements,
  entitlementsHistory,
  entitlementsHistoryQuery,
  type Override,
  type OverrideList,
  override,
  overrideList,
  overrideParams,
  type Preview,
  preview,
  type SetOverrideRequest,
  setOverrideRequest,
} from '@bastionary/contracts/entitlements';
import { toInstant } from '@bastionary/contracts/text';
import { entitlementsHistory as historyOf, toEntitlements } from '@bastionary/entitlements/actions/find-entitlements';
import {
  deleteOverride,
  listOverrides,
  previewOverride,
  setOverride,
} from '@bastionary/entitlements/actions/overrides';
import { Body, Controller, Delete, Get, Header, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { CurrentEntitlements } from './current-entitlements.js';
import { FOLLOWERS } from './followers.js';
import { holdsAlready } from './holds-already.js';

type Params = { customer_id: string };
type OverrideParams = Params & { feature: string };
type DryRun = { dry_run: boolean };

@ApiTags('entitlements')
@Controller('api/customers/:customer_id')
export class EntitlementsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly current: CurrentEntitlements,
  ) {}

  @Get('entitlements')
  @Needs('entitlements:read')
  @OpenToCustomers('path')
  @Header('cache-control', 'private, no-cache')
  @ApiOperation({ summary: 'What the customer may do, now or at a past instant' })
  @ApiOkResponse({ standardSchema: entitlements })
  async get(
    @Param({ schema: customerParams }) { customer_id }: Params,
    @Query({ schema: entitlementsQuery }) { at }: { at?: string },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Entitlements | undefined> {
    const found = await (at === undefined ? this.current.now(customer_id) : this.current.at(customer_id, new Date(at)));
    const etag = `"${found.hash}.${found.epoch}"`;
    reply.header('etag', etag);
    if (!holdsAlready(request, etag)) return found;
    reply.status(304);
    return undefined;
  }

  @Get('entitlements/history')
  @Needs('entitlements:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'Every epoch with its cause, the newest first' })
  @ApiOkResponse({ standardSchema: entitlementsHistory })
  async history(
    @Param({ schema: customerParams }) { customer_id }: Params,
    @Query({ schema: entitlementsHistoryQuery }) { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<EntitlementsHistory> {
    if (cursor !== undefined && !/^[1-9]\d{0,8}$/.test(cursor)) throw invalidCursor();
    await this.current.now(customer_id);
    const before = cursor === undefined ? {} : { before: Number(cursor) };
    const rows = await historyOf(this.db, customer_id, { limit, ...before });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => ({ ...toEntitlements(row), at: toInstant(row.at), cause: row.cause })),
      next_cursor: last === undefined ? null : String(last.epoch),
    };
  }

  @Get('overrides')
  @Needs('entitlements:read')
  @OpenToCustomers('path')
  @ApiOperation({ summary: 'The exceptions of this customer, expired ones too' })
  @ApiOkResponse({ standardSchema: overrideList })
  async overrides(@Param({ schema: customerParams }) { customer_id }: Params): Promise<OverrideList> {
    return { data: await listOverrides(this.db, customer_id) };
  }

  @Put('overrides/:feature')
  @Needs('entitlements:write')
  @ApiOperation({ summary: 'Give this customer an exception; dry_run=true tells what would change' })
  @ApiOkResponse({ standardSchema: z.union([override, preview]) })
  set(
    @Param({ schema: overrideParams }) { customer_id, feature }: OverrideParams,
    @Query({ schema: dryRunQuery }) { dry_run }: DryRun,
    @Body({ schema: setOverrideRequest }) body: SetOverrideRequest,
    @Req() request: FastifyRequest,
  ): Promise<Override | Preview> {
    const now = new Date();
    if (dry_run) return previewOverride(this.db, customer_id, feature, body, now);
    return this.writer.write((tx) =>
      setOverride(tx, originOf(request), customer_id, feature, body, { now, followers: FOLLOWERS }),
    );
  }

  @Delete('overrides/:feature')
  @Needs('entitlements:write')
  @ApiOperation({ summary: 'Take an exception back (204); dry_run=true tells what would change' })
  @ApiOkResponse({ standardSchema: preview })
  async remove(
    @Param({ schema: overrideParams }) { customer_id, feature }: OverrideParams,
    @Query({ schema: dryRunQuery }) { dry_run }: DryRun,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Preview | undefined> {
    const now = new Date();
    if (dry_run) return previewOverride(this.db, customer_id, feature, null, now);
    await this.writer.write((tx) =>
      deleteOverride(tx, originOf(request), customer_id, feature, { now, followers: FOLLOWERS }),
    );
    reply.status(204);
    return undefined;
  }
}
