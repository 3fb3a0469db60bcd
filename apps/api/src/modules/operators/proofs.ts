import type { StepUpRequest, VerifyRequest } from '@bastionary/contracts/proofs';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit } from '@bastionary/platform/audit';
import { UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GuessLimit } from '../../platform/guess-limit.js';
import { Limits } from '../../platform/limits/limits.js';
import { operatorOf, originOf } from '../../platform/principal.js';
import {
  CONFIG,
  type Config,
  DATABASE,
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
  LOGGER,
  type Logger,
} from '../../platform/providers.js';
import { Turns } from '../../platform/turns.js';
import { Writer } from '../../platform/writer.js';
import { ConsoleSessions, type SignedInSession } from './console-sessions.js';
import { invalidProof } from './invalid-proof.js';
import { Passkeys } from './passkeys.js';
import { useRecoveryCode } from './recovery-codes.js';
import { tooManyGuesses } from './too-many-guesses.js';
import { noteWrongCode, useTotpCode } from './totp.js';

type Proof = VerifyRequest & StepUpRequest;
/** Uses a proof up, in the transaction of what it allows. Whether it holds. */
type Use = (tx: Transaction) => Promise<boolean>;

// Whoever may guess has a session already: the operator is stopped wherever the guesses come from.
const ANYWHERE = '0.0.0.0';

/** Proofs of who sits there, in a session that exists: the second factor of a sign-in, and step-up. */
@Injectable()
export class Proofs {
  private readonly wrong: GuessLimit;
  private readonly turns = new Turns();

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly writer: Writer,
    private readonly sessions: ConsoleSessions,
    private readonly passkeys: Passkeys,
    limits: Limits,
  ) {
    this.wrong = new GuessLimit(limits, {
      kind: 'second_factor',
      attempts: config.SECOND_FACTOR_ATTEMPTS,
      attemptsPerAddress: Number.MAX_SAFE_INTEGER,
      windowSeconds: 900,
      refusal: tooManyGuesses('proofs'),
    });
  }

  /**
   * Takes a proof; the session goes on under a new cookie, and dangerous acts are open for a while.
   * @throws AppError invalid_sign_in, too_many_requests
   */
  async prove(request: FastifyRequest, proof: Proof, action: 'verified' | 'stepped_up'): Promise<SignedInSession> {
    const { operatorId, session } = operatorOf(request);
    // One after another, or guesses sent at once would all pass the check before one is counted.
    return this.turns.take(operatorId, async () => {
      await this.wrong.checkEverywhere(operatorId, ANYWHERE);
      try {
        const { method, use } = await this.read(operatorId, session.id, proof);
        return await this.writer.write(async (tx) => {
          if (!(await use(tx))) throw invalidProof(`a wrong or used ${method}`);
          const renewed = await this.sessions.renew(tx, session.digest);
          await appendAudit(tx, originOf(request), {
            action: `operator.${action}`,
            target: `operator:${operatorId}`,
            detail: { method },
          });
          return renewed;
        });
      } catch (error) {
        if (error instanceof AppError && error.code === 'invalid_sign_in') await this.noteWrong(request, proof, error);
        throw error;
      }
    });
  }

  private async read(operatorId: string, sessionId: string, proof: Proof): Promise<{ method: string; use: Use }> {
    const { password, code, recovery_code: recoveryCode, passkey } = proof;
    const now = new Date();
    if (passkey !== undefined) {
      const seen = await this.passkeys.readProof(passkey, { purpose: 'prove', operatorId, sessionId }, now);
      return { method: 'passkey', use: (tx) => this.passkeys.use(tx, seen, now) };
    }
    if (code !== undefined) {
      return { method: 'totp', use: (tx) => useTotpCode(tx, this.keys, operatorId, code, now) };
    }
    if (recoveryCode !== undefined) {
      return { method: 'recovery_code', use: (tx) => useRecoveryCode(tx, operatorId, recoveryCode, now) };
    }
    const operator = await this.db.operator.findUnique({ where: { id: operatorId } });
    const isRight = await verifyPassword(operator?.passwordHash ?? UNMATCHABLE_HASH, password ?? '');
    return { method: 'password', use: async () => isRight };
  }

  private async noteWrong(request: FastifyRequest, proof: Proof, error: AppError): Promise<void> {
    const { operatorId } = operatorOf(request);
    await this.wrong.record(operatorId, ANYWHERE);
    if (proof.code !== undefined) await noteWrongCode(this.db, operatorId);
    const reason = error.cause instanceof Error ? error.cause.message : undefined;
    this.logger.warn({ request_id: request.id, address: request.ip, operator_id: operatorId, reason }, 'proof refused');
  }
}
