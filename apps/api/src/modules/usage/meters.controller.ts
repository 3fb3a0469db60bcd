import { createMeter, updateMeter } from '@bastionary/billing/actions/metering/change-meters';
import { getMeter, listMeters, toMeter } from '@bastionary/billing/actions/metering/find-meter';
import {
  type CreateMeterRequest,
  createMeterRequest,
  type Meter,
  type MeterList,
  meter,
  meterList,
  meterParams,
  type UpdateMeterRequest,
  updateMeterRequest,
} from '@bastionary/contracts/meters';
import { Body, Controller, Get, Inject, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';

type Params = { key: string };

@ApiTags('meters')
@Controller('api/meters')
export class MetersController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Make a meter. It counts events of before it too, and what it counts never changes' })
  @ApiCreatedResponse({ standardSchema: meter })
  create(
    @Body({ schema: createMeterRequest }) body: CreateMeterRequest,
    @Req() request: FastifyRequest,
  ): Promise<Meter> {
    const { METERS_MAX } = this.config;
    return this.writer.writeOnce(request, async (tx) =>
      toMeter(await createMeter(tx, originOf(request), body, METERS_MAX, new Date())),
    );
  }

  @Get()
  @Needs('catalogue:read')
  @OpenToCustomers('nobody')
  @ApiOperation({ summary: 'The meters, by key' })
  @ApiOkResponse({ standardSchema: meterList })
  async list(): Promise<MeterList> {
    return { data: (await listMeters(this.db)).map(toMeter) };
  }

  @Get(':key')
  @Needs('catalogue:read')
  @OpenToCustomers('nobody')
  @ApiOperation({ summary: 'One meter' })
  @ApiOkResponse({ standardSchema: meter })
  async get(@Param({ schema: meterParams }) { key }: Params): Promise<Meter> {
    return toMeter(await getMeter(this.db, key));
  }

  @Patch(':key')
  @Needs('catalogue:write')
  @ApiOperation({ summary: 'Change name, description or unit of a meter, archive it or take it back' })
  @ApiOkResponse({ standardSchema: meter })
  async update(
    @Param({ schema: meterParams }) { key }: Params,
    @Body({ schema: updateMeterRequest }) body: UpdateMeterRequest,
    @Req() request: FastifyRequest,
  ): Promise<Meter> {
    return toMeter(await this.writer.write((tx) => updateMeter(tx, originOf(request), key, body, new Date())));
  }
}
