import type { Session, SetPasswordRequest, SignInRequest } from '@bastionary/contracts/operators';
import type { PasskeyAssertion } from '@bastionary/contracts/proofs';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit } from '@bastionary/platform/audit';
import { hashPassword, UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GuessLimit } from '../../platform/guess-limit.js';
import { Limits } from '../../platform/limits/limits.js';
import { operatorOf, originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database, LOGGER, type Logger } from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';
import { ConsoleSessions, type SignedInSession } from './console-sessions.js';
import { invalidProof } from './invalid-proof.js';
import { Passkeys } from './passkeys.js';
import { redeemLink } from './sign-in-links.js';
import { tooManyGuesses } from './too-many-guesses.js';

/** Signing in and out. */
@Injectable()
export class SessionService {
  private readonly wrong: GuessLimit;
  private readonly turns = new Turns();

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly writer: Writer,
    private readonly sessions: ConsoleSessions,
    private readonly passkeys: Passkeys,
    limits: Limits,
  ) {
    this.wrong = new GuessLimit(limits, {
      kind: 'sign_in',
      attempts: config.SIGN_IN_ATTEMPTS,
      attemptsPerAddress: config.SIGN_IN_ATTEMPTS_PER_ADDRESS,
      windowSeconds: 900,
      refusal: tooManyGuesses('passwords'),
    });
  }

  /** @throws AppError invalid_sign_in, the same for an unknown e-mail and a wrong password; too_many_requests */
  async signIn({ email, password }: SignInRequest, request: FastifyRequest): Promise<SignedInSession> {
    // Passwords are compared slowly: guesses sent at once wait for each other, or all would pass the check before one is counted.
    const operatorId = await this.turns.take(`${email} ${request.ip}`, () => this.recognise(email, password, request));
    return this.writer.write(async (tx) => {
      const signedIn = await this.sessions.open(tx, operatorId, { mustSetPassword: false, isProven: false }, request);
      await appendAudit(tx, originOf(request, `operator:${operatorId}`), {
        action: 'operator.signed_in',
        target: `operator:${operatorId}`,
        detail: { method: 'password', ...(signedIn.view.must_verify && { second_factor: 'still to be shown' }) },
      });
      return signedIn;
    });
  }

  private async recognise(email: string, password: string, request: FastifyRequest): Promise<string> {
    await this.wrong.checkEverywhere(email, request.ip);
    const operator = await this.db.operator.findUnique({ where: { email } });
    const right = await verifyPassword(operator?.passwordHash ?? UNMATCHABLE_HASH, password);
    if (operator?.status === 'active' && right) {
      this.wrong.prove(email, request.ip);
      return operator.id;
    }
    await this.wrong.record(email, request.ip);
    this.logger.warn(
      { request_id: request.id, address: request.ip, known: operator !== null, status: operator?.status },
      'sign-in refused',
    );
    throw new AppError('invalid_sign_in', 'The e-mail address or the password is wrong.');
  }

  /** Signs in whoever holds a passkey and could unlock it: that is two factors already. @throws AppError invalid_sign_in */
  async signInByPasskey(assertion: PasskeyAssertion, request: FastifyRequest): Promise<SignedInSession> {
    const now = new Date();
    try {
      const seen = await this.passkeys.readProof(assertion, null, now);
      const { operatorId } = seen;
      return await this.writer.write(async (tx) => {
        const signedIn = await this.sessions.open(tx, operatorId, { mustSetPassword: false, isProven: true }, request);
        if (!(await this.passkeys.use(tx, seen, now))) throw invalidProof('the counter has moved meanwhile');
        await appendAudit(tx, originOf(request, `operator:${operatorId}`), {
          action: 'operator.signed_in',
          target: `operator:${operatorId}`,
          detail: { method: 'passkey' },
        });
        return signedIn;
      });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'invalid_sign_in')) throw error;
      const reason = error.cause instanceof Error ? error.cause.message : error.message;
      this.logger.warn({ request_id: request.id, address: request.ip, reason }, 'sign-in refused');
      throw invalidProof(reason);
    }
  }

  async redeemLink(token: string, request: FastifyRequest): Promise<SignedInSession> {
    return this.writer.write(async (tx) => {
      const operatorId = await redeemLink(tx, (id) => originOf(request, `operator:${id}`), token, new Date());
      return this.sessions.open(tx, operatorId, { mustSetPassword: true, isProven: false }, request);
    });
  }

  /** @throws AppError operator_exists if another operator has the e-mail address; insufficient_scope without a one-time link */
  async setPassword({ email, name, password }: SetPasswordRequest, request: FastifyRequest): Promise<SignedInSession> {
    const { operatorId, session } = operatorOf(request);
    if (session.pending !== 'set_password')
      throw new AppError('insufficient_scope', 'Setting a password takes a session from a one-time link.');
    const passwordHash = await hashPassword(password);
    return this.writer.write(async (tx) => {
      if ((await tx.operator.count({ where: { email, id: { not: operatorId } } })) > 0) {
        throw new AppError('operator_exists', 'Another operator has this e-mail address.', {
          faults: [{ path: '/email', code: 'taken', message: 'is taken' }],
        });
      }
      // Whoever was faster with this session, or has ended it, has the last word.
      const { count } = await tx.operatorSession.deleteMany({ where: { digest: session.digest } });
      if (count === 0) throw new AppError('unauthenticated', 'This session has ended. Ask for another link.');
      await tx.operator.update({ where: { id: operatorId }, data: { email, name, passwordHash } });
      await tx.operatorSession.deleteMany({ where: { operatorId } });
      const signedIn = await this.sessions.open(tx, operatorId, { mustSetPassword: false, isProven: true }, request);
      await appendAudit(tx, originOf(request), {
        action: 'operator.password_set',
        target: `operator:${operatorId}`,
        detail: { email, name },
      });
      return signedIn;
    });
  }

  current(request: FastifyRequest): Promise<Session> {
    return this.sessions.view(this.db, operatorOf(request).session.digest);
  }

  async signOut(request: FastifyRequest): Promise<void> {
    const { operatorId, session } = operatorOf(request);
    await this.writer.write(async (tx) => {
      await tx.operatorSession.deleteMany({ where: { digest: session.digest } });
      await appendAudit(tx, originOf(request), { action: 'operator.signed_out', target: `operator:${operatorId}` });
    });
  }
}
