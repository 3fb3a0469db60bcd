import type { ActivateMachineRequest } from '@bastionary/contracts/licenses';
import {
  type CheckOutBody,
  type CheckOutQuery,
  type CreateMachineBody,
  checkOutBody,
  checkOutQuery,
  createMachineBody,
  type FaceListQuery,
  faceDocument,
  faceList,
  faceListQuery,
  faceMachineParams,
  type UpdateMachineBody,
  updateMachineBody,
} from '@bastionary/contracts/machine-face';
import { activateMachine } from '@bastionary/licensing/actions/activate-machine';
import { deactivateMachine } from '@bastionary/licensing/actions/deactivate-machine';
import { toMachine, toMachines } from '@bastionary/licensing/actions/find-machine';
import { toKnownPolicy } from '@bastionary/licensing/actions/find-policy';
import { pingMachine } from '@bastionary/licensing/actions/ping-machine';
import { updateMachine } from '@bastionary/licensing/actions/update-machine';
import { newId } from '@bastionary/platform/ids';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated } from '../../../platform/access.js';
import { MachineFault } from '../../../platform/machine-answer.js';
import { originOf, principalOf } from '../../../platform/principal.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { LicenseFiles } from '../license-files.js';
import { checkOutWish } from './check-out-wish.js';
import { componentResource, fileResource, machineResource } from './documents.js';
import { FaceRoom, pageOf, tell } from './face-room.js';
import { sendFile } from './licenses-face.controller.js';

type MachineParams = { account?: string; machine: string };

/** Machines: the seats of a licence. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class MachinesFaceController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
    private readonly files: LicenseFiles,
  ) {}

  @Post('machines')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Activate a machine: take a seat' })
  @ApiCreatedResponse({ standardSchema: faceDocument })
  async activate(
    @Param() { account }: { account?: string },
    @Body({ schema: createMachineBody }) { data: wish }: CreateMachineBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const licenseId = wish.relationships.license.data.id;
    refuseOthers(request, licenseId);
    const data = await this.writer.writeOnce(request, async (tx) => {
      const { machine, isNew, components, locked } = await activateMachine(
        tx,
        originOf(request),
        licenseId,
        toRequest(wish),
      );
      // A retry that carries its Idempotency-Key gets the first answer; without one it is told that the seat is taken.
      if (!isNew) throw new MachineFault(422, 'FINGERPRINT_TAKEN', 'has already been taken', FINGERPRINT);
      const told = toMachine(machine, { components, processes: 0 }, locked.at);
      return machineResource(told, toKnownPolicy(locked.policy), this.room.place);
    });
    reply.status(201);
    return tell(reply, { data });
  }

  @Get('machines')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The machines of the licence that asks' })
  @ApiOkResponse({ standardSchema: faceList })
  async list(
    @Param() { account }: { account?: string },
    @Query({ schema: faceListQuery }) query: FaceListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const principal = principalOf(request);
    const rows = await this.db.machine.findMany({
      ...(principal.kind === 'license' && { where: { licenseId: principal.licenseId } }),
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageOf(query),
    });
    const data = [];
    for (const row of rows) data.push(await this.room.machineDocument(this.db, row));
    return tell(reply, { data });
  }

  @Get('machines/:machine')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A machine, by id or fingerprint' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async get(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await this.find(params, request);
    return tell(reply, { data: await this.room.machineDocument(this.db, row) });
  }

  @Patch('machines/:machine')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Change what is known of a machine' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async update(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Body({ schema: updateMachineBody }) { data: wish }: UpdateMachineBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id, licenseId } = await this.find(params, request);
    const data = await this.writer.writeOnce(request, async (tx) =>
      this.room.machineDocument(tx, await updateMachine(tx, originOf(request), licenseId, id, wish.attributes)),
    );
    return tell(reply, { data });
  }

  @Delete('machines/:machine')
  @HttpCode(204)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Deactivate a machine: give its seat back' })
  @ApiNoContentResponse()
  async deactivate(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { id, licenseId } = await this.find(params, request);
    await this.writer.write((tx) => deactivateMachine(tx, originOf(request), licenseId, id));
  }

  @Post(['machines/:machine/actions/ping', 'machines/:machine/actions/ping-heartbeat'])
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A heartbeat' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async ping(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id, licenseId } = await this.find(params, request);
    const data = await this.writer.write(async (tx) =>
      this.room.machineDocument(tx, await pingMachine(tx, originOf(request), licenseId, id)),
    );
    return tell(reply, { data });
  }

  @Post('machines/:machine/actions/check-out')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A machine file' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async checkOut(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Query({ schema: checkOutQuery }) query: CheckOutQuery,
    @Body({ schema: checkOutBody }) body: CheckOutBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id: machineId, licenseId } = await this.find(params, request);
    const wish = checkOutWish(query, body);
    const file = await this.files.checkOut(request, licenseId, machineId, wish);
    const owner = { licenseId, machineId };
    return tell(reply, {
      data: fileResource('machine-files', file, wish.include, owner, newId('mfl'), this.room.place),
    });
  }

  @Get('machines/:machine/actions/check-out')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The same as the file itself' })
  async download(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Query({ schema: checkOutQuery }) query: CheckOutQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { id, licenseId } = await this.find(params, request);
    return sendFile(reply, await this.files.checkOut(request, licenseId, id, checkOutWish(query, {})), 'machine.lic');
  }

  @Get('machines/:machine/components')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The components of a machine' })
  @ApiOkResponse({ standardSchema: faceList })
  async components(
    @Param({ schema: faceMachineParams }) params: MachineParams,
    @Query({ schema: faceListQuery }) query: FaceListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const [machine] = await toMachines(this.db, [await this.find(params, request)]);
    const { skip, take } = pageOf(query);
    const shown = (machine?.components ?? []).slice(skip, skip + take);
    return tell(reply, { data: shown.map((one) => componentResource(one, machine as never, this.room.place)) });
  }

  private find({ account, machine }: MachineParams, request: FastifyRequest) {
    this.room.checkAccount(account);
    return this.room.machine(this.db, request, machine);
  }
}

const FINGERPRINT = '/data/attributes/fingerprint';

/** A program takes seats of its own licence only; another's is as if it were not there. */
function refuseOthers(request: FastifyRequest, licenseId: string): void {
  const principal = principalOf(request);
  if (principal.kind !== 'license' || principal.licenseId === licenseId) return;
  throw new MachineFault(422, 'LICENSE_NOT_FOUND', 'must exist', '/data/relationships/license');
}

function toRequest({ attributes, relationships }: CreateMachineBody['data']): ActivateMachineRequest {
  const { metadata, ...plain } = attributes;
  return {
    ...plain,
    ...(metadata && { metadata }),
    ...(relationships.owner?.data && { user: relationships.owner.data.id }),
    components: (relationships.components?.data ?? []).map(({ attributes: { fingerprint, name } }) => ({
      fingerprint,
      name,
    })),
  };
}
