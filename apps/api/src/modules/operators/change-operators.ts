import type { InviteRequest, Role, UpdateOperatorRequest } from '@bastionary/contracts/operators';
import { mayGrantRole, ROLE_PERMISSIONS } from '@bastionary/contracts/permissions';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { InsufficientScope } from '../../platform/bearer-error.js';
import type { Principal } from '../../platform/principal.js';
import { isTakenUp, type LockedOperator, lockOperator } from './operator-rows.js';
import { endSessions } from './sessions.js';

/** Who asks for a change of operators, and under what they stand in the audit log. */
export interface Asker {
  readonly principal: Principal;
  readonly origin: Origin;
}

/**
 * Invites a person: an operator without password, who signs in by a one-time link. Returns the new id.
 * @throws AppError operator_exists; insufficient_scope for a role that the asker may not give
 */
export async function inviteOperator(tx: Transaction, asker: Asker, request: InviteRequest, now: Date) {
  const { email, name, role } = request;
  await checkMayTouch(tx, asker, role);
  const id = newId('opr', now.getTime());
  const data = { id, email, name, role, passwordHash: null, createdAt: now };
  const { count } = await tx.operator.createMany({ data, skipDuplicates: true });
  if (count === 0) {
    throw new AppError('operator_exists', 'Another operator has this e-mail address.', {
      faults: [{ path: '/email', code: 'taken', message: 'is taken' }],
    });
  }
  await appendAudit(tx, asker.origin, {
    action: 'operator.invited',
    target: target(id),
    detail: { email, name, role },
  });
  return id;
}

/**
 * Changes name, role or status. Another role or a suspension ends every session of the operator in the same transaction.
 * @throws AppError not_found, version_mismatch, last_owner, insufficient_scope
 */
export async function updateOperator(
  tx: Transaction,
  asker: Asker,
  id: string,
  request: UpdateOperatorRequest,
  version: number | undefined,
): Promise<void> {
  const operator = await lockForChange(tx, asker, id);
  if (version !== undefined && version !== operator.version) {
    throw new AppError('version_mismatch', 'The operator has changed since you read it. Read it again.');
  }
  const { name = operator.name, role = operator.role as Role, status = operator.status } = request;
  const changed = Object.entries({ name, role, status }).filter(([key, value]) => operator[key as 'name'] !== value);
  if (changed.length === 0) return;
  if (role !== operator.role) await checkMayTouch(tx, asker, role);
  if (role !== 'owner' || status !== 'active') await checkNotLastOwner(tx, operator);
  await tx.operator.update({ where: { id }, data: { name, role, status, version: { increment: 1 } } });
  if (status === 'suspended') await tx.signInLink.deleteMany({ where: { operatorId: id, usedAt: null } });
  const mustEnd = role !== operator.role || status !== operator.status;
  const ended = mustEnd ? await endSessions(tx, id) : 0;
  const before = Object.fromEntries(changed.map(([key]) => [key, operator[key as 'name']]));
  const detail = { before, after: Object.fromEntries(changed), ...(mustEnd && { sessions_ended: ended }) };
  await appendAudit(tx, asker.origin, { action: 'operator.updated', target: target(id), detail });
}

/** Deletes an operator with sessions, links and second factors. @throws AppError not_found, last_owner, insufficient_scope */
export async function deleteOperator(tx: Transaction, asker: Asker, id: string): Promise<void> {
  const operator = await lockForChange(tx, asker, id);
  await checkNotLastOwner(tx, operator);
  await tx.operator.delete({ where: { id } });
  const { email, name, role } = operator;
  await appendAudit(tx, asker.origin, {
    action: 'operator.deleted',
    target: target(id),
    detail: { email, name, role },
  });
}

/** Ends every session of an operator. @throws AppError not_found, insufficient_scope */
export async function endSessionsOf(tx: Transaction, asker: Asker, id: string): Promise<void> {
  await lockForChange(tx, asker, id);
  const ended = await endSessions(tx, id);
  await appendAudit(tx, asker.origin, { action: 'operator.sessions_ended', target: target(id), detail: { ended } });
}

/** Takes every second factor from an operator who lost them, and ends the sessions. @throws AppError not_found, insufficient_scope */
export async function removeSecondFactorsOf(tx: Transaction, asker: Asker, id: string): Promise<void> {
  const { totp, _count } = await lockForChange(tx, asker, id);
  await removeSecondFactors(tx, id);
  const detail = { totp: totp !== null, passkeys: _count.passkeys, sessions_ended: await endSessions(tx, id) };
  await appendAudit(tx, asker.origin, { action: 'operator.second_factors_removed', target: target(id), detail });
}

export async function removeSecondFactors(tx: Transaction, operatorId: string): Promise<void> {
  await tx.operatorTotp.deleteMany({ where: { operatorId } });
  await tx.passkey.deleteMany({ where: { operatorId } });
  await tx.recoveryCode.deleteMany({ where: { operatorId } });
}

/**
 * Holds the operator, the one who asks, and every owner, always in the same order: two owners who take the role from each
 * other at the same moment come one after the other.
 * @throws AppError not_found; insufficient_scope for an operator above the asker
 */
export async function lockForChange(tx: Transaction, asker: Asker, id: string): Promise<LockedOperator> {
  const own = asker.principal.kind === 'operator' ? asker.principal.operatorId : id;
  await tx.$queryRaw`SELECT id FROM operator WHERE id IN (${own}, ${id}) OR role = 'owner' ORDER BY id FOR UPDATE`;
  const operator = await lockOperator(tx, id);
  if (operator === null) throw new AppError('not_found', 'There is no such operator. GET /api/operators lists them.');
  await checkMayTouch(tx, asker, operator.role as Role);
  return operator;
}

// By the role as it is now: what the guard saw may have been taken away since.
async function checkMayTouch(tx: Transaction, { principal }: Asker, role: Role): Promise<void> {
  let own: Role | null = null;
  let { permissions } = principal;
  if (principal.kind === 'operator') {
    const asking = await lockOperator(tx, principal.operatorId);
    own = (asking?.role ?? null) as Role | null;
    permissions = new Set<string>(own === null || asking?.status !== 'active' ? [] : ROLE_PERMISSIONS[own]);
    if (!permissions.has('operators:write')) throw new InsufficientScope('operators:write');
  }
  if (mayGrantRole(own, permissions, role)) return;
  const why =
    role === 'owner' ? 'Only an owner makes, changes or removes owners.' : `You may not do all that ${role} may.`;
  throw new AppError('insufficient_scope', why);
}

// An owner who was invited and never came is nobody who could let anybody in.
async function checkNotLastOwner(tx: Transaction, operator: LockedOperator): Promise<void> {
  if (operator.role !== 'owner' || operator.status !== 'active') return;
  const others = await tx.operator.findMany({
    where: { role: 'owner', status: 'active', id: { not: operator.id } },
    include: { _count: { select: { passkeys: true } } },
  });
  if (others.some(isTakenUp)) return;
  throw new AppError('last_owner', 'This is the last owner who can sign in. Make another one first.');
}

const target = (id: string): string => `operator:${id}`;
