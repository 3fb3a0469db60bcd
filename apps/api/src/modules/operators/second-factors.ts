import type { Role } from '@bastionary/contracts/operators';
import type { AddedFactor, AddPasskeyRequest, SecondFactors, TotpEnrolment } from '@bastionary/contracts/proofs';
import { toInstant } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { type AuditEntry, appendAudit } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { operatorOf, originOf } from '../../platform/principal.js';
import {
  CONFIG,
  type Config,
  DATABASE,
  type Database,
  ENCRYPTION_KEYS,
  type KeyEncryptionKeys,
} from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { lockOperator } from './operator-rows.js';
import { Passkeys } from './passkeys.js';
import { countRecoveryCodes, replaceRecoveryCodes } from './recovery-codes.js';
import { hasSecondFactor, needsSecondFactor } from './session-stage.js';
import { toPasskey } from './session-views.js';
import { endSessions } from './sessions.js';
import { beginTotp, confirmTotp } from './totp.js';

/** What an operator does with their own second factors. Every change of them ends the operator's other sessions. */
@Injectable()
export class OwnSecondFactors {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    private readonly writer: Writer,
    private readonly passkeys: Passkeys,
  ) {}

  async read(request: FastifyRequest): Promise<SecondFactors> {
    const { operatorId } = operatorOf(request);
    const { role, totp, passkeys } = await this.db.operator.findUniqueOrThrow({
      where: { id: operatorId },
      include: { totp: true, passkeys: { orderBy: { id: 'asc' } } },
    });
    const since = totp?.confirmedAt;
    return {
      required: needsSecondFactor(this.config.REQUIRE_SECOND_FACTOR, role as Role),
      totp: since ? { since: toInstant(since) } : null,
      passkeys: passkeys.map(toPasskey),
      passkeys_available: this.passkeys.areAvailable,
      recovery_codes_left: await countRecoveryCodes(this.db, operatorId),
    };
  }

  beginTotp(request: FastifyRequest): Promise<TotpEnrolment> {
    const { operatorId: id } = operatorOf(request);
    return this.writer.write(async (tx) => {
      const { email, name } = await this.lock(tx, id);
      const issuer = `Bastionary (${new URL(this.config.ISSUER_URL).hostname})`;
      return beginTotp(tx, this.keys, { id, label: email ?? name, issuer }, new Date());
    });
  }

  confirmTotp(request: FastifyRequest, code: string): Promise<AddedFactor> {
    const { operatorId } = operatorOf(request);
    return this.writer.writeOnce(request, async (tx) => {
      const now = new Date();
      await this.lock(tx, operatorId);
      await confirmTotp(tx, this.keys, operatorId, code, now);
      return {
        passkey: null,
        recovery_codes: await this.added(tx, request, { action: 'operator.totp_enrolled' }, now),
      };
    });
  }

  async removeTotp(request: FastifyRequest): Promise<void> {
    const { operatorId } = operatorOf(request);
    await this.writer.write(async (tx) => {
      await this.lock(tx, operatorId);
      const { count } = await tx.operatorTotp.deleteMany({ where: { operatorId } });
      if (count === 0) throw new AppError('not_found', 'There is no authenticator app to remove.');
      await this.removed(tx, request, { action: 'operator.totp_removed' });
    });
  }

  replaceRecoveryCodes(request: FastifyRequest): Promise<{ recovery_codes: string[] }> {
    const { operatorId } = operatorOf(request);
    return this.writer.writeOnce(request, async (tx) => {
      if (!hasSecondFactor(await this.lock(tx, operatorId))) {
        throw new AppError('invalid_request', 'Recovery codes stand in for a second factor. Enrol one first.');
      }
      await this.audit(tx, request, { action: 'operator.recovery_codes_made' });
      return { recovery_codes: await replaceRecoveryCodes(tx, operatorId, new Date()) };
    });
  }

  async askToRegister(request: FastifyRequest) {
    const { operatorId, session } = operatorOf(request);
    const operator = await this.db.operator.findUniqueOrThrow({ where: { id: operatorId } });
    const ceremony = { purpose: 'register', operatorId, sessionId: session.id } as const;
    return this.passkeys.askToRegister(ceremony, operator, new Date());
  }

  async addPasskey(request: FastifyRequest, { name, attestation }: AddPasskeyRequest): Promise<AddedFactor> {
    const { operatorId, session } = operatorOf(request);
    const now = new Date();
    const ceremony = { purpose: 'register', operatorId, sessionId: session.id } as const;
    const made = await this.passkeys.readRegistration(attestation, ceremony, now);
    return this.writer.write(async (tx) => {
      await this.lock(tx, operatorId);
      const row = await this.passkeys.add(tx, operatorId, name, made, now);
      const entry = { action: 'operator.passkey_added', detail: { passkey: row.id, name, synced: made.isSynced } };
      return { passkey: toPasskey(row), recovery_codes: await this.added(tx, request, entry, now) };
    });
  }

  renamePasskey(request: FastifyRequest, id: string, name: string) {
    const { operatorId } = operatorOf(request);
    return this.writer.write(async (tx) => {
      const [row] = await tx.passkey.updateManyAndReturn({ where: { id, operatorId }, data: { name } });
      if (row === undefined) throw noPasskey();
      await this.audit(tx, request, { action: 'operator.passkey_renamed', detail: { passkey: id, name } });
      return toPasskey(row);
    });
  }

  async removePasskey(request: FastifyRequest, id: string): Promise<void> {
    const { operatorId } = operatorOf(request);
    await this.writer.write(async (tx) => {
      await this.lock(tx, operatorId);
      const { count } = await tx.passkey.deleteMany({ where: { id, operatorId } });
      if (count === 0) throw noPasskey();
      await this.removed(tx, request, { action: 'operator.passkey_removed', detail: { passkey: id } });
    });
  }

  private async lock(tx: Transaction, operatorId: string) {
    const operator = await lockOperator(tx, operatorId);
    if (operator === null) throw new AppError('unauthenticated', 'This session has ended. Sign in again.');
    return operator;
  }

  // The first second factor brings recovery codes; who has some keeps them.
  private async added(tx: Transaction, request: FastifyRequest, entry: Entry, now: Date): Promise<string[] | null> {
    const { operatorId, session } = operatorOf(request);
    await endSessions(tx, operatorId, session.id);
    await this.audit(tx, request, entry);
    return (await countRecoveryCodes(tx, operatorId)) > 0 ? null : replaceRecoveryCodes(tx, operatorId, now);
  }

  private async removed(tx: Transaction, request: FastifyRequest, entry: Entry): Promise<void> {
    const { operatorId, session } = operatorOf(request);
    await endSessions(tx, operatorId, session.id);
    if (!hasSecondFactor(await this.lock(tx, operatorId))) await tx.recoveryCode.deleteMany({ where: { operatorId } });
    await this.audit(tx, request, entry);
  }

  private audit(tx: Transaction, request: FastifyRequest, entry: Entry): Promise<void> {
    return appendAudit(tx, originOf(request), { ...entry, target: `operator:${operatorOf(request).operatorId}` });
  }
}

type Entry = Omit<AuditEntry, 'target'>;

const noPasskey = (): AppError =>
  new AppError('not_found', 'You have no such passkey. GET /api/session/second-factors lists them.');
