import type { Role, Session } from '@bastionary/contracts/operators';
import { ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/providers.js';
import { lockOperator } from './operator-rows.js';
import { hasSecondFactor, pendingOf, proofsOf } from './session-stage.js';
import { digestToken } from './session-token.js';
import { findSession, type OpenedSession, openSession, renewSession } from './sessions.js';

export interface SignedInSession {
  readonly opened: OpenedSession;
  readonly view: Session;
}

/** Opens sessions, lets them go on after a proof, and says what they are. */
@Injectable()
export class ConsoleSessions {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * @param options.isProven the second factor was shown already, or is not for this sign-in
   * @throws AppError invalid_sign_in for an operator who was suspended meanwhile
   */
  async open(
    tx: Transaction,
    operatorId: string,
    options: { mustSetPassword: boolean; isProven: boolean },
    request: FastifyRequest,
  ): Promise<SignedInSession> {
    const operator = await lockOperator(tx, operatorId);
    if (operator?.status !== 'active') throw new AppError('invalid_sign_in', 'This operator may not sign in.');
    const opened = await openSession(tx, operatorId, {
      mustSetPassword: options.mustSetPassword,
      mustVerify: !options.isProven && hasSecondFactor(operator),
      maxSeconds: this.config.SESSION_MAX_SECONDS,
      visitor: { address: request.ip, userAgent: request.headers['user-agent'] ?? null },
      now: new Date(),
    });
    return { opened, view: await this.view(tx, digestToken(opened.token)) };
  }

  /** @throws AppError unauthenticated if the session ended, or went on under another cookie, while this was under way */
  async renew(tx: Transaction, digest: string): Promise<SignedInSession> {
    const opened = await renewSession(tx, digest, new Date());
    if (opened === undefined) throw ended();
    return { opened, view: await this.view(tx, digestToken(opened.token)) };
  }

  async view(db: Reader, digest: string): Promise<Session> {
    const session = await findSession(db, digest, this.config.SESSION_IDLE_SECONDS, new Date());
    if (session === null) throw ended();
    const { operator, mustVerify, mustSetPassword, provenAt, expiresAt } = session;
    const codesLeft = await db.recoveryCode.count({ where: { operatorId: operator.id, usedAt: null } });
    const pending = pendingOf(session, this.config.REQUIRE_SECOND_FACTOR);
    return {
      operator: { id: operator.id, email: operator.email, name: operator.name, role: operator.role as Role },
      must_verify: mustVerify,
      must_set_password: mustSetPassword,
      must_enrol: pending === 'enrol',
      proofs: proofsOf(operator, codesLeft),
      permissions: pending === null ? [...ROLE_PERMISSIONS[operator.role as Role]] : [],
      fresh_until: toInstant(new Date(provenAt.getTime() + this.config.STEP_UP_SECONDS * 1_000)),
      expires_at: toInstant(expiresAt),
    };
  }
}

const ended = (): AppError => new AppError('unauthenticated', 'This session has ended. Sign in again.');
