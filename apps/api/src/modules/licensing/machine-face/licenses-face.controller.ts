import type { LicenseFile } from '@bastionary/contracts/licenses';
import {
  type CheckOutBody,
  type CheckOutQuery,
  checkOutBody,
  checkOutQuery,
  type FaceListQuery,
  faceDocument,
  faceLicenseParams,
  faceList,
  faceListQuery,
  faceParams,
  type UsageBody,
  usageBody,
} from '@bastionary/contracts/machine-face';
import { checkIn } from '@bastionary/licensing/actions/check-in';
import { decrementUses, incrementUses, resetUses } from '@bastionary/licensing/actions/count-uses';
import { toMachines } from '@bastionary/licensing/actions/find-machine';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MachineAuthenticated } from '../../../platform/access.js';
import { MachineFault } from '../../../platform/machine-answer.js';
import { principalOf } from '../../../platform/principal.js';
import { type Database, WHOLE_DATABASE } from '../../../platform/providers.js';
import { Writer } from '../../../platform/writer.js';
import { LicenseFiles } from '../license-files.js';
import { checkOutWish } from './check-out-wish.js';
import { entitlementResource, fileResource, machineResource } from './documents.js';
import { FaceRoom, pageOf, tell } from './face-room.js';

type AccountParams = { account?: string };
type LicenseParams = AccountParams & { license: string };

/** A licence, and what a program that holds it may see and do of it. */
@ApiTags('machine-facing licences')
@Controller(['v1', 'v1/accounts/:account'])
export class LicensesFaceController {
  constructor(
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly writer: Writer,
    private readonly room: FaceRoom,
    private readonly files: LicenseFiles,
  ) {}

  @Get('me')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Who asks: the licence whose key or token was sent' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async me(
    @Param({ schema: faceParams }) { account }: AccountParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    this.room.checkAccount(account);
    const principal = principalOf(request);
    if (principal.kind === 'license') {
      const row = await this.room.license(this.db, request, principal.licenseId);
      return tell(reply, { data: await this.room.licenseDocument(this.db, row) });
    }
    const id = principal.kind === 'client' ? principal.clientId : principal.operatorId;
    return tell(reply, { data: { id, type: 'tokens', attributes: { kind: 'product-token' } } });
  }

  @Get('licenses/:license')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A licence' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async get(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await this.find(params, request);
    return tell(reply, { data: await this.room.licenseDocument(this.db, row) });
  }

  @Get('licenses/:license/entitlements')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'What the licence entitles to now' })
  @ApiOkResponse({ standardSchema: faceList })
  async entitlements(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Query({ schema: faceListQuery }) query: FaceListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { license } = await this.room.toldLicense(this.db, await this.find(params, request));
    const { skip, take } = pageOf(query);
    const shown = license.entitlements.slice(skip, skip + take);
    return tell(reply, { data: shown.map((one) => entitlementResource(one, license, this.room.place)) });
  }

  @Get('licenses/:license/machines')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The machines of the licence, the newest first' })
  @ApiOkResponse({ standardSchema: faceList })
  async machines(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Query({ schema: faceListQuery }) query: FaceListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await this.find(params, request);
    const rows = await this.db.machine.findMany({
      where: { licenseId: row.id },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageOf(query),
    });
    const policy = await this.room.policyOf(this.db, row);
    const machines = await toMachines(this.db, rows);
    return tell(reply, { data: machines.map((machine) => machineResource(machine, policy, this.room.place)) });
  }

  @Post('licenses/:license/actions/check-in')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Say that the licence is still in use' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async checkIn(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.change(params, request, reply, (tx, id) => checkIn(tx, id));
  }

  @Post('licenses/:license/actions/increment-usage')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Count uses' })
  @ApiOkResponse({ standardSchema: faceDocument })
  increment(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Body({ schema: usageBody }) { meta }: UsageBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.change(params, request, reply, (tx, id) => incrementUses(tx, id, meta?.increment ?? 1));
  }

  @Post('licenses/:license/actions/decrement-usage')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Take uses back; for whoever manages licences' })
  @ApiOkResponse({ standardSchema: faceDocument })
  decrement(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Body({ schema: usageBody }) { meta }: UsageBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    refusePrograms(request);
    return this.change(params, request, reply, (tx, id) => decrementUses(tx, id, meta?.decrement ?? 1));
  }

  @Post('licenses/:license/actions/reset-usage')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'Count uses anew; for whoever manages licences' })
  @ApiOkResponse({ standardSchema: faceDocument })
  reset(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    refusePrograms(request);
    return this.change(params, request, reply, (tx, id) => resetUses(tx, id));
  }

  @Post('licenses/:license/actions/check-out')
  @HttpCode(200)
  @MachineAuthenticated()
  @ApiOperation({ summary: 'A licence file' })
  @ApiOkResponse({ standardSchema: faceDocument })
  async checkOut(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Query({ schema: checkOutQuery }) query: CheckOutQuery,
    @Body({ schema: checkOutBody }) body: CheckOutBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { id: licenseId } = await this.find(params, request);
    const wish = checkOutWish(query, body);
    const file = await this.files.checkOut(request, licenseId, undefined, wish);
    const data = fileResource('license-files', file, wish.include, { licenseId }, newId('lfl'), this.room.place);
    return tell(reply, { data });
  }

  @Get('licenses/:license/actions/check-out')
  @MachineAuthenticated()
  @ApiOperation({ summary: 'The same as the file itself' })
  async download(
    @Param({ schema: faceLicenseParams }) params: LicenseParams,
    @Query({ schema: checkOutQuery }) query: CheckOutQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { id } = await this.find(params, request);
    return sendFile(reply, await this.files.checkOut(request, id, undefined, checkOutWish(query, {})), 'license.lic');
  }

  private find({ account, license }: LicenseParams, request: FastifyRequest) {
    this.room.checkAccount(account);
    return this.room.license(this.db, request, license);
  }

  private async change(
    params: LicenseParams,
    request: FastifyRequest,
    reply: FastifyReply,
    act: (tx: Transaction, id: string) => ReturnType<typeof checkIn>,
  ): Promise<object> {
    const { id } = await this.find(params, request);
    const data = await this.writer.writeOnce(request, async (tx) => this.room.licenseDocument(tx, await act(tx, id)));
    return tell(reply, { data });
  }
}

function refusePrograms(request: FastifyRequest): void {
  if (principalOf(request).kind !== 'license') return;
  throw new MachineFault(403, 'LICENSE_NOT_ALLOWED', 'You do not have permission to complete the request');
}

/** A file as it is written to a disk. */
export function sendFile(reply: FastifyReply, { certificate }: LicenseFile, name: string): string {
  reply
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store');
  return certificate;
}
