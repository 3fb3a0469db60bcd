import {
  type CreateComponentBody,
  createComponentBody,
  faceComponentParams,
  faceDocument,
} from '@bastionary/contracts/machine-face';
import { toInstant } from '@bastionary/contracts/text';
import {
  addComponent,
  type ComponentRow,
  getComponent,
  removeComponent,
} from '@bastionary/licensing/actions/components';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated } from '../../../platform/access.js';
import { originOf, principalOf } from '../../../platform/principal.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { componentResource, type Resource } from './documents.js';
import { FaceRoom, tell } from './face-room.js';

type ComponentParams = { account?: string; component: string };

/** Parts of machines. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class ComponentsFaceController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
  ) {}

  @Post('components')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Add a component to a machine' })
  @ApiCreatedResponse({ standardSchema: faceDocument })
  async add(
    @Param() { account }: { account?: string },
    @Body({ schema: createComponentBody }) { data: wish }: CreateComponentBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const machine = await this.room.machine(this.db, request, wish.relationships.machine.data.id);
    const data = await this.writer.writeOnce(request, async (tx) =>
      this.document(await addComponent(tx, originOf(request), machine.licenseId, machine.id, wish.attributes)),
    );
    reply.status(201);
    return tell(reply, { data });
  }

  @Get('components/:component')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A component' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async get(
    @Param({ schema: faceComponentParams }) params: ComponentParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return tell(reply, { data: this.document(await this.find(params, request)) });
  }

  @Delete('components/:component')
  @HttpCode(204)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Remove a component from its machine' })
  @ApiNoContentResponse()
  async remove(
    @Param({ schema: faceComponentParams }) params: ComponentParams,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { id } = await this.find(params, request);
    await this.writer.write((tx) => removeComponent(tx, originOf(request), id));
  }

  private async find({ account, component: id }: ComponentParams, request: FastifyRequest): Promise<ComponentRow> {
    this.room.checkAccount(account);
    const row = await getComponent(this.db, id);
    const principal = principalOf(request);
    if (principal.kind === 'license' && principal.licenseId !== row.licenseId) {
      throw new AppError('not_found', `There is no component ${id}.`);
    }
    return row;
  }

  private document(row: ComponentRow): Resource {
    const owner = { id: row.machineId, license_id: row.licenseId, created_at: toInstant(row.createdAt) };
    return componentResource(row, owner, this.room.place);
  }
}
