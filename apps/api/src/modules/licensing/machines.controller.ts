import {
  type ActivateMachineRequest,
  activateMachineRequest,
  licenseParams,
  type Machine,
  type MachinePage,
  machine,
  machineListQuery,
  machinePage,
  machineParams,
} from '@bastionary/contracts/licenses';
import { activateMachine } from '@bastionary/licensing/actions/activate-machine';
import { deactivateMachine } from '@bastionary/licensing/actions/deactivate-machine';
import { getLicense } from '@bastionary/licensing/actions/find-license';
import { listMachines, type MachineRow, toMachines } from '@bastionary/licensing/actions/find-machine';
import { pingMachine } from '@bastionary/licensing/actions/ping-machine';
import type { Reader } from '@bastionary/prisma/client';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { customerOf, originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';

type Params = { license_id: string };
type MachineParams = Params & { machine_id: string };

const IDS = /^mch_[0-9a-z]{26}$/;

@ApiTags('licenses')
@Controller('api/licenses/:license_id/machines')
export class MachinesController {
  // Whoever wants a seat of the same licence waits for the same row: better here than each with a connection of its own.
  private readonly turns = new Turns();

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('licenses:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Who holds the seats of a licence, the newest first' })
  @ApiOkResponse({ standardSchema: machinePage })
  async list(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Query({ schema: machineListQuery }) { limit, cursor }: { limit: number; cursor?: string },
    @Req() request: FastifyRequest,
  ): Promise<MachinePage> {
    await getLicense(this.db, license_id, customerOf(request));
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const rows = await listMachines(this.db, license_id, { limit, after });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: await toMachines(this.db, shown),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Post()
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Take a seat for a machine: 201; 200 if its fingerprint has one already' })
  @ApiCreatedResponse({ standardSchema: machine })
  async activate(
    @Param({ schema: licenseParams }) { license_id }: Params,
    @Body({ schema: activateMachineRequest }) body: ActivateMachineRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Machine> {
    const { isNew, told } = await this.turns.take(license_id, () =>
      this.writer.writeOnce(request, async (tx) => {
        const activated = await activateMachine(tx, originOf(request), license_id, body);
        return { isNew: activated.isNew, told: await toMachine(tx, activated.machine) };
      }),
    );
    reply.status(isNew ? 201 : 200);
    return told;
  }

  @Delete(':machine_id')
  @HttpCode(204)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'Give the seat of a machine back, by its id or fingerprint' })
  @ApiNoContentResponse()
  async deactivate(
    @Param({ schema: machineParams }) { license_id, machine_id }: MachineParams,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.turns.take(license_id, () =>
      this.writer.write((tx) => deactivateMachine(tx, originOf(request), license_id, machine_id)),
    );
  }

  @Post(':machine_id/ping')
  @HttpCode(200)
  @Needs('licenses:write')
  @ApiOperation({ summary: 'A heartbeat of a machine' })
  @ApiOkResponse({ standardSchema: machine })
  ping(
    @Param({ schema: machineParams }) { license_id, machine_id }: MachineParams,
    @Req() request: FastifyRequest,
  ): Promise<Machine> {
    return this.writer.write(async (tx) =>
      toMachine(tx, await pingMachine(tx, originOf(request), license_id, machine_id)),
    );
  }
}

async function toMachine(db: Reader, row: MachineRow): Promise<Machine> {
  const [told] = await toMachines(db, [row]);
  return told as Machine;
}
