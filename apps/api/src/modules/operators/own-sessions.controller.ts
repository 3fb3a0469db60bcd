import { type OpenSessions, openSessions, sessionParams } from '@bastionary/contracts/proofs';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit } from '@bastionary/platform/audit';
import { Controller, Delete, Get, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SignedIn } from '../../platform/access.js';
import { operatorOf, originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { toOpenSession } from './session-views.js';
import { endSessions, liveSessions } from './sessions.js';

@ApiTags('session')
@Controller('api/session/sessions')
export class OwnSessionsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Get()
  @SignedIn()
  @ApiOperation({ summary: 'Where you are signed in, the last seen first' })
  @ApiOkResponse({ standardSchema: openSessions })
  async list(@Req() request: FastifyRequest): Promise<OpenSessions> {
    const { operatorId, session } = operatorOf(request);
    const rows = await liveSessions(this.db, operatorId, this.config.SESSION_IDLE_SECONDS, new Date());
    return { data: rows.map((row) => toOpenSession(row, session.id)) };
  }

  @Delete()
  @HttpCode(204)
  @SignedIn()
  @ApiOperation({ summary: 'Sign out everywhere else' })
  @ApiNoContentResponse()
  async endOthers(@Req() request: FastifyRequest): Promise<void> {
    const { operatorId, session } = operatorOf(request);
    await this.writer.write(async (tx) => {
      const ended = await endSessions(tx, operatorId, session.id);
      const target = `operator:${operatorId}`;
      await appendAudit(tx, originOf(request), { action: 'operator.sessions_ended', target, detail: { ended } });
    });
  }

  @Delete(':session_id')
  @HttpCode(204)
  @SignedIn()
  @ApiOperation({ summary: 'End one of your sessions' })
  @ApiNoContentResponse()
  async end(
    @Param({ schema: sessionParams }) { session_id }: { session_id: string },
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const { operatorId } = operatorOf(request);
    await this.writer.write(async (tx) => {
      const { count } = await tx.operatorSession.deleteMany({ where: { id: session_id, operatorId } });
      if (count === 0)
        throw new AppError('not_found', 'You have no such session. GET /api/session/sessions lists them.');
      const detail = { session: session_id };
      const target = `operator:${operatorId}`;
      await appendAudit(tx, originOf(request), { action: 'operator.session_ended', target, detail });
    });
  }
}
