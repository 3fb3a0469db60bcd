import {
  type CreateProcessBody,
  createProcessBody,
  type FaceListQuery,
  faceDocument,
  faceList,
  faceListQuery,
  faceMachineParams,
  faceProcessParams,
} from '@bastionary/contracts/machine-face';
import { toInstant } from '@bastionary/contracts/text';
import { databaseClock } from '@bastionary/licensing/actions/find-machine';
import {
  endProcess,
  getProcess,
  type ProcessRow,
  pingProcess,
  startProcess,
} from '@bastionary/licensing/actions/processes';
import { noSuchProcess } from '@bastionary/licensing/actions/refusals';
import { heartbeatSeconds, isAlive } from '@bastionary/licensing/rules/heartbeat';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated } from '../../../platform/access.js';
import { principalOf } from '../../../platform/principal.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { processResource, type Resource } from './documents.js';
import { FaceRoom, pageOf, tell } from './face-room.js';

type ProcessParams = { account?: string; process: string };
type MachineParams = { account?: string; machine: string };

/** Programs that run on machines. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class ProcessesFaceController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
  ) {}

  @Post('processes')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A program begins to run on a machine' })
  @ApiCreatedResponse({ standardSchema: faceDocument })
  async start(
    @Param() { account }: { account?: string },
    @Body({ schema: createProcessBody }) { data: wish }: CreateProcessBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const { id } = await this.room.machine(this.db, request, wish.relationships.machine.data.id);
    const { pid, metadata } = wish.attributes;
    const data = await this.writer.writeOnce(request, async (tx) =>
      this.document(tx, await startProcess(tx, id, { pid, ...(metadata && { metadata }) })),
    );
    reply.status(201);
    return tell(reply, { data });
  }

  @Get('machines/:machine/processes')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The processes of a machine, the newest first' })
  @ApiOkResponse({ standardSchema: faceList })
  async list(
    @Param({ schema: faceMachineParams }) { account, machine }: MachineParams,
    @Query({ schema: faceListQuery }) query: FaceListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const { id } = await this.room.machine(this.db, request, machine);
    const rows = await this.db.machineProcess.findMany({
      where: { machineId: id },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageOf(query),
    });
    const data = [];
    for (const row of rows) data.push(await this.document(this.db, row));
    return tell(reply, { data });
  }

  @Get('processes/:process')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A process' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async get(
    @Param({ schema: faceProcessParams }) params: ProcessParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await this.find(params, request);
    return tell(reply, { data: await this.document(this.db, row) });
  }

  @Delete('processes/:process')
  @HttpCode(204)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A program has ended' })
  @ApiNoContentResponse()
  async end(
    @Param({ schema: faceProcessParams }) params: ProcessParams,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { id } = await this.find(params, request);
    await this.writer.write((tx) => endProcess(tx, id));
  }

  @Post(['processes/:process/actions/ping', 'processes/:process/actions/ping-heartbeat'])
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A heartbeat of a process' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async ping(
    @Param({ schema: faceProcessParams }) params: ProcessParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id } = await this.find(params, request);
    const data = await this.writer.write(async (tx) => this.document(tx, await pingProcess(tx, id)));
    return tell(reply, { data });
  }

  /** One of the caller's own licence; another's is as if it were not there. */
  private async find({ account, process: id }: ProcessParams, request: FastifyRequest): Promise<ProcessRow> {
    this.room.checkAccount(account);
    const row = await getProcess(this.db, id);
    const principal = principalOf(request);
    if (principal.kind === 'license' && principal.licenseId !== row.licenseId) throw noSuchProcess(id);
    return row;
  }

  private async document(db: Reader, row: ProcessRow): Promise<Resource> {
    const license = await db.license.findUniqueOrThrow({ where: { id: row.licenseId } });
    const policy = await this.room.policyOf(db, license);
    const facts = {
      id: row.id,
      machine_id: row.machineId,
      license_id: row.licenseId,
      pid: row.pid,
      status: isAlive(row, await databaseClock(db)) ? ('ALIVE' as const) : ('DEAD' as const),
      interval: heartbeatSeconds(policy),
      last_heartbeat_at: toInstant(row.lastHeartbeatAt),
      metadata: row.metadata as Record<string, unknown>,
      created_at: toInstant(row.createdAt),
      updated_at: toInstant(row.lastHeartbeatAt),
    };
    return processResource(facts, this.room.place);
  }
}
