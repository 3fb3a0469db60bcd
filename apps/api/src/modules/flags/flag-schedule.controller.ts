import {
  type RampRequest,
  rampRequest,
  type ScheduleChangeRequest,
  type ScheduledChangeList,
  scheduleChangeRequest,
  scheduledChangeList,
  scheduledChangeParams,
  settingsParams,
} from '@bastionary/contracts/flags';
import { getFlag, getSetting } from '@bastionary/flags/actions/find-flag';
import { listChanges } from '@bastionary/flags/actions/find-revision';
import { cancelChange, type Place, scheduleChange, scheduleRamp } from '@bastionary/flags/actions/schedule-changes';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { toChanges } from './flag-views.js';

type Params = { environment: string; flag_key: string };
const placeOf = ({ environment, flag_key }: Params): Place => ({ environment, flag: flag_key });

@ApiTags('flags')
@Controller('api/environments/:environment/flags/:flag_key/schedule')
export class FlagScheduleController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('flags:read')
  @ApiOperation({ summary: 'What is arranged for a flag, in words, and what became of it' })
  @ApiOkResponse({ standardSchema: scheduledChangeList })
  async list(@Param({ schema: settingsParams }) params: Params): Promise<ScheduledChangeList> {
    return { data: await changes(this.db, placeOf(params)) };
  }

  @Post()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Arrange that a flag does something else from an instant on' })
  @ApiCreatedResponse({ standardSchema: scheduledChangeList })
  schedule(
    @Param({ schema: settingsParams }) params: Params,
    @Body({ schema: scheduleChangeRequest }) body: ScheduleChangeRequest,
    @Req() request: FastifyRequest,
  ): Promise<ScheduledChangeList> {
    return this.writer.writeOnce(request, async (tx) => {
      const ids = await scheduleChange(tx, originOf(request), placeOf(params), body, new Date());
      return made(tx, placeOf(params), ids);
    });
  }

  @Post('ramp')
  @Needs('flags:write')
  @ApiOperation({ summary: 'Arrange that a variant gets more and more, step by step' })
  @ApiCreatedResponse({ standardSchema: scheduledChangeList })
  ramp(
    @Param({ schema: settingsParams }) params: Params,
    @Body({ schema: rampRequest }) body: RampRequest,
    @Req() request: FastifyRequest,
  ): Promise<ScheduledChangeList> {
    return this.writer.writeOnce(request, async (tx) => {
      const ids = await scheduleRamp(tx, originOf(request), placeOf(params), body, new Date());
      return made(tx, placeOf(params), ids);
    });
  }

  @Delete(':change_id')
  @HttpCode(204)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Take back what is arranged: one change, or by the id of a ramp all that is left of it' })
  @ApiNoContentResponse()
  async cancel(
    @Param({ schema: scheduledChangeParams }) { change_id, ...params }: Params & { change_id: string },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => cancelChange(tx, originOf(request), placeOf(params), change_id, new Date()));
  }
}

async function changes(db: Reader, place: Place) {
  const flag = await getFlag(db, place.flag);
  const { settings } = await getSetting(db, place.environment, place.flag);
  return toChanges(flag, settings, await listChanges(db, place));
}

async function made(db: Reader, place: Place, ids: readonly string[]): Promise<ScheduledChangeList> {
  const all = await changes(db, place);
  return { data: all.filter(({ id }) => ids.includes(id)) };
}
