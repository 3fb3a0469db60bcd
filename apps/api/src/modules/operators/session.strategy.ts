import type { Role } from '@bastionary/contracts/operators';
import { ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { RequestStrategy } from '../../platform/request-strategy.js';
import { checkSameOrigin } from '../../platform/same-origin.js';
import { readSessionCookie } from './session-cookie.js';
import { pendingOf } from './session-stage.js';
import { digestToken } from './session-token.js';
import { findSession, touchSession } from './sessions.js';

const READING = new Set(['GET', 'HEAD']);

/** An operator by the console's cookie. Role and status are read at every request: a change of them holds at once. */
@Injectable()
export class SessionStrategy extends PassportStrategy(RequestStrategy, 'session') {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
  ) {
    super();
  }

  async validate(request: FastifyRequest): Promise<Principal | null> {
    const token = readSessionCookie(request, this.config.ISSUER_URL);
    if (token === undefined) return null;
    if (!READING.has(request.method)) checkSameOrigin(request, this.config.ISSUER_URL);
    const now = new Date();
    const session = await findSession(this.db, digestToken(token), this.config.SESSION_IDLE_SECONDS, now);
    if (session === null) return null;
    await touchSession(this.db, session, now);
    const { id, digest, provenAt } = session;
    return {
      kind: 'operator',
      operatorId: session.operatorId,
      permissions: new Set(ROLE_PERMISSIONS[session.operator.role as Role]),
      session: { id, digest, provenAt, pending: pendingOf(session, this.config.REQUIRE_SECOND_FACTOR) },
    };
  }
}
