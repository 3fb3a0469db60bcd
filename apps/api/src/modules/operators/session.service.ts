import type { Role, Session, SetPasswordRequest, SignInRequest } from '@bastionary/contracts/operators';
import { ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit } from '@bastionary/platform/audit';
import { hashPassword, UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GuessLimit } from '../../platform/guess-limit.js';
import { Limits } from '../../platform/limits/limits.js';
import { originOf, type Principal, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database, LOGGER, type Logger } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';
import { type OpenedSession, openSession } from './sessions.js';
import { redeemLink } from './sign-in-links.js';

export interface SignedInSession {
  readonly opened: OpenedSession;
  readonly view: Session;
}

/** Signing in and out. */
@Injectable()
export class SessionService {
  private readonly wrong: GuessLimit;
  private readonly turns = new Turns();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly writer: Writer,
    limits: Limits,
  ) {
    this.wrong = new GuessLimit(limits, {
      kind: 'sign_in',
      attempts: config.SIGN_IN_ATTEMPTS,
      attemptsPerAddress: config.SIGN_IN_ATTEMPTS_PER_ADDRESS,
      windowSeconds: 900,
      refusal: (retryAfterSeconds) => {
        const minutes = Math.ceil(retryAfterSeconds / 60);
        return new AppError('too_many_requests', `Too many wrong passwords. Try again in ${minutes} min.`, {
          retryAfterSeconds,
        });
      },
    });
  }

  /** @throws AppError invalid_sign_in, the same for an unknown e-mail and a wrong password; too_many_requests */
  async signIn({ email, password }: SignInRequest, request: FastifyRequest): Promise<SignedInSession> {
    // Passwords are compared slowly: guesses sent at once wait for each other, or all would pass the check before one is counted.
    const operatorId = await this.turns.take(`${email} ${request.ip}`, () => this.recognise(email, password, request));
    return this.writer.write(async (tx) => {
      const signedIn = await this.open(tx, operatorId, false, request);
      await appendAudit(tx, originOf(request, `operator:${operatorId}`), {
        action: 'operator.signed_in',
        target: `operator:${operatorId}`,
      });
      return signedIn;
    });
  }

  private async recognise(email: string, password: string, request: FastifyRequest): Promise<string> {
    await this.wrong.checkEverywhere(email, request.ip);
    const operator = await this.db.operator.findUnique({ where: { email } });
    const right = await verifyPassword(operator?.passwordHash ?? UNMATCHABLE_HASH, password);
    if (operator !== null && right) {
      this.wrong.prove(email, request.ip);
      return operator.id;
    }
    await this.wrong.record(email, request.ip);
    this.logger.warn({ request_id: request.id, address: request.ip, known: operator !== null }, 'sign-in refused');
    throw new AppError('invalid_sign_in', 'The e-mail address or the password is wrong.');
  }

  async redeemLink(token: string, request: FastifyRequest): Promise<SignedInSession> {
    return this.writer.write(async (tx) => {
      const operatorId = await redeemLink(tx, (id) => originOf(request, `operator:${id}`), token, new Date());
      return this.open(tx, operatorId, true, request);
    });
  }

  /** @throws AppError operator_exists if another operator has the e-mail address; insufficient_scope without a one-time link */
  async setPassword({ email, name, password }: SetPasswordRequest, request: FastifyRequest): Promise<SignedInSession> {
    const { operatorId, mustSetPassword } = operatorOf(request);
    if (!mustSetPassword)
      throw new AppError('insufficient_scope', 'Setting a password takes a session from a one-time link.');
    const passwordHash = await hashPassword(password);
    return this.writer.write(async (tx) => {
      if ((await tx.operator.count({ where: { email, id: { not: operatorId } } })) > 0) {
        throw new AppError('operator_exists', 'Another operator has this e-mail address.', {
          faults: [{ path: '/email', code: 'taken', message: 'is taken' }],
        });
      }
      await tx.operator.update({ where: { id: operatorId }, data: { email, name, passwordHash } });
      await tx.operatorSession.deleteMany({ where: { operatorId } });
      const signedIn = await this.open(tx, operatorId, false, request);
      await appendAudit(tx, originOf(request), {
        action: 'operator.password_set',
        target: `operator:${operatorId}`,
        detail: { email, name },
      });
      return signedIn;
    });
  }

  async current(request: FastifyRequest): Promise<Session> {
    const { sessionDigest } = operatorOf(request);
    const session = await this.db.operatorSession.findUniqueOrThrow({ where: { digest: sessionDigest } });
    return this.view(this.db, session.operatorId, session.mustSetPassword, session.expiresAt);
  }

  async signOut(request: FastifyRequest): Promise<void> {
    const { operatorId, sessionDigest } = operatorOf(request);
    await this.writer.write(async (tx) => {
      await tx.operatorSession.deleteMany({ where: { digest: sessionDigest } });
      await appendAudit(tx, originOf(request), { action: 'operator.signed_out', target: `operator:${operatorId}` });
    });
  }

  private async open(
    tx: Transaction,
    operatorId: string,
    mustSetPassword: boolean,
    request: FastifyRequest,
  ): Promise<SignedInSession> {
    const visitor = { address: request.ip, userAgent: request.headers['user-agent'] ?? null };
    const maxSeconds = this.config.SESSION_MAX_SECONDS;
    const opened = await openSession(tx, operatorId, { mustSetPassword, maxSeconds, visitor, now: new Date() });
    return { opened, view: await this.view(tx, operatorId, mustSetPassword, opened.expiresAt) };
  }

  private async view(
    db: Database | Transaction,
    operatorId: string,
    mustSetPassword: boolean,
    expiresAt: Date,
  ): Promise<Session> {
    const { email, name, role } = await db.operator.findUniqueOrThrow({ where: { id: operatorId } });
    return {
      operator: { id: operatorId, email, name, role: role as Role },
      must_set_password: mustSetPassword,
      permissions: mustSetPassword ? [] : [...ROLE_PERMISSIONS[role as Role]],
      expires_at: toInstant(expiresAt),
    };
  }
}

function operatorOf(request: FastifyRequest): Principal & { kind: 'operator' } {
  const principal = principalOf(request);
  if (principal.kind !== 'operator') throw new AppError('insufficient_scope', 'This takes a console session.');
  return principal;
}
