import {
  type CopiedSettings,
  type CopySettingsRequest,
  type CreateEnvironmentRequest,
  compareQuery,
  copiedSettings,
  copySettingsRequest,
  createEnvironmentRequest,
  type Environment,
  type EnvironmentComparison,
  type EnvironmentList,
  environment,
  environmentComparison,
  environmentList,
  environmentParams,
  updateEnvironmentRequest,
} from '@bastionary/contracts/environments';
import { compareEnvironments, copySettings } from '@bastionary/flags/actions/copy-settings';
import {
  createEnvironment,
  deleteEnvironment,
  listEnvironments,
  renameEnvironment,
} from '@bastionary/flags/actions/environments';
import { noSuchEnvironment } from '@bastionary/flags/actions/refusals';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { toEnvironment } from './flag-views.js';

type Params = { environment: string };

@ApiTags('environments')
@Controller('api/environments')
export class EnvironmentsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('flags:read')
  @ApiOperation({ summary: 'List the environments that flags are evaluated in' })
  @ApiOkResponse({ standardSchema: environmentList })
  async list(): Promise<EnvironmentList> {
    return { data: (await listEnvironments(this.db)).map(toEnvironment) };
  }

  @Post()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Make an environment, empty or as a copy of another' })
  @ApiCreatedResponse({ standardSchema: environment })
  create(
    @Body({ schema: createEnvironmentRequest }) body: CreateEnvironmentRequest,
    @Req() request: FastifyRequest,
  ): Promise<Environment> {
    return this.writer.writeOnce(request, async (tx) =>
      toEnvironment(await createEnvironment(tx, originOf(request), body, new Date())),
    );
  }

  @Get(':environment')
  @Needs('flags:read')
  @ApiOperation({ summary: 'One environment' })
  @ApiOkResponse({ standardSchema: environment })
  get(@Param({ schema: environmentParams }) { environment: key }: Params): Promise<Environment> {
    return counted(this.db, key);
  }

  @Patch(':environment')
  @Needs('flags:write')
  @ApiOperation({ summary: 'Rename an environment; its key stays' })
  @ApiOkResponse({ standardSchema: environment })
  async rename(
    @Param({ schema: environmentParams }) { environment: key }: Params,
    @Body({ schema: updateEnvironmentRequest }) { name }: { name: string },
    @Req() request: FastifyRequest,
  ): Promise<Environment> {
    await this.writer.write((tx) => renameEnvironment(tx, originOf(request), key, name, new Date()));
    return counted(this.db, key);
  }

  @Delete(':environment')
  @HttpCode(204)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Delete an environment with what flags did there; refused while clients evaluate in it' })
  @ApiNoContentResponse()
  async remove(
    @Param({ schema: environmentParams }) { environment: key }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => deleteEnvironment(tx, originOf(request), key));
  }

  @Get(':environment/compare')
  @Needs('flags:read')
  @ApiOperation({ summary: 'Which flags do something else in another environment, in words' })
  @ApiOkResponse({ standardSchema: environmentComparison })
  compare(
    @Param({ schema: environmentParams }) { environment: key }: Params,
    @Query({ schema: compareQuery }) query: { with: string },
  ): Promise<EnvironmentComparison> {
    return compareEnvironments(this.db, key, query.with);
  }

  @Post(':environment/copy')
  @HttpCode(200)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Let flags do here what they do in another environment' })
  @ApiOkResponse({ standardSchema: copiedSettings })
  async copy(
    @Param({ schema: environmentParams }) { environment: key }: Params,
    @Body({ schema: copySettingsRequest }) body: CopySettingsRequest,
    @Req() request: FastifyRequest,
  ): Promise<CopiedSettings> {
    const flags = await this.writer.write((tx) => copySettings(tx, originOf(request), key, body, new Date()));
    return { flags };
  }
}

/** @throws AppError not_found */
async function counted(db: Reader, key: string): Promise<Environment> {
  const row = (await listEnvironments(db)).find((one) => one.key === key);
  if (row === undefined) throw noSuchEnvironment(key);
  return toEnvironment(row);
}
