import {
  type HandedLink,
  handedLink,
  type InviteRequest,
  inviteRequest,
  type Operator,
  type OperatorPage,
  type OperatorQuery,
  operator,
  operatorPage,
  operatorParams,
  operatorQuery,
  type UpdateOperatorRequest,
  updateOperatorRequest,
} from '@bastionary/contracts/operators';
import { type OpenSessions, openSessions } from '@bastionary/contracts/proofs';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, StepUp } from '../../platform/access.js';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { originOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import {
  type Asker,
  deleteOperator,
  endSessionsOf,
  inviteOperator,
  lockForChange,
  removeSecondFactorsOf,
  updateOperator,
} from './change-operators.js';
import { findOperator, listOperators, type OperatorRow, toOperator } from './operator-rows.js';
import { toOpenSession } from './session-views.js';
import { liveSessions } from './sessions.js';
import { createSignInLink } from './sign-in-links.js';

type Params = { operator_id: string };

@ApiTags('operators')
@Controller('api/operators')
export class OperatorsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @Needs('operators:read')
  @ApiOperation({ summary: 'The people who may sign in to the console, in the order in which they came' })
  @ApiOkResponse({ standardSchema: operatorPage })
  async list(@Query({ schema: operatorQuery }) { limit, cursor }: OperatorQuery): Promise<OperatorPage> {
    if (cursor !== undefined && !operatorParams.safeParse({ operator_id: cursor }).success) throw invalidCursor();
    const idleSeconds = this.config.SESSION_IDLE_SECONDS;
    const rows = await listOperators(this.db, { after: cursor, limit, idleSeconds, now: new Date() });
    const shown = rows.slice(0, limit);
    return { data: shown.map(toOperator), next_cursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  @Post()
  @Needs('operators:write')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Invite somebody. The answer has the one-time link to hand over; nothing else shows it' })
  @ApiCreatedResponse({ standardSchema: handedLink })
  invite(@Body({ schema: inviteRequest }) body: InviteRequest, @Req() request: FastifyRequest): Promise<HandedLink> {
    return this.writer.writeOnce(request, async (tx) => {
      const now = new Date();
      const id = await inviteOperator(tx, askerOf(request), body, now);
      return this.handLink(tx, request, id, now);
    });
  }

  @Get(':operator_id')
  @Needs('operators:read')
  @ApiOperation({ summary: 'One operator. The ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: operator })
  async get(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Operator> {
    return this.answer(await this.found(this.db, operator_id), reply);
  }

  @Patch(':operator_id')
  @Needs('operators:write')
  @StepUp((body) => 'role' in body || 'status' in body)
  @ApiOperation({ summary: 'Change name or role, suspend or resume. Another role or a suspension ends every session' })
  @ApiOkResponse({ standardSchema: operator })
  async update(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Body({ schema: updateOperatorRequest }) body: UpdateOperatorRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Operator> {
    const version = ifVersion(request);
    const row = await this.writer.write(async (tx) => {
      await updateOperator(tx, askerOf(request), operator_id, body, version);
      return this.found(tx, operator_id);
    });
    return this.answer(row, reply);
  }

  @Delete(':operator_id')
  @HttpCode(204)
  @Needs('operators:write')
  @StepUp()
  @ApiOperation({ summary: 'Delete an operator: signed out at once, everywhere. What they did stays in the audit log' })
  @ApiNoContentResponse()
  async delete(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => deleteOperator(tx, askerOf(request), operator_id));
  }

  @Post(':operator_id/sign-in-link')
  @Needs('operators:write')
  @StepUp()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'A new one-time link, for an invitation that expired or a lost password; earlier links stop working',
  })
  @ApiCreatedResponse({ standardSchema: handedLink })
  link(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<HandedLink> {
    return this.writer.writeOnce(request, async (tx) => {
      const { status } = await lockForChange(tx, askerOf(request), operator_id);
      if (status !== 'active')
        throw new AppError('invalid_request', 'A suspended operator gets no link. Resume first.');
      return this.handLink(tx, request, operator_id, new Date());
    });
  }

  @Get(':operator_id/sessions')
  @Needs('operators:read')
  @ApiOperation({ summary: 'Where an operator is signed in, the last seen first' })
  @ApiOkResponse({ standardSchema: openSessions })
  async sessions(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<OpenSessions> {
    await this.found(this.db, operator_id);
    const principal = principalOf(request);
    const ownId = principal.kind === 'operator' ? principal.session.id : null;
    const rows = await liveSessions(this.db, operator_id, this.config.SESSION_IDLE_SECONDS, new Date());
    return { data: rows.map((row) => toOpenSession(row, ownId)) };
  }

  @Delete(':operator_id/sessions')
  @HttpCode(204)
  @Needs('operators:write')
  @ApiOperation({ summary: 'Sign an operator out everywhere' })
  @ApiNoContentResponse()
  async endSessions(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => endSessionsOf(tx, askerOf(request), operator_id));
  }

  @Delete(':operator_id/second-factors')
  @HttpCode(204)
  @Needs('operators:write')
  @StepUp()
  @ApiOperation({ summary: 'Remove the second factors of an operator who lost them; ends every session' })
  @ApiNoContentResponse()
  async removeSecondFactors(
    @Param({ schema: operatorParams }) { operator_id }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => removeSecondFactorsOf(tx, askerOf(request), operator_id));
  }

  private async handLink(tx: Transaction, request: FastifyRequest, id: string, now: Date): Promise<HandedLink> {
    const { ISSUER_URL, SIGN_IN_LINK_SECONDS: seconds } = this.config;
    const token = await createSignInLink(tx, originOf(request), id, seconds, now);
    return {
      operator: toOperator(await this.found(tx, id)),
      sign_in_link: `${ISSUER_URL}/start#${token}`,
      link_expires_at: toInstant(new Date(now.getTime() + seconds * 1_000)),
    };
  }

  private async found(db: Reader, id: string): Promise<OperatorRow> {
    const row = await findOperator(db, id, this.config.SESSION_IDLE_SECONDS, new Date());
    if (row === null) throw new AppError('not_found', 'There is no such operator. GET /api/operators lists them.');
    return row;
  }

  private answer(row: OperatorRow, reply: FastifyReply): Operator {
    reply.header('etag', toEtag(row.version));
    return toOperator(row);
  }
}

const askerOf = (request: FastifyRequest): Asker => ({ principal: principalOf(request), origin: originOf(request) });
