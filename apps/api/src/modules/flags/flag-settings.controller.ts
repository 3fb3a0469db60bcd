import {
  type FlagRevisionPage,
  type PreviewRequest,
  type PutSettingsRequest,
  previewRequest,
  putSettingsRequest,
  type RestoreRequest,
  restoreRequest,
  revisionListQuery,
  revisionPage,
  type SettingsPreview,
  type SettingsView,
  settingsParams,
  settingsPreview,
  settingsView,
} from '@bastionary/contracts/flags';
import { changeSettings, complete } from '@bastionary/flags/actions/change-settings';
import { getFlag, getSetting, type SettingRow } from '@bastionary/flags/actions/find-flag';
import { getRevision, listRevisions } from '@bastionary/flags/actions/find-revision';
import { previewSettings } from '@bastionary/flags/actions/preview-settings';
import type { Context } from '@bastionary/flags/rules/model';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { toRevision, toSettings } from './flag-views.js';

type Params = { environment: string; flag_key: string };
const placeOf = ({ environment, flag_key }: Params) => ({ environment, flag: flag_key });

@ApiTags('flags')
@Controller('api/environments/:environment/flags/:flag_key')
export class FlagSettingsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('flags:read')
  @ApiOperation({ summary: 'What a flag does in an environment, also in words' })
  @ApiOkResponse({ standardSchema: settingsView })
  async get(
    @Param({ schema: settingsParams }) params: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsView> {
    return this.view(await getSetting(this.db, params.environment, params.flag_key), reply);
  }

  @Put()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Let a flag do something else in an environment, at once' })
  @ApiOkResponse({ standardSchema: settingsView })
  async put(
    @Param({ schema: settingsParams }) params: Params,
    @Body({ schema: putSettingsRequest }) { comment, ...wanted }: PutSettingsRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsView> {
    const reasons = {
      comment: comment ?? null,
      cause: 'edited' as const,
      now: new Date(),
      ifVersion: ifVersion(request),
    };
    const row = await this.writer.write((tx) =>
      changeSettings(tx, originOf(request), placeOf(params), (before) => complete(wanted, before), reasons),
    );
    return this.view(row, reply);
  }

  @Post('preview')
  @HttpCode(200)
  @Needs('flags:read')
  @ApiOperation({ summary: 'For which customers other settings would change a flag. Nothing is saved' })
  @ApiOkResponse({ standardSchema: settingsPreview })
  preview(
    @Param({ schema: settingsParams }) params: Params,
    @Body({ schema: previewRequest }) { at, context = {}, ...wanted }: PreviewRequest,
  ): Promise<SettingsPreview> {
    const instant = at === undefined ? Date.now() : Date.parse(at);
    const around = { at: instant, context: context as Context };
    return previewSettings(this.db, placeOf(params), (before) => complete(wanted, before), around);
  }

  @Get('revisions')
  @Needs('flags:read')
  @ApiOperation({ summary: 'What a flag did in an environment, the newest first, and what changed each time' })
  @ApiOkResponse({ standardSchema: revisionPage })
  async revisions(
    @Param({ schema: settingsParams }) params: Params,
    @Query({ schema: revisionListQuery }) { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<FlagRevisionPage> {
    const flag = await getFlag(this.db, params.flag_key);
    await getSetting(this.db, params.environment, params.flag_key);
    const before = cursor === undefined ? undefined : numberOf(cursor);
    const rows = await listRevisions(this.db, placeOf(params), { limit, before });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map((row) => toRevision(flag, row)),
      next_cursor: last === undefined ? null : Buffer.from(String(last.number)).toString('base64url'),
    };
  }

  @Post('restore')
  @HttpCode(200)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Let a flag do again what it did in an earlier revision' })
  @ApiOkResponse({ standardSchema: settingsView })
  async restore(
    @Param({ schema: settingsParams }) params: Params,
    @Body({ schema: restoreRequest }) { revision, comment }: RestoreRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SettingsView> {
    const why = comment ?? `Revision ${revision} again`;
    const reasons = { comment: why, cause: 'restored' as const, now: new Date(), ifVersion: ifVersion(request) };
    const row = await this.writer.write(async (tx) => {
      const settings = await getRevision(tx, placeOf(params), revision);
      return changeSettings(tx, originOf(request), placeOf(params), () => settings, reasons);
    });
    return this.view(row, reply);
  }

  private async view(row: SettingRow, reply: FastifyReply): Promise<SettingsView> {
    reply.header('etag', toEtag(row.version));
    return toSettings(this.db, await getFlag(this.db, row.flag), row);
  }
}

/** @throws AppError invalid_request */
function numberOf(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^\d{1,9}$/.test(text)) throw invalidCursor();
  return Number(text);
}
