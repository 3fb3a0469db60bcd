import {
  archiveFlagRequest,
  type CreateFlagRequest,
  createFlagRequest,
  type Flag,
  type FlagListQuery,
  type FlagPage,
  type FlagUse,
  flag,
  flagListQuery,
  flagPage,
  flagParams,
  flagUse,
  flagUseQuery,
  type UpdateFlagRequest,
  updateFlagRequest,
} from '@bastionary/contracts/flags';
import { archiveFlag, restoreFlag } from '@bastionary/flags/actions/archive-flag';
import { createFlag } from '@bastionary/flags/actions/create-flag';
import { deleteFlag } from '@bastionary/flags/actions/delete-flag';
import { type FlagRow, getFlag, listFlags } from '@bastionary/flags/actions/find-flag';
import { usesOf } from '@bastionary/flags/actions/flag-use';
import { updateFlag } from '@bastionary/flags/actions/update-flag';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { toFlags } from './flag-views.js';

type Params = { flag_key: string };
const KEYS = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const HOUR_MS = 3_600_000;

@ApiTags('flags')
@Controller('api/flags')
export class FlagsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Make a flag: disabled in every environment, until it is enabled there' })
  @ApiCreatedResponse({ standardSchema: flag })
  create(@Body({ schema: createFlagRequest }) body: CreateFlagRequest, @Req() request: FastifyRequest): Promise<Flag> {
    return this.writer.writeOnce(request, async (tx) =>
      toFlag(tx, await createFlag(tx, originOf(request), body, new Date())),
    );
  }

  @Get()
  @Needs('flags:read')
  @ApiOperation({
    summary: 'List flags, the newest first: what they do in each environment, and whether they are stale',
  })
  @ApiOkResponse({ standardSchema: flagPage })
  async list(@Query({ schema: flagListQuery }) query: FlagListQuery): Promise<FlagPage> {
    const after = query.cursor === undefined ? undefined : fromCursor(query.cursor, KEYS);
    const now = new Date();
    // Whether a flag is stale, its use tells: those that are not are passed over.
    const data: Flag[] = [];
    let from = after;
    for (;;) {
      const rows = await listFlags(this.db, query, from);
      const shown = rows.slice(0, query.limit);
      const flags = await toFlags(this.db, shown, now);
      for (const [index, one] of flags.entries()) {
        const row = shown[index] as FlagRow;
        from = { at: row.createdAt, id: row.key };
        if (query.state !== 'stale' || one.stale !== null) data.push(one);
        const isLast = index === flags.length - 1 && rows.length <= query.limit;
        if (data.length === query.limit) return { data, next_cursor: isLast ? null : toCursor(from) };
      }
      if (rows.length <= query.limit) return { data, next_cursor: null };
    }
  }

  @Get(':flag_key')
  @Needs('flags:read')
  @ApiOperation({ summary: 'One flag. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: flag })
  async get(
    @Param({ schema: flagParams }) { flag_key }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Flag> {
    const row = await getFlag(this.db, flag_key);
    reply.header('etag', toEtag(row.version));
    return toFlag(this.db, row);
  }

  @Patch(':flag_key')
  @Needs('flags:write')
  @ApiOperation({ summary: 'Change what a flag is, in every environment' })
  @ApiOkResponse({ standardSchema: flag })
  async update(
    @Param({ schema: flagParams }) { flag_key }: Params,
    @Body({ schema: updateFlagRequest }) body: UpdateFlagRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Flag> {
    const version = ifVersion(request);
    const row = await this.writer.write((tx) => updateFlag(tx, originOf(request), flag_key, body, version, new Date()));
    reply.header('etag', toEtag(row.version));
    return toFlag(this.db, row);
  }

  @Post(':flag_key/archive')
  @HttpCode(200)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Take a flag out of every environment; refused while programs ask for it, unless forced' })
  @ApiOkResponse({ standardSchema: flag })
  async archive(
    @Param({ schema: flagParams }) { flag_key }: Params,
    @Body({ schema: archiveFlagRequest }) { force }: { force: boolean },
    @Req() request: FastifyRequest,
  ): Promise<Flag> {
    return this.writer.write(async (tx) =>
      toFlag(tx, await archiveFlag(tx, originOf(request), flag_key, force, new Date())),
    );
  }

  @Post(':flag_key/restore')
  @HttpCode(200)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Take an archived flag back: it does what it did' })
  @ApiOkResponse({ standardSchema: flag })
  async restore(@Param({ schema: flagParams }) { flag_key }: Params, @Req() request: FastifyRequest): Promise<Flag> {
    return this.writer.write(async (tx) => toFlag(tx, await restoreFlag(tx, originOf(request), flag_key, new Date())));
  }

  @Delete(':flag_key')
  @HttpCode(204)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Remove an archived flag with its history; its key is free again' })
  @ApiNoContentResponse()
  async remove(@Param({ schema: flagParams }) { flag_key }: Params, @Req() request: FastifyRequest): Promise<void> {
    await this.writer.write((tx) => deleteFlag(tx, originOf(request), flag_key));
  }

  @Get(':flag_key/use')
  @Needs('flags:read')
  @ApiOperation({ summary: 'Who asks for a flag, with which answer, and how often' })
  @ApiOkResponse({ standardSchema: flagUse })
  async use(
    @Param({ schema: flagParams }) { flag_key }: Params,
    @Query({ schema: flagUseQuery }) { hours }: { hours: number },
  ): Promise<FlagUse> {
    const { archivedAt } = await getFlag(this.db, flag_key);
    return usesOf(this.db, flag_key, new Date(Date.now() - hours * HOUR_MS), archivedAt);
  }
}

async function toFlag(db: Reader, row: FlagRow): Promise<Flag> {
  const [one] = await toFlags(db, [row], new Date());
  return one as Flag;
}
